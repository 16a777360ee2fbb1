/** What a runner's process finds in its environment. */

/**
 * Bun's collector goes by the memory of the machine and lets garbage lie for long where there is much. Told of this, a runner
 * that redacts takes 25 MB less than told of 24 GiB, at the same CPU a record; told of much less, it is at work half of the
 * time (see docs/design.md).
 */
const COLLECTED_AS_IF = 512 << 20;

/**
 * All of ours, secrets included, as a runner resolves the references, and how its collector is to work, unless ours says so
 * already. Deno does not read it.
 */
export function runnerEnvironment(): NodeJS.ProcessEnv {
  return { BUN_JSC_forceRAMSize: String(COLLECTED_AS_IF), ...process.env };
}
