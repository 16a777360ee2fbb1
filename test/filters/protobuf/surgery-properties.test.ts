/** Surgery on random payloads of random schemas against a reference that decodes, changes and compares (reference.ts). */

import { describe, expect, test } from "bun:test";
import { type DescMessage, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { FieldAction, FieldChange } from "../../../filters/fields/change.ts";
import type { JsonPath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import type { Surgeon } from "../../../filters/fields/surgeon.ts";
import { compileProtobuf } from "../../../filters/protobuf/compile.ts";
import { StraitError } from "../../../src/mod.ts";
import { conforms, dissect } from "./dissect.ts";
import { chooser, marks, NAMES, randomPayload, randomSchema } from "./random-schema.ts";
import {
  changeTexts,
  changeTree,
  comparable,
  decodeTree,
  keepTree,
  type MessageNode,
  type Node,
  select,
} from "./reference.ts";

/** Random cases for each property, and how long they may take on a busy machine. */
const RUNS = 600;
/** Few damaged payloads can be read. */
const DAMAGED_RUNS = 3000;
const TIMEOUT_MS = 60_000;

const segment = fc.record({
  descend: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 2, arbitrary: fc.constant(true) }),
  selector: fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom<string | number | null>(...NAMES, "userName", "homeCity") },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat({ max: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom("1", "2", "3", "4", "<0é>", "<1é>", "<2é>") },
  ),
});
const randomPath: fc.Arbitrary<JsonPath> = fc.array(segment, { minLength: 1, maxLength: 4 });
const randomPaths = fc.array(randomPath, { minLength: 1, maxLength: 4 });
const seed = fc.integer();

function payloadOf(desc: DescMessage, number: number): Uint8Array {
  const choose = chooser(number);
  return randomPayload(desc, choose, marks(choose));
}

function rulesOf(paths: readonly JsonPath[], changes: (index: number) => FieldChange): Selection {
  return {
    form: "fields",
    rules: paths.map((path, index) => ({ choice: { path }, change: changes(index), label: `rule ${index}` })),
  };
}

function operate(surgeon: Surgeon, payload: Uint8Array): Uint8Array {
  const before = payload.slice();
  const result = surgeon.operate(payload);
  expect(payload).toEqual(before);
  if (result === null) expect(surgeon.changed).toEqual([]);
  else expect(surgeon.changed).not.toEqual([]);
  return result ?? payload;
}

/** Pieces that are not in the input, in its order; none where all others are there as they were. */
function newPieces(
  desc: DescMessage,
  input: Uint8Array,
  output: Uint8Array,
  isMark: (piece: string) => boolean,
): string[] {
  const pieces = dissect(desc, input);
  let at = 0;
  return dissect(desc, output).filter((piece) => {
    if (isMark(piece)) return false;
    const found = pieces.indexOf(piece, at);
    if (found !== -1) at = found + 1;
    return found === -1;
  });
}

/** Null where decoders need not agree. */
function decodedIfSure(desc: DescMessage, payload: Uint8Array): MessageNode | null {
  try {
    return conforms(desc, payload) ? decodeTree(desc, payload) : null;
  } catch {
    return null;
  }
}

function textsIn(node: Node): string[] {
  switch (node.kind) {
    case "leaf":
      return node.scalar === ScalarType.STRING ? [node.value] : [];
    case "list":
      return node.items.flatMap(textsIn);
    case "map":
      return node.entries.flatMap(({ key, value }) => [...textsIn(key), ...textsIn(value)]);
    case "message":
      return [...node.members.values()].flatMap(textsIn);
  }
}

function includes(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).includes(text);
}

describe("surgery gives what decoding, changing and encoding gives", () => {
  test(
    "when fields are dropped, and no other byte is another one",
    () => {
      let changed = 0;
      fc.assert(
        fc.property(randomSchema, randomPaths, seed, (desc, paths, number) => {
          const payload = payloadOf(desc, number);
          const surgeon = compileProtobuf(
            desc,
            rulesOf(paths, () => ({ kind: "drop" })),
          );
          const result = operate(surgeon, payload);
          const before = decodeTree(desc, payload);
          const expected = changeTree(before, paths, () => undefined);
          expect(comparable(decodeTree(desc, result))).toEqual(comparable(expected));
          expect(newPieces(desc, payload, result, () => false)).toEqual([]);
          const chosen = paths.flatMap((path) => [...select(before, path)]);
          for (const text of chosen.flatMap(textsIn)) expect(includes(result, text)).toBe(false);
          if (result !== payload) changed++;
        }),
        { numRuns: RUNS },
      );
      expect(changed).toBeGreaterThan(RUNS / 10);
    },
    TIMEOUT_MS,
  );

  test(
    "when actions work on fields",
    () => {
      const action: FieldAction = {
        name: "mark",
        text: (text) => `#${text.length}`,
        number: () => "77777",
        bytes: () => new Uint8Array([0xde, 0xad]),
      };
      // 77777 as varint, zigzag, fixed, float and double; `#`; the bytes.
      const spellings = /(d1df04|a2bf09|d12f0100|80e89747|10fdf240| 23|dead)/;
      const mark = (node: Node): Node => {
        if (node.kind !== "leaf") throw new TypeError("an action is for single values");
        if (node.scalar === ScalarType.STRING) return { ...node, value: `#${node.value.length}` };
        return { ...node, value: node.scalar === ScalarType.BYTES ? "dead" : "77777" };
      };
      let changed = 0;
      fc.assert(
        fc.property(randomSchema, randomPaths, fc.nat({ max: 15 }), seed, (desc, paths, drops, number) => {
          const change = (index: number): FieldChange =>
            (drops >> index) & 1 ? { kind: "drop" } : { kind: "act", action };
          const payload = payloadOf(desc, number);
          let surgeon: Surgeon;
          try {
            surgeon = compileProtobuf(desc, rulesOf(paths, change));
          } catch (error) {
            expect(error).toMatchObject({ code: "filter-invalid" });
            return fc.pre(false);
          }
          const result = operate(surgeon, payload);
          const expected = changeTree(decodeTree(desc, payload), paths, (node, rule) =>
            change(rule).kind === "drop" ? undefined : mark(node),
          );
          expect(comparable(decodeTree(desc, result))).toEqual(comparable(expected));
          expect(newPieces(desc, payload, result, (piece) => spellings.test(piece))).toEqual([]);
          if (result !== payload) changed++;
        }),
        { numRuns: RUNS },
      );
      expect(changed).toBeGreaterThan(RUNS / 10);
    },
    TIMEOUT_MS,
  );

  test(
    "when an allow-list is kept",
    () => {
      let kept = 0;
      fc.assert(
        fc.property(randomSchema, randomPaths, seed, (desc, paths, number) => {
          const payload = payloadOf(desc, number);
          const result = operate(compileProtobuf(desc, { form: "keep", paths, label: "(not listed)" }), payload);
          const before = decodeTree(desc, payload);
          const expected = keepTree(before, paths);
          expect(comparable(decodeTree(desc, result))).toEqual(comparable(expected));
          expect(newPieces(desc, payload, result, () => false)).toEqual([]);
          if (result.length > 0 && result.length < payload.length) kept++;
        }),
        { numRuns: RUNS },
      );
      expect(kept).toBeGreaterThan(RUNS / 10);
    },
    TIMEOUT_MS,
  );

  test(
    "when every text is changed",
    () => {
      const change = (text: string): string => `#${Buffer.from(text).toString("hex")}`;
      fc.assert(
        fc.property(randomSchema, seed, (desc, number) => {
          const payload = payloadOf(desc, number);
          const action: FieldAction = { name: "spell", text: change };
          const surgeon = compileProtobuf(desc, { form: "texts", change: { kind: "act", action }, label: "texts" });
          const result = operate(surgeon, payload);
          const before = decodeTree(desc, payload);
          expect(comparable(decodeTree(desc, result))).toEqual(comparable(changeTexts(before, change)));
          expect(newPieces(desc, payload, result, (piece) => piece.includes(" 23"))).toEqual([]);
          for (const text of textsIn(before)) expect(includes(result, text)).toBe(false);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

describe("a payload that was damaged at random", () => {
  test(
    "fails without content in the error, or nothing chosen is left in it",
    () => {
      const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      });
      let passed = 0;
      fc.assert(
        fc.property(randomSchema, randomPaths, fc.boolean(), seed, damage, (desc, paths, keep, number, changes) => {
          const bytes = [...payloadOf(desc, number)];
          for (const { at, byte, cut } of changes) bytes.splice(at % (bytes.length + 1), 1, ...(cut ? [] : [byte]));
          const selection: Selection = keep
            ? { form: "keep", paths, label: "(not listed)" }
            : rulesOf(paths, () => ({ kind: "drop" }));
          const surgeon = compileProtobuf(desc, selection);
          let result: Uint8Array;
          try {
            result = operate(surgeon, new Uint8Array(bytes));
          } catch (error) {
            if (!(error instanceof StraitError)) throw error;
            expect(error.code).toBe("filter-failed");
            expect(error.message).not.toMatch(/<[0-9]/);
            return;
          }
          // Which elements an index means depends on what was taken out before them.
          const counts = paths.some((path) => path.some(({ selector }) => typeof selector === "number"));
          const tree = counts || keep ? null : decodedIfSure(desc, result);
          if (tree !== null) {
            for (const path of paths) expect([...select(tree, path)]).toEqual([]);
            passed++;
          }
        }),
        { numRuns: DAMAGED_RUNS },
      );
      expect(passed).toBeGreaterThan(DAMAGED_RUNS / 60);
    },
    TIMEOUT_MS,
  );

  test(
    "of nothing but random bytes fails, or is changed as one of the schema",
    () => {
      fc.assert(
        fc.property(randomSchema, randomPaths, fc.uint8Array({ maxLength: 64 }), (desc, paths, bytes) => {
          const surgeon = compileProtobuf(
            desc,
            rulesOf(paths, () => ({ kind: "drop" })),
          );
          try {
            const result = surgeon.operate(bytes);
            if (result !== null) expect(result.length).toBeLessThan(bytes.length);
          } catch (error) {
            expect(error).toMatchObject({ code: "filter-failed" });
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
