/**
 * Avro data as trees of the pieces they are spelt in, so that the tests know what each byte is for: blocks in both forms,
 * integers longer than they need to be.
 */

import fc from "fast-check";
import type { FieldSpec, Gen, Spec } from "./random-schema.ts";

export type Leaf = {
  readonly kind: "leaf";
  readonly spec: Spec;
  readonly bytes: Uint8Array;
  /** As avsc has it. */
  readonly value: unknown;
};

export interface Block {
  /** As read; a block that still has so many items, and so many bytes of them, is spelt in the same way. */
  readonly countBytes: Uint8Array;
  readonly sizeBytes: Uint8Array | null;
  readonly count: number;
  readonly size: number;
  readonly items: readonly Item[];
}

export interface Item {
  /** Of maps. */
  readonly key: Leaf | null;
  readonly value: Datum;
}

export type Datum =
  | Leaf
  | {
      readonly kind: "record";
      readonly fields: readonly { readonly field: FieldSpec; readonly value: Datum }[];
      readonly spec: Spec;
    }
  | { readonly kind: "blocks"; readonly blocks: readonly Block[]; readonly end: Uint8Array; readonly spec: Spec }
  | {
      readonly kind: "union";
      readonly index: number;
      readonly indexBytes: Uint8Array;
      readonly value: Datum;
      readonly spec: Spec;
    };

const encoder = new TextEncoder();
const DEEPEST = 7;

/** An integer in its shortest spelling, or with bytes that add nothing. */
export function varint(value: number | bigint, padding = 0): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  for (let i = 0; i < padding && bytes.length < 10; i++) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function textBytes(text: string, padding = 0): Uint8Array {
  const encoded = encoder.encode(text);
  return joinBytes([varint(encoded.length, padding), encoded]);
}

/** How a random datum is spelt and what its texts are. */
interface Style {
  readonly plain: boolean;
  /** The next text, found nowhere else; for a default with the innermost field it belongs to. */
  readonly text: (owner: string) => string;
  /** So many more items of arrays and maps may be made. */
  left: number;
}

/** `plain` is as avsc spells it: one block without size, and no integer longer than it must be. */
export function randomDatum(gen: Gen, spec: Spec, plain: boolean): Datum {
  let count = 0;
  const text = (): string => `<${count++}>${gen(fc.constantFrom, "", "é", "😀", "\u0000", "text of some length")}`;
  return make(gen, spec, { plain, text, left: 40 }, 0);
}

/** For the default of a field, `owner`: of a union always the first branch, as its JSON says. */
export function canonicalDatum(gen: Gen, spec: Spec, owner: string): Datum {
  let count = 0;
  const text = (innermost: string): string => `‹${innermost}›${count++}`;
  return make(gen, spec, { plain: true, text, left: 3 }, DEEPEST - 2, owner);
}

/** `owner` where it is a default. */
function make(gen: Gen, spec: Spec, style: Style, depth: number, owner = ""): Datum {
  const padding = style.plain ? 0 : gen(fc.constantFrom, 0, 0, 0, 1, 3);
  switch (spec.kind) {
    case "record":
      return {
        kind: "record",
        spec,
        fields: spec.fields.map((field) => ({
          field,
          value: make(gen, field.spec, style, depth + 1, owner && `${spec.name}/${field.name}`),
        })),
      };
    case "union": {
      // Deep down one without anything in it; where there is none, the first, which never leads back.
      const shallow = spec.branches.findIndex(({ kind }) => !["record", "array", "map"].includes(kind));
      const deep = owner !== "" ? 0 : Math.max(shallow, 0);
      const index = owner !== "" || depth > DEEPEST ? deep : gen(fc.nat, { max: spec.branches.length - 1 });
      const value = make(gen, spec.branches[index]!, style, depth + 1, owner);
      return { kind: "union", spec, index, indexBytes: varint(index, padding), value };
    }
    case "array":
    case "map": {
      const counts =
        depth > DEEPEST || style.left <= 0
          ? []
          : gen(fc.array<number>, fc.integer({ min: 1, max: 3 }), { maxLength: style.plain ? 1 : 3 });
      const keys = new Set<string>();
      const blocks = counts.map((count) => {
        style.left -= count;
        const items = Array.from({ length: count }, (): Item => {
          const inner = spec.kind === "array" ? spec.items : spec.values;
          const value = make(gen, inner, style, depth + 1, owner);
          if (spec.kind === "array") return { key: null, value };
          const known = gen(fc.constantFrom, "a", "k", "");
          const text = keys.has(known) || known === "" ? style.text(owner) : known;
          keys.add(text);
          return { key: textLeaf(text, padding), value };
        });
        return blockOf(items, style.plain ? null : gen(fc.boolean), padding);
      });
      return { kind: "blocks", spec, blocks, end: varint(0, padding) };
    }
    default:
      return leaf(gen, spec, style, padding, owner);
  }
}

export function blockOf(items: readonly Item[], sized: boolean | null, padding: number): Block {
  const count = items.length;
  const size = joinBytes(items.flatMap((item) => itemBytes(item))).length;
  const sizeBytes = sized === true ? varint(size, padding) : null;
  return { items, count, size, sizeBytes, countBytes: varint(sizeBytes === null ? count : -count, padding) };
}

function leaf(gen: Gen, spec: Spec, style: Style, padding: number, owner: string): Leaf {
  switch (spec.kind) {
    case "null":
      return { kind: "leaf", spec, bytes: new Uint8Array(), value: null };
    case "boolean": {
      const value = gen(fc.boolean);
      return { kind: "leaf", spec, bytes: Uint8Array.of(value ? 1 : 0), value };
    }
    case "int":
    case "long": {
      const value = spec.kind === "int" ? gen(fc.integer) : gen(fc.integer, { min: -(2 ** 50), max: 2 ** 50 });
      return { kind: "leaf", spec, bytes: varint(value, padding), value };
    }
    case "float":
    case "double": {
      const noDefaultInfinity = true;
      const value = gen(spec.kind === "float" ? fc.float : fc.double, { noNaN: true, noDefaultInfinity });
      // JSON, in which defaults are, has no -0.
      return floatLeaf(spec, value + 0);
    }
    case "enum": {
      const index = gen(fc.nat, { max: spec.symbols.length - 1 });
      return { kind: "leaf", spec, bytes: varint(index, padding), value: spec.symbols[index] };
    }
    case "fixed": {
      const value = gen(fc.uint8Array, { minLength: spec.size, maxLength: spec.size });
      return { kind: "leaf", spec, bytes: value, value: Buffer.from(value) };
    }
    case "bytes": {
      const value = gen(fc.uint8Array, { maxLength: 5 });
      return bytesLeaf(spec, value, padding);
    }
    default:
      return { ...textLeaf(style.text(owner), padding), spec };
  }
}

export function textLeaf(text: string, padding = 0): Leaf {
  return { kind: "leaf", spec: { kind: "string" }, bytes: textBytes(text, padding), value: text };
}

export function bytesLeaf(spec: Spec, value: Uint8Array, padding = 0): Leaf {
  return { kind: "leaf", spec, bytes: joinBytes([varint(value.length, padding), value]), value: Buffer.from(value) };
}

export function floatLeaf(spec: Spec, value: number): Leaf {
  const view = new DataView(new ArrayBuffer(spec.kind === "float" ? 4 : 8));
  if (spec.kind === "float") view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  const stored = spec.kind === "float" ? view.getFloat32(0, true) : value;
  return { kind: "leaf", spec, bytes: new Uint8Array(view.buffer), value: stored };
}

/** The bytes. What is in a block decides whether its count and size are spelt as they were. */
export function datumBytes(datum: Datum): Uint8Array {
  switch (datum.kind) {
    case "leaf":
      return datum.bytes;
    case "record":
      return joinBytes(datum.fields.map(({ value }) => datumBytes(value)));
    case "union":
      return joinBytes([datum.indexBytes, datumBytes(datum.value)]);
    case "blocks":
      return joinBytes([...datum.blocks.map(blockBytes), datum.end]);
  }
}

function blockBytes({ items, count, size, countBytes, sizeBytes }: Block): Uint8Array {
  if (items.length === 0) return new Uint8Array();
  const content = joinBytes(items.flatMap((item) => itemBytes(item)));
  const sameCount = items.length === count;
  const countNow = sameCount ? countBytes : varint(sizeBytes === null ? items.length : -items.length);
  if (sizeBytes === null) return joinBytes([countNow, content]);
  return joinBytes([countNow, sameCount && content.length === size ? sizeBytes : varint(content.length), content]);
}

function itemBytes({ key, value }: Item): Uint8Array[] {
  return key === null ? [datumBytes(value)] : [key.bytes, datumBytes(value)];
}

/** As JSON in a schema. */
export function defaultJson(datum: Datum): unknown {
  switch (datum.kind) {
    case "leaf":
      return datum.value instanceof Uint8Array ? String.fromCharCode(...datum.value) : datum.value;
    case "union":
      return defaultJson(datum.value);
    case "record":
      return Object.fromEntries(datum.fields.map(({ field, value }) => [field.name, defaultJson(value)]));
    case "blocks": {
      const items = datum.blocks.flatMap((block) => block.items);
      if (datum.spec.kind === "array") return items.map(({ value }) => defaultJson(value));
      return Object.fromEntries(items.map(({ key, value }) => [key?.value, defaultJson(value)]));
    }
  }
}
