/** librdkafka, opened: found or built once per process. */

import { findLibrary } from "./find-library.ts";
import { currentRuntime, type NativeRuntime } from "./runtime.ts";
import { type NativeFunctions, SYMBOLS } from "./symbols.ts";

/** The functions of symbols.ts, with the runtime that reads what they return. */
export interface NativeLibrary extends NativeFunctions {
  readonly runtime: NativeRuntime;
  /** The file it was loaded from. */
  readonly path: string;
  /** For example "2.15.1". */
  readonly version: string;
}

let opened: Promise<NativeLibrary> | undefined;

/**
 * Opens librdkafka on first use, building it if need be (about a minute, progress on stderr).
 * Rejects with `library-not-found` or `library-build-failed`, listing where it looked.
 */
export function openLibrary(): Promise<NativeLibrary> {
  opened ??= open();
  return opened;
}

async function open(): Promise<NativeLibrary> {
  const runtime = await currentRuntime();
  const { path, functions, version } = await findLibrary(runtime, SYMBOLS);
  return { ...functions, runtime, path, version };
}
