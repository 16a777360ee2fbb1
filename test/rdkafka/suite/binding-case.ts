/** The tests of the native binding that run on every runtime: plain functions that only use node:assert. */

import { BlockingCalls } from "../../../src/rdkafka/blocking-calls.ts";
import { type NativeLibrary, openLibrary } from "../../../src/rdkafka/library.ts";
import { Wakeup } from "../../../src/rdkafka/wakeup.ts";
import type { TestCluster } from "../../support/test-cluster.ts";

/** What cases share. */
export interface BindingContext {
  readonly library: NativeLibrary;
  readonly wakeup: Wakeup;
  readonly blocking: BlockingCalls;
  /** A real cluster; not to be stopped. */
  readonly cluster: TestCluster;
}

export interface BindingCase {
  /** A sentence of behaviour; unique. */
  readonly title: string;
  readonly run: (context: BindingContext) => void | Promise<void>;
}

export interface OpenContext extends BindingContext {
  close(): void;
}

/** Opens what cases share, for a cluster at these bootstrap servers. */
export async function openContext(bootstrap: string): Promise<OpenContext> {
  const library = await openLibrary();
  const wakeup = await Wakeup.open(library);
  const blocking = new BlockingCalls(library);
  return {
    library,
    wakeup,
    blocking,
    cluster: { bootstrap, control: null, close: async () => {} },
    close: () => {
      blocking.close();
      wakeup.close();
    },
  };
}

/** Has the runtime collect garbage now. Deno offers it when started with --v8-flags=--expose-gc. */
export function collectGarbage(): void {
  const { Bun: bun, gc } = globalThis as { Bun?: { gc(force: boolean): void }; gc?: () => void };
  if (bun) bun.gc(true);
  else if (gc) gc();
  else throw new Error("this runtime offers no garbage collection on demand");
}
