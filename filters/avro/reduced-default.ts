/** Defaults of what is around a removed field: they hold a value of it, too. */

import { encodeValue, fittingBranch } from "./encode.ts";
import type { Fate, FateNode } from "./fates.ts";
import type { AvroType, RecordType } from "./model.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * A default without what goes; undefined where nothing of it can be left, which is also where it does not fit the type
 * and nobody can say what is in it.
 */
export function reducedDefault(type: AvroType, value: unknown, fate: Fate): unknown {
  if (fate.kind !== "within") return value;
  return encodeValue(type, value) === null ? undefined : without(value, fate);
}

/** The value must fit. `undefined` says that nothing can be left of it. */
function without(value: unknown, fate: Fate): unknown {
  if (fate.kind === "goes" || (fate.kind === "constant" && fate.whole !== null)) return undefined;
  return fate.kind === "within" ? withoutIn(value, fate.node) : value;
}

function withoutIn(value: unknown, { type, parts, indexes, keys }: FateNode): unknown {
  switch (type.kind) {
    case "union":
      return without(value, parts[fittingBranch(type, value)]!);
    case "array":
      return (value as readonly unknown[])
        .map((item, index) => without(item, indexes.get(index) ?? parts[0]!))
        .filter((item) => item !== undefined);
    case "map": {
      const entries = Object.entries(value as Members).map(
        ([key, item]) => [key, without(item, keys.get(key) ?? parts[0]!)] as const,
      );
      return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
    }
    case "record":
      return recordWithout(value as Members, type, parts);
  }
}

/** Only fields that go can be missing, and those whose own default stands for them. */
function recordWithout(value: Members, { fields }: RecordType, parts: readonly Fate[]): Members | undefined {
  const left = new Map<string, unknown>(Object.entries(value));
  for (const [index, { name, json }] of fields.entries()) {
    const fate = parts[index]!;
    const isGiven = left.has(name);
    const rest = without(isGiven ? left.get(name) : json["default"], fate);
    if (fate.kind === "goes") left.delete(name);
    else if (rest === undefined) return undefined;
    else if (isGiven) left.set(name, rest);
  }
  return Object.fromEntries(left);
}
