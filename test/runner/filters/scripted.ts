/** A filter that does what its options say to records whose value contains `when`, and keeps the others. */

import {
  defineFilter,
  drop,
  type FilterResult,
  type KafkaRecord,
  keep,
  replace,
  StraitError,
  Type,
} from "../../../src/mod.ts";

const text = new TextDecoder();
const bytes = new TextEncoder();
const textOf = ({ value }: KafkaRecord) => (value === null ? "" : text.decode(value));

type Behaviour = (record: KafkaRecord, options: { readonly argument: unknown }) => unknown;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  append: (record, { argument }) => replace({ value: bytes.encode(`${textOf(record)}${argument}`) }, ["$.end"]),
  "set key": (_record, { argument }) => replace({ key: bytes.encode(String(argument)) }, ["key"]),
  "add header": ({ headers }, { argument }) =>
    replace({ headers: [...headers, { name: String(argument), value: null }] }, ["headers"]),
  /** Parts that are there and undefined, as JavaScript has them easily. */
  "touch nothing": () => ({ verb: "replace", key: undefined, value: undefined, headers: undefined, changed: [] }),
  drop: () => drop,
  /** With content in the message, which a filter must not do. */
  throw: (record) => {
    throw new TypeError(`cannot read ${textOf(record)}`);
  },
  "throw text": (record) => {
    throw textOf(record);
  },
  "throw what strait throws": () => {
    throw new StraitError("filter-failed", "the value is not JSON at byte 3");
  },
  "throw another of strait's": (record) => {
    throw new StraitError("kafka", `cannot write ${textOf(record)}`);
  },
  "never answer": () => new Promise(() => {}),
  answer: (_record, { argument }) => argument,
};

export default defineFilter({
  name: "scripted",
  description: "Does what a test tells it to.",
  options: Type.Object({
    does: Type.String(),
    when: Type.Optional(Type.String()),
    argument: Type.Optional(Type.Unknown()),
    /** Answers later, and fails where it is given a record before it has answered for the one before. */
    later: Type.Optional(Type.Boolean()),
  }),
  create: ({ does, when = "", argument, later = false }) => {
    const behaviour = BEHAVIOURS[does];
    if (behaviour === undefined) throw new Error(`no behaviour "${does}"`);
    const apply = (record: KafkaRecord) => {
      if (!textOf(record).includes(when)) return keep;
      return behaviour(record, { argument }) as FilterResult;
    };
    if (!later) return { apply };
    let busy = false;
    return {
      apply: async (record) => {
        if (busy) throw new Error("two records at a time");
        busy = true;
        await new Promise(setImmediate);
        busy = false;
        return apply(record);
      },
    };
  },
});
