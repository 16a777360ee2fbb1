/**
 * What a runner's process finds in its environment: all of ours, secrets included, as it resolves the references.
 *
 * Bun's collector goes by the memory of the machine and lets garbage lie for long where there is much. Told of 192 MiB, a
 * runner that copies raw batches stays under 200 MB at the same CPU a record (see docs/design.md). Deno does not read it.
 */
export function runnerEnvironment(): NodeJS.ProcessEnv {
  return { BUN_JSC_forceRAMSize: String(192 << 20), ...process.env };
}
