/** The seam to the runtime: memory, strings, addresses. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openLibrary } from "../../../src/rdkafka/library.ts";
import { missingFeatures } from "../../../src/rdkafka/library-features.ts";
import { type BindingCase, collectGarbage } from "./binding-case.ts";

export const runtimeCases: readonly BindingCase[] = [
  {
    title: "the library opens once and tells its version",
    run: async ({ library }) => {
      strictEqual(await openLibrary(), await openLibrary());
      match(library.version, /^\d+\.\d+\.\d+/);
      const number = library.rd_kafka_version();
      const [major, minor] = library.version.split(".").map(Number);
      deepStrictEqual([number >>> 24, (number >>> 16) & 0xff], [major, minor]);
    },
  },
  {
    title: "the library tells its features",
    run: ({ library }) => {
      // It always has snappy, of its own.
      ok(missingFeatures(library).every(({ feature }) => feature !== "snappy compression"));
    },
  },
  {
    title: "numbers in native memory are read with their sign and all their digits",
    run: ({ library: { runtime } }) => {
      const memory = new DataView(new ArrayBuffer(64));
      memory.setInt32(0, -185, true);
      memory.setInt32(4, 2_147_483_647, true);
      memory.setBigInt64(8, -1001n, true);
      memory.setBigInt64(16, BigInt(Number.MAX_SAFE_INTEGER), true);
      memory.setBigUint64(24, 0x7fff_ffff_f000n, true);
      const bytes = new Uint8Array(memory.buffer);
      const address = runtime.addressOf(bytes);

      deepStrictEqual([runtime.readI32(address, 0), runtime.readI32(address, 4)], [-185, 2_147_483_647]);
      deepStrictEqual([runtime.readI64(address, 8), runtime.readI64(address, 16)], [-1001, Number.MAX_SAFE_INTEGER]);
      strictEqual(runtime.readU64(address, 24), 0x7fff_ffff_f000);
    },
  },
  {
    title: "a view of native memory reads and writes it",
    run: ({ library: { runtime } }) => {
      const bytes = Uint8Array.of(1, 2, 3, 4);

      const view = runtime.view(runtime.addressOf(bytes) + 1, 2);
      view[0] = 9;

      deepStrictEqual([...bytes], [1, 9, 3, 4]);
      deepStrictEqual([...view], [9, 3]);
    },
  },
  {
    title: "the address of a part of an array is that of its first byte",
    run: ({ library: { runtime } }) => {
      const bytes = new Uint8Array(16);

      strictEqual(runtime.addressOf(bytes.subarray(5)), runtime.addressOf(bytes) + 5);
    },
  },
  {
    title: "a C string is read as UTF-8, with replacement characters where it is none, and NULL as empty",
    run: ({ library: { runtime } }) => {
      const read = (...bytes: number[]) => {
        const held = Uint8Array.from(bytes);
        return runtime.readCString(runtime.addressOf(held));
      };

      strictEqual(read(...new TextEncoder().encode("größe 数\0rest")), "größe 数");
      strictEqual(read(0x61, 0xff, 0x62, 0), "a\ufffdb");
      strictEqual(read(0), "");
      strictEqual(runtime.readCString(0), "");
    },
  },
  {
    title: "arrays stay where they are while they are reachable, whatever is collected",
    run: ({ library: { runtime } }) => {
      // Small arrays live in the collected heap at first, which is where they could be moved.
      const arrays = Array.from({ length: 1000 }, (_, index) => Uint8Array.of(index, index >> 8));
      const addresses = arrays.map((array) => runtime.addressOf(array));

      for (let round = 0; round < 3; round++) {
        Array.from({ length: 10_000 }, () => new Uint8Array(16));
        collectGarbage();
      }

      deepStrictEqual(
        addresses.map((address) => [...runtime.view(address, 2)]),
        arrays.map((array) => [...array]),
      );
    },
  },
];
