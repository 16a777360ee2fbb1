/** What filters decided is what arrives. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { drop, replace } from "../../../src/model/filter.ts";
import type { BindingCase } from "./binding-case.ts";
import { roundTrip } from "./transfer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | null | undefined) => bytes && new TextDecoder().decode(bytes);
const headersOf = (record: { headers: readonly { name: string; value: Uint8Array | null }[] } | undefined) =>
  record?.headers.map(({ name, value }) => [name, text(value)]);

const RECORD = { key: "key", value: "value", headers: [["header", "1"]], timestamp: 1_790_000_000_000 } as const;

export const editCases: readonly BindingCase[] = [
  {
    title: "a replaced value arrives with the key, headers and timestamp as they were",
    run: async (context) => {
      const [arrived] = await roundTrip(context, [RECORD], () => replace({ value: bytes("other") }));

      deepStrictEqual([text(arrived?.key), text(arrived?.value)], ["key", "other"]);
      deepStrictEqual(headersOf(arrived), [["header", "1"]]);
      strictEqual(arrived?.timestamp, RECORD.timestamp);
    },
  },
  {
    title: "a replaced key arrives with the value as it was",
    run: async (context) => {
      const [arrived] = await roundTrip(context, [RECORD], () => replace({ key: bytes("other") }));

      deepStrictEqual([text(arrived?.key), text(arrived?.value)], ["other", "value"]);
    },
  },
  {
    title: "a key and a value can be replaced by none and by empty ones",
    run: async (context) => {
      const parts = [
        { key: null, value: null },
        { key: new Uint8Array(), value: new Uint8Array() },
      ];

      const arrived = await roundTrip(context, [RECORD, RECORD], ({ offset }) => replace(parts[offset] ?? {}));

      deepStrictEqual(
        arrived.map(({ key, value }) => [text(key), text(value)]),
        [
          [null, null],
          ["", ""],
        ],
      );
    },
  },
  {
    title: "replaced headers arrive in order, with repeated and empty names, empty values and none",
    run: async (context) => {
      const headers = [
        { name: "größe", value: bytes("x") },
        { name: "again", value: null },
        { name: "again", value: new Uint8Array() },
        { name: "", value: bytes("without a name") },
      ];

      const [arrived] = await roundTrip(context, [RECORD], () => replace({ headers }));

      deepStrictEqual(headersOf(arrived), [
        ["größe", "x"],
        ["again", null],
        ["again", ""],
        ["", "without a name"],
      ]);
      strictEqual(text(arrived?.value), "value");
    },
  },
  {
    title: "headers replaced by an empty list are gone",
    run: async (context) => {
      const [arrived] = await roundTrip(context, [RECORD], () => replace({ headers: [] }));

      deepStrictEqual(arrived?.headers.length, 0);
    },
  },
  {
    title: "parts of larger arrays arrive as just these parts",
    run: async (context) => {
      const larger = bytes("..inside..");
      const inside = larger.subarray(2, 8);

      const [arrived] = await roundTrip(context, [RECORD], () =>
        replace({ key: inside, value: inside, headers: [{ name: "h", value: inside }] }),
      );

      deepStrictEqual(
        [text(arrived?.key), text(arrived?.value), headersOf(arrived)],
        ["inside", "inside", [["h", "inside"]]],
      );
    },
  },
  {
    title: "dropped records are missing and the others keep their order",
    run: async (context) => {
      const records = Array.from({ length: 3000 }, (_, index) => ({ value: String(index) }));

      const arrived = await roundTrip(context, records, ({ offset }) => (offset % 3 === 0 ? drop : null));

      deepStrictEqual(
        arrived.map(({ value }) => Number(text(value))),
        Array.from({ length: 3000 }, (_, index) => index).filter((index) => index % 3 !== 0),
      );
    },
  },
  {
    title: "where all records are dropped, none arrives",
    run: async (context) => {
      const arrived = await roundTrip(context, [RECORD, RECORD], () => drop);

      deepStrictEqual(arrived, []);
    },
  },
  {
    title: "small replacements of many records survive a collection before they are handed over",
    run: async (context) => {
      const records = Array.from({ length: 5000 }, (_, index) => ({ key: "k", value: String(index) }));

      const arrived = await roundTrip(context, records, ({ offset }) =>
        replace({
          key: bytes(`k${offset}`),
          value: bytes(`v${offset}`),
          headers: [{ name: "h", value: bytes(`h${offset}`) }],
        }),
      );

      deepStrictEqual(
        arrived.map((record) => [text(record.key), text(record.value), text(record.headers[0]?.value)]),
        records.map((_, index) => [`k${index}`, `v${index}`, `h${index}`]),
      );
    },
  },
];
