/** A command used wrongly: told without a stack, exit code 2. */

export class UsageError extends Error {}
