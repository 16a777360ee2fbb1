/** Lets a filter file import from `strait` wherever it lies, and always from the strait that runs it. */

/** The part of Bun's plugin interface that is used (bun-types, `PluginBuilder.module`). */
interface PluginHost {
  plugin(plugin: { name: string; setup(build: PluginBuilder): void }): unknown;
}

interface PluginBuilder {
  module(specifier: string, load: () => Promise<{ exports: Record<string, unknown>; loader: "object" }>): unknown;
}

/**
 * Makes `strait` the module src/mod.ts for every file that is loaded from now on, also where no `node_modules` leads to
 * it or where one leads to another copy, whose `StraitError` would not be ours. Calling it again changes nothing. Runtimes
 * other than Bun have no such hook: there a file finds `strait` as it finds any package.
 */
export function provideStraitModule(): void {
  const host = (globalThis as { Bun?: PluginHost }).Bun;
  host?.plugin({
    name: "strait",
    setup: (build) =>
      build.module("strait", async () => ({ exports: { ...(await import("../mod.ts")) }, loader: "object" })),
  });
}
