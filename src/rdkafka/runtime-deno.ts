/** The native seam on Deno (Deno.dlopen). */

import type { NativeRuntime } from "./runtime.ts";
import type { NativeFunctions, NativeSignature, NativeType } from "./symbols.ts";

/** The part of Deno's interface used here; declared so that the project needs no second set of global types. */
interface DenoFfi {
  dlopen(
    path: string,
    symbols: Record<string, { parameters: readonly string[]; result: string }>,
  ): { symbols: Record<string, (...args: unknown[]) => unknown> };
  UnsafePointer: {
    create(address: bigint): object | null;
    of(array: NodeJS.TypedArray): object | null;
    value(pointer: object | null): bigint;
  };
  UnsafePointerView: {
    new (pointer: object): { getInt32(offset: number): number; getBigInt64(offset: number): bigint };
    getArrayBuffer(pointer: object, length: number): ArrayBuffer;
    getCString(pointer: object): string;
  };
}
const deno = () => (globalThis as unknown as { Deno: DenoFfi }).Deno;

/** Addresses travel as integers of the same register class, which spares a pointer object per call. */
const TYPES = { void: "void", i32: "i32", i64: "i64", address: "u64", buffer: "buffer" } as const satisfies Record<
  NativeType,
  string
>;

const pointer = (address: number): object => {
  const created = deno().UnsafePointer.create(BigInt(address));
  if (created === null) throw new Error("read through a NULL pointer");
  return created;
};
const viewOf = (address: number) => new (deno().UnsafePointerView)(pointer(address));

export const denoRuntime: NativeRuntime = {
  name: "deno",
  open<Table extends Record<string, NativeSignature>>(path: string, table: Table) {
    const declarations: Record<string, { parameters: readonly string[]; result: string }> = {};
    for (const [name, { args, returns }] of Object.entries(table)) {
      declarations[name] = { parameters: args.map((type) => TYPES[type]), result: TYPES[returns] };
    }
    const { symbols } = deno().dlopen(path, declarations);
    const functions: Record<string, unknown> = {};
    for (const [name, { returns }] of Object.entries(table)) {
      const symbol = symbols[name] as (...args: unknown[]) => unknown;
      const wide = returns === "i64" || returns === "address";
      functions[name] = wide ? (...args: unknown[]) => Number(symbol(...args)) : symbol;
    }
    return functions as unknown as NativeFunctions<Table>;
  },
  addressOf: (array) => Number(deno().UnsafePointer.value(deno().UnsafePointer.of(array))),
  readI32: (address, offset) => viewOf(address).getInt32(offset),
  readU64: (address, offset) => Number(BigInt.asUintN(64, viewOf(address).getBigInt64(offset))),
  readI64: (address, offset) => Number(viewOf(address).getBigInt64(offset)),
  view: (address, length) => new Uint8Array(deno().UnsafePointerView.getArrayBuffer(pointer(address), length)),
  readCString: (address) => (address === 0 ? "" : deno().UnsafePointerView.getCString(pointer(address))),
};
