/** The thin seam between the binding and the JavaScript runtime's foreign function interface. */

import type { NativeFunctions, NativeSignature } from "./symbols.ts";

/** What a runtime must offer. All addresses are numbers; see symbols.ts. */
export interface NativeRuntime {
  readonly name: "bun" | "deno";
  /** Opens a shared library for the life of the process. Throws the loader's own error. */
  open<Table extends Record<string, NativeSignature>>(path: string, table: Table): NativeFunctions<Table>;
  /** Where the array's bytes are. Valid while the array is reachable; the caller keeps it so. */
  addressOf(array: NodeJS.TypedArray): number;
  readI32(address: number, offset: number): number;
  /** Reads an unsigned 64-bit value or pointer as a number. */
  readU64(address: number, offset: number): number;
  /** Reads a signed 64-bit value as a number. */
  readI64(address: number, offset: number): number;
  /** A writable view of foreign memory; must not be used once the memory may be freed. */
  view(address: number, length: number): Uint8Array<ArrayBuffer>;
  /** Copies a NUL-terminated UTF-8 string. "" for address 0. */
  readCString(address: number): string;
}

/** The runtime this process runs on. */
export async function currentRuntime(): Promise<NativeRuntime> {
  if ("Bun" in globalThis) return (await import("./runtime-bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("./runtime-deno.ts")).denoRuntime;
  throw new Error("strait needs Bun or Deno: this JavaScript runtime has no foreign function interface it can use");
}
