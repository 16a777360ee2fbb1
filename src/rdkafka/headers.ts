/** Record headers, to and from rd_kafka_headers_t. */

import type { RecordHeader } from "../model/record.ts";
import type { NativeLibrary } from "./library.ts";
import { STATUS } from "./status.ts";

/** Copies all headers, in order. Names that are not UTF-8 are read with replacement characters. */
export function readHeaders(library: NativeLibrary, headers: number): RecordHeader[] {
  const { runtime } = library;
  const name = new BigUint64Array(1);
  const value = new BigUint64Array(1);
  const size = new BigUint64Array(1);
  const read: RecordHeader[] = [];
  for (let index = 0; library.rd_kafka_header_get_all(headers, index, name, value, size) === STATUS.OK; index++) {
    const address = Number(value[0]);
    read.push({
      name: runtime.readCString(Number(name[0])),
      value: address === 0 ? null : copyBytes(library, address, Number(size[0])),
    });
  }
  return read;
}

/** Makes native headers; whoever gets them frees them (rd_kafka_headers_destroy) or hands them to produceva. */
export function createHeaders(library: NativeLibrary, headers: readonly RecordHeader[]): number {
  const made = library.rd_kafka_headers_new(headers.length);
  for (const { name, value } of headers) {
    const bytes = new TextEncoder().encode(name);
    // An empty array has no address of its own, and address 0 would mean a header without value.
    const held = value !== null && value.byteLength === 0 ? ONE_BYTE : value;
    const address = held === null ? 0 : library.runtime.addressOf(held);
    // The name's size is given, so it needs no NUL; an empty name still needs an address.
    library.rd_kafka_header_add(
      made,
      bytes.byteLength === 0 ? ONE_BYTE : bytes,
      bytes.byteLength,
      address,
      value?.byteLength ?? 0,
    );
  }
  return made;
}

const ONE_BYTE = new Uint8Array(1);

function copyBytes(library: NativeLibrary, address: number, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  if (length > 0) library.memcpy(library.runtime.addressOf(copy), address, length);
  return copy;
}
