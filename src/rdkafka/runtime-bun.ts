/** The native seam on Bun (bun:ffi). */

import { CString, dlopen, type FFIFunction, FFIType, type Pointer, ptr, read, toArrayBuffer } from "bun:ffi";
import type { NativeRuntime } from "./runtime.ts";
import type { NativeFunctions, NativeSignature, NativeType } from "./symbols.ts";

/** `i64_fast` returns a number instead of a bigint where it fits, which offsets and lengths do. */
const TYPES: Record<NativeType, FFIType> = {
  void: FFIType.void,
  i32: FFIType.i32,
  i64: FFIType.i64_fast,
  address: FFIType.ptr,
  buffer: FFIType.ptr,
};

export const bunRuntime: NativeRuntime = {
  name: "bun",
  open<Table extends Record<string, NativeSignature>>(path: string, table: Table) {
    const declarations: Record<string, FFIFunction> = {};
    for (const [name, { args, returns }] of Object.entries(table)) {
      declarations[name] = {
        args: args.map((type) => TYPES[type]),
        // An address comes back as a plain integer, so that NULL is 0 and not null.
        returns: returns === "address" ? FFIType.u64_fast : TYPES[returns],
      };
    }
    return dlopen(path, declarations).symbols as unknown as NativeFunctions<Table>;
  },
  addressOf: (array) => ptr(array),
  readI32: (address, offset) => read.i32(address as Pointer, offset),
  readU64: (address, offset) => read.ptr(address as Pointer, offset),
  readI64: (address, offset) =>
    read.u32(address as Pointer, offset) + read.i32(address as Pointer, offset + 4) * 4294967296,
  // Bun refuses to view no bytes.
  view: (address, length) =>
    length === 0 ? new Uint8Array() : new Uint8Array(toArrayBuffer(address as Pointer, 0, length)),
  readCString: (address) => (address === 0 ? "" : new CString(address as Pointer).toString()),
};
