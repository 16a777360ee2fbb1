/**
 * What a selection makes of data, done the plain way: on trees, value by value, by the concrete path of each. Shares no code
 * with the filters.
 */

import {
  type Block,
  bytesLeaf,
  type Datum,
  floatLeaf,
  type Item,
  joinBytes,
  type Leaf,
  textLeaf,
  varint,
} from "./datum.ts";
import type { Spec } from "./random-schema.ts";

export interface ReferenceSegment {
  readonly descend: boolean;
  readonly selector: string | number | null;
}

export type ReferenceChange =
  | { readonly kind: "drop" }
  | { readonly kind: "replace"; readonly value: string | number | null }
  | { readonly kind: "act" };

export interface ReferenceRule {
  readonly segments: readonly ReferenceSegment[] | null;
  readonly tag: string | null;
  readonly change: ReferenceChange;
}

type Location = readonly (string | number)[];

/** What the tests' action makes of texts, of whole numbers, of others, and of bytes. */
export const ACTED = {
  /** Different texts stay different, so that maps keep their entries. */
  text: (value: string): string =>
    `~~${Array.from(value, (char) => String.fromCodePoint(char.codePointAt(0)! + 1)).join("")}`,
  integer: (value: bigint): bigint => value / 10n,
  /** Without -0, which has no digits of its own. */
  float: (value: number): number => value / 2 + 0,
  bytes: (value: Uint8Array): Uint8Array => value.toReversed().map((byte) => byte ^ 0xff),
};

/** The `fields` form; the datum itself where nothing is chosen. */
export function changeFields(datum: Datum, rules: readonly ReferenceRule[], drops: "reduce" | "blank"): Datum {
  const walk = (value: Datum, tags: readonly string[], location: Location): Datum | null => {
    const rule = rules.find(({ segments, tag }) =>
      segments !== null ? leadsTo(segments, location) : tags.includes(tag ?? ""),
    );
    if (rule === undefined) return within(value, location);
    if (rule.change.kind === "drop") return null;
    if (rule.change.kind === "replace") return constant(value.spec, rule.change.value);
    return acted(value, rule.tag !== null ? "below" : "value");
  };
  const within = (value: Datum, location: Location): Datum => {
    switch (value.kind) {
      case "leaf":
        return value;
      case "union":
        return replaced(value, "value", within(value.value, location));
      case "record":
        return fieldsAfter(value, (field, inner) => {
          const after = walk(inner, field.tags, [...location, field.name]);
          return after === null && drops === "blank" ? blank(inner, field.fallback) : after;
        });
      case "blocks":
        return itemsAfter(value, (item, index) => {
          const after = walk(item.value, [], [...location, item.key === null ? index : String(item.key.value)]);
          return after === null ? null : { key: item.key, value: after };
        });
    }
  };
  const result = walk(datum, [], []);
  if (result === null) throw new Error("the whole datum is dropped");
  return result;
}

/** The `keep` form. */
export function keepOnly(
  datum: Datum,
  paths: readonly (readonly ReferenceSegment[])[],
  drops: "reduce" | "blank",
): Datum {
  const gone = (value: Datum, fallback: Datum | null): Datum | null =>
    drops === "reduce" ? null : blank(value, fallback);
  const reaches = (spec: Spec, location: Location): boolean =>
    paths.some((path) => restsOf(path, location).some((rest) => canEndBelow(spec, rest)));
  const walk = (
    value: Datum,
    location: Location,
    holder: "top" | "item" | { readonly fallback: Datum | null },
  ): Datum | null => {
    if (paths.some((path) => leadsTo(path, location))) return value;
    if (!reaches(value.spec, location)) return null;
    switch (value.kind) {
      case "leaf":
        return null;
      case "record":
        return fieldsAfter(
          value,
          (field, inner) => walk(inner, [...location, field.name], field) ?? gone(inner, field.fallback),
        );
      case "blocks":
        return itemsAfter(value, (item, index) => {
          const after = walk(item.value, [...location, item.key === null ? index : String(item.key.value)], "item");
          return after && { key: item.key, value: after };
        });
      case "union": {
        const branch = value.value.spec;
        if (branch.kind === "null") return value;
        const after = walk(value.value, location, holder);
        if (after !== null) return replaced(value, "value", after);
        if (holder === "item") return null;
        if (value.spec.kind === "union" && value.spec.branches.some(({ kind }) => kind === "null"))
          return constant(value.spec, null);
        if (typeof holder === "object" && holder.fallback !== null && stands(holder.fallback)) return holder.fallback;
        return replaced(value, "value", emptied(value.value));
      }
    }
  };
  // A default of a type that may have lost fields is not one of the reduced schema.
  const stands = (fallback: Datum): boolean =>
    drops === "blank" || fallback.kind !== "union" || fallback.value.kind === "leaf";
  const emptied = (value: Datum): Datum => {
    if (value.kind === "record") return fieldsAfter(value, (field, inner) => gone(inner, field.fallback));
    if (value.kind === "blocks") return itemsAfter(value, () => null);
    throw new Error("there is nothing for the value's place");
  };
  return walk(datum, [], "top") ?? emptied(datum);
}

/** What of a path is still ahead after the steps to a place, one way or another. */
function restsOf(segments: readonly ReferenceSegment[], location: Location): (readonly ReferenceSegment[])[] {
  let rests = [segments];
  for (const step of location)
    rests = rests.flatMap(([segment, ...rest]) => {
      if (segment === undefined) return [];
      const taken = segment.selector === null || segment.selector === step ? [rest] : [];
      return segment.descend ? [...taken, [segment, ...rest]] : taken;
    });
  return rests.filter((rest) => rest.length > 0);
}

function canEndBelow(spec: Spec, rest: readonly ReferenceSegment[], seen = new Map<Spec, Set<number>>()): boolean {
  const [segment, ...following] = rest;
  if (segment === undefined) return true;
  const lengths = seen.get(spec) ?? new Set();
  if (lengths.has(rest.length)) return false;
  seen.set(spec, lengths.add(rest.length));
  const { selector, descend } = segment;
  const below = (inner: Spec, fits: boolean): boolean =>
    (fits && canEndBelow(inner, following, seen)) || (descend && canEndBelow(inner, rest, seen));
  switch (spec.kind) {
    case "record":
      return spec.fields.some((field) => below(field.spec, selector === null || selector === field.name));
    case "array":
      return below(spec.items, typeof selector !== "string");
    case "map":
      return below(spec.values, typeof selector !== "number");
    case "union":
      return spec.branches.some((branch) => canEndBelow(branch, rest, seen));
    default:
      return false;
  }
}

/** The `texts` form with the tests' action. */
export function changeTexts(datum: Datum): Datum {
  return acted(datum, "texts");
}

function acted(datum: Datum, reach: "value" | "below" | "texts"): Datum {
  switch (datum.kind) {
    case "leaf":
      return reach === "texts" && datum.spec.kind !== "string" ? datum : actedLeaf(datum);
    case "union":
      return replaced(datum, "value", acted(datum.value, reach));
    case "record":
      return fieldsAfter(datum, (_field, value) => acted(value, reach));
    case "blocks":
      return itemsAfter(datum, ({ key, value }) => ({ key: key && actedLeaf(key), value: acted(value, reach) }));
  }
}

function actedLeaf(leaf: Leaf): Leaf {
  const { spec, value } = leaf;
  switch (spec.kind) {
    case "string":
      return { ...textLeaf(ACTED.text(String(value))), spec };
    case "bytes":
      return bytesLeaf(spec, ACTED.bytes(leaf.value as Uint8Array));
    case "fixed": {
      const bytes = ACTED.bytes(leaf.bytes);
      return { ...leaf, bytes, value: Buffer.from(bytes) };
    }
    case "int":
    case "long": {
      const after = ACTED.integer(BigInt(Number(value)));
      return { ...leaf, bytes: varint(after), value: Number(after) };
    }
    case "float":
    case "double":
      return floatLeaf(spec, ACTED.float(Number(value)));
    default:
      return leaf;
  }
}

function fieldsAfter(
  datum: Datum & { kind: "record" },
  change: (field: (typeof datum.fields)[number]["field"], value: Datum) => Datum | null,
): Datum {
  const fields = datum.fields.flatMap(({ field, value }) => {
    const after = change(field, value);
    return after === null ? [] : [{ field, value: after }];
  });
  return replaced(datum, "fields", fields);
}

function itemsAfter(datum: Datum & { kind: "blocks" }, change: (item: Item, index: number) => Item | null): Datum {
  let index = 0;
  const blocks = datum.blocks.map((block): Block => {
    const items = block.items.flatMap((item) => change(item, index++) ?? []);
    return { ...block, items };
  });
  return replaced(datum, "blocks", blocks);
}

function replaced<T extends Datum, K extends keyof T>(datum: T, name: K, value: T[K]): Datum {
  return { ...datum, [name]: value };
}

function blank(datum: Datum, fallback: Datum | null): Datum {
  const { spec } = datum;
  if (spec.kind === "null") return datum;
  const index = spec.kind === "union" ? spec.branches.findIndex(({ kind }) => kind === "null") : -1;
  if (index >= 0) return constant(spec, null);
  if (fallback === null) throw new Error("there is nothing for the field's place");
  return fallback;
}

function constant(spec: Spec, value: string | number | null): Datum {
  const found = fitting(spec, value);
  if (found === null) throw new Error("the value does not fit");
  return found;
}

function fitting(spec: Spec, value: string | number | null): Datum | null {
  if (spec.kind === "union") {
    const fits = spec.branches.map((branch) => fitting(branch, value));
    const index = fits.findIndex((fit) => fit !== null);
    return index < 0 ? null : { kind: "union", spec, index, indexBytes: varint(index), value: fits[index]! };
  }
  const leaf: Leaf = { kind: "leaf", spec, bytes: new Uint8Array(), value: null };
  if (value === null) return spec.kind === "null" ? leaf : null;
  if (typeof value === "number") {
    if (spec.kind === "int" || spec.kind === "long") return { ...leaf, bytes: varint(value), value };
    return spec.kind === "float" || spec.kind === "double" ? floatLeaf(spec, value) : null;
  }
  const bytes = Uint8Array.from(Buffer.from(value, "latin1"));
  if (spec.kind === "string") return { ...textLeaf(value), spec };
  if (spec.kind === "bytes") return bytesLeaf(spec, bytes);
  if (spec.kind === "fixed" && spec.size === bytes.length) return { ...leaf, bytes, value: Buffer.from(bytes) };
  const symbol = spec.kind === "enum" ? spec.symbols.indexOf(value) : -1;
  return symbol < 0 ? null : { ...leaf, bytes: joinBytes([varint(symbol)]), value };
}

/** Whether a path leads to exactly this place. */
export function leadsTo(segments: readonly ReferenceSegment[], location: Location): boolean {
  const [segment, ...rest] = segments;
  if (segment === undefined) return location.length === 0;
  for (let skipped = 0; skipped < location.length; skipped++) {
    const { selector } = segment;
    if ((selector === null || selector === location[skipped]) && leadsTo(rest, location.slice(skipped + 1)))
      return true;
    if (!segment.descend) return false;
  }
  return false;
}

/** The texts in a datum: of values, and of the keys of maps. With the place of each. */
export function textsIn(
  datum: Datum,
  location: Location = [],
): { readonly text: string; readonly location: Location; readonly isKey: boolean }[] {
  switch (datum.kind) {
    case "leaf":
      return datum.spec.kind === "string" ? [{ text: String(datum.value), location, isKey: false }] : [];
    case "union":
      return textsIn(datum.value, location);
    case "record":
      return datum.fields.flatMap(({ field, value }) => textsIn(value, [...location, field.name]));
    case "blocks": {
      const items = datum.blocks.flatMap(({ items: inBlock }) => inBlock);
      return items.flatMap(({ key, value }, index) => {
        const at = [...location, key === null ? index : String(key.value)];
        const below = textsIn(value, at);
        return key === null ? below : [{ text: String(key.value), location: at, isKey: true }, ...below];
      });
    }
  }
}
