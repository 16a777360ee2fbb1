import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { END, ITEM, JsonTape, NAME_END, NEXT, START, STRIDE } from "../../../filters/json/tape.ts";
import { decodeString } from "../../../filters/json/text.ts";
import { jsonText } from "./arbitrary-json.ts";
import { type Node, parseReference, withDescendants } from "./reference.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

interface Entry {
  readonly name: string | null;
  /** The bytes of the value, and those of the member or element. */
  readonly value: string;
  readonly item: string;
  /** How many values are in it. */
  readonly below: number;
}

function outlineOf(text: string): Entry[] {
  const bytes = encoder.encode(text);
  const tape = new JsonTape();
  tape.read(bytes);
  const slice = (start: number, end: number): string => decoder.decode(bytes.subarray(start, end));
  const entries: Entry[] = [];
  for (let entry = 0; entry < tape.cells[NEXT]!; entry += STRIDE) {
    const [item, nameEnd, start, end, next] = [ITEM, NAME_END, START, END, NEXT].map(
      (cell) => tape.cells[entry + cell]!,
    );
    entries.push({
      name: nameEnd === 0 ? null : decodeString(bytes, item!, nameEnd! < 0 ? ~nameEnd! : nameEnd!),
      value: slice(start!, end!),
      item: slice(item!, end!),
      below: (next! - entry) / STRIDE - 1,
    });
  }
  return entries;
}

function referenceOf(node: Node, name: string | null = null, label = ""): Entry[] {
  return [
    { name, value: node.raw, item: label + node.raw, below: withDescendants(node).length - 1 },
    ...node.items.flatMap((item) => referenceOf(item.node, item.name, item.label)),
  ];
}

describe("the outline of a text", () => {
  test("has every value with its name, in the order of the text", () => {
    fc.assert(
      fc.property(jsonText(), (text) => {
        expect(outlineOf(text)).toEqual(referenceOf(parseReference(text).root));
      }),
      { numRuns: 1000 },
    );
  });

  test("says of each name whether it holds an escape", () => {
    const tape = new JsonTape();
    tape.read(encoder.encode('{"a":1,"\\u0061":2}'));
    expect([tape.cells[STRIDE + NAME_END], tape.cells[2 * STRIDE + NAME_END]]).toEqual([4, ~15]);
  });

  test("is that of the text alone after a large one was read", () => {
    const tape = new JsonTape();
    tape.read(encoder.encode(`[${"1,".repeat(200_000)}1]`));
    expect(() => tape.read(encoder.encode("[1"))).toThrow("at byte 2");
    tape.read(encoder.encode("[1]"));
    expect([...tape.cells.subarray(0, 2 * STRIDE)]).toEqual([0, 0, 0, 3, 2 * STRIDE, 1, 0, 1, 2, 2 * STRIDE]);
  });
});
