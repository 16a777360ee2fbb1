/** Compiles a selection for a message type: types times places, each pair once, so that recursive types come to an end. */

import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { StraitError } from "../../src/mod.ts";
import type { Selection } from "../fields/selection.ts";
import { checkAny } from "./any.ts";
import { type Chooser, type Chosen, chooserFor } from "./chooser.ts";
import type { Place } from "./place.ts";
import type { Action, Drop, Entry, Plan, Program, Single, Stay, Step } from "./plan.ts";
import { prune } from "./prune.ts";
import { encodeMessage, encodeTagged, encodeWhole } from "./replacement.ts";
import { valueEdit } from "./value-edit.ts";
import { describe, isPackable, keyTypeOf, type ValueType, valueTypeOf } from "./value-type.ts";
import { LENGTH } from "./wire.ts";

type MapField = DescField & { readonly fieldKind: "map" };

/** Steps for field numbers below this are found in an array. */
const TABLE_SIZE = 256;

/**
 * The program for a selection. Throws `filter-invalid`, with the rule's label and the field, for what the schema does not
 * allow, for groups, and where an Any could hide what is chosen.
 */
export function programFor(message: DescMessage, selection: Selection): Program {
  return new Planner(chooserFor(selection)).program(message);
}

class Planner {
  readonly #chooser: Chooser;
  readonly #unlisted: Stay | Drop;
  readonly #known = new Map<DescMessage, Map<Place, Plan>>();
  readonly #plans: Plan[] = [];
  readonly #unfinished: { readonly plan: Plan; readonly message: DescMessage; readonly place: Place }[] = [];

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
    this.#unlisted = chooser.keeps ? { kind: "drop", rule: -1 } : { kind: "stay" };
  }

  program(message: DescMessage): Program {
    const { keeps, labels, root: place } = this.#chooser;
    const root = this.#root(message, place);
    for (let next = this.#unfinished.pop(); next !== undefined; next = this.#unfinished.pop()) {
      checkAny(next.message, next.place, this.#chooser);
      for (const field of next.message.fields) {
        const step = this.#step(field, next.place.member(field.name, jsonNameOf(field)));
        if (step !== null) next.plan.steps.set(field.number, step);
      }
    }
    const useful = prune(this.#plans, keeps);
    let remembers = false;
    for (const plan of this.#plans) {
      if (!useful.has(plan) && (root.kind !== "enter" || root.plan !== plan)) continue;
      if (plan.message !== null) checkWalked(plan.message, plan, keeps);
      plan.table = tableOf(plan.steps);
      for (const { action } of plan.steps.values()) remembers ||= action.kind === "counted" || action.kind === "whole";
    }
    return { root, keeps, labels, remembers };
  }

  #root(message: DescMessage, place: Place): Program["root"] {
    const chosen = this.#chooser.at(place);
    if (chosen === null) return { kind: "enter", plan: this.#plan(message, place), repeats: "each" };
    const { change, rule, label } = chosen;
    if (change === null) return { kind: "stay" };
    if (change.kind === "drop")
      throw new StraitError(
        "filter-invalid",
        `cannot drop ${label}: it is the whole value; drop whole records instead`,
      );
    if (change.kind === "act")
      throw new StraitError(
        "filter-invalid",
        `cannot ${change.action.name} ${label}: it is a message (${message.typeName}); name what is in it`,
      );
    const bytes = encodeMessage(message, change.value, label);
    return {
      kind: "change",
      rule,
      edit: (_bytes, _start, _end, patch) => {
        patch.append(bytes);
        return true;
      },
    };
  }

  #plan(message: DescMessage, place: Place): Plan {
    let places = this.#known.get(message);
    if (places === undefined) {
      places = new Map();
      this.#known.set(message, places);
    }
    let plan = places.get(place);
    if (plan === undefined) {
      plan = this.#newPlan(message);
      places.set(place, plan);
      this.#unfinished.push({ plan, message, place });
    }
    return plan;
  }

  #newPlan(message: DescMessage | null): Plan {
    const plan: Plan = { message, steps: new Map(), table: [] };
    this.#plans.push(plan);
    return plan;
  }

  #step(field: DescField, place: Place): Step | null {
    const type = valueTypeOf(field);
    const chosen = this.#chooser.field(field, place);
    const action = chosen === null ? this.#within(field, type, place) : this.#chosen(field, type, chosen);
    if (action === null) return null;
    return { action, wire: field.fieldKind === "map" ? LENGTH : type.wire, packable: isPackable(type) };
  }

  /** What is done with a field that is chosen itself. */
  #chosen(field: DescField, type: ValueType, chosen: Chosen): Action {
    const { change, rule, label, by } = chosen;
    if (field.fieldKind !== "list" && field.fieldKind !== "map") {
      if (change?.kind !== "replace" || type.message === undefined || field.oneof !== undefined)
        return this.#change(type, chosen);
      return { kind: "whole", rule, bytes: encodeTagged(type, change.value, label) };
    }
    if (change === null) return { kind: "stay" };
    if (change.kind === "drop") return { kind: "drop", rule };
    if (by === "tags") {
      if (field.fieldKind === "list") return this.#change(type, chosen);
      if (change.kind === "act") return { kind: "entries", entry: this.#taggedEntry(field, type, chosen) };
      throw new StraitError(
        "filter-invalid",
        `cannot replace ${label}: ${describe(type)}, of a map; drop the map, or name its entries by a path`,
      );
    }
    if (change.kind === "replace") return { kind: "whole", rule, bytes: encodeWhole(field, change.value, label) };
    throw new StraitError(
      "filter-invalid",
      `cannot ${change.action.name} ${label}: ${field.parent.typeName}.${field.name} is a ${field.fieldKind === "list" ? "repeated field" : "map"}; name what is in it, as ${label}[*]`,
    );
  }

  /** What is done with a field in which something may be chosen. */
  #within(field: DescField, type: ValueType, place: Place): Action | null {
    if (field.fieldKind === "map") return this.#entries(field, type, place);
    if (field.fieldKind !== "list") return this.#single(type, place);
    const other = this.#single(type, place.other());
    if (place.indexes.size === 0) return other;
    const byIndex = new Map<number, Single>();
    for (const index of place.indexes) byIndex.set(index, this.#single(type, place.element(index)) ?? this.#unlisted);
    return { kind: "counted", byIndex, other: other ?? this.#unlisted };
  }

  #entries(field: MapField, type: ValueType, place: Place): Action | null {
    const other = this.#entry(field, type, place.other());
    if (place.names.size === 0) return other?.kind === "enter" ? { kind: "entries", entry: other } : other;
    const byKey = new Map<string, Entry>();
    for (const name of place.names) byKey.set(name, this.#entry(field, type, place.member(name)) ?? this.#unlisted);
    return { kind: "keyed", key: keyTypeOf(field), byKey, other: other ?? this.#unlisted };
  }

  /** What is done with the entries whose value is at a place. */
  #entry(field: MapField, type: ValueType, place: Place): Entry | null {
    const { texts, keeps } = this.#chooser;
    const keyType = keyTypeOf(field);
    const value = this.#single(type, place);
    const key = texts !== null && keyType.scalar === ScalarType.STRING ? this.#change(keyType, texts) : null;
    if (value?.kind === "stay") return value;
    if (value?.kind === "drop") return value;
    if (key?.kind === "drop") return key;
    if (value === null && key === null) return null;
    return this.#enterEntry(type, keyType, keeps ? { kind: "stay" } : key, value);
  }

  /** Of a tagged map the keys are tagged, too. */
  #taggedEntry(field: MapField, type: ValueType, chosen: Chosen): Entry {
    const keyType = keyTypeOf(field);
    return this.#enterEntry(type, keyType, this.#change(keyType, chosen), this.#change(type, chosen));
  }

  #enterEntry(type: ValueType, keyType: ValueType, key: Single | null, value: Single | null): Entry {
    const plan = this.#newPlan(null);
    if (key !== null) plan.steps.set(1, { action: key, wire: keyType.wire, packable: false });
    if (value !== null) plan.steps.set(2, { action: value, wire: type.wire, packable: false });
    return { kind: "enter", plan, repeats: "each" };
  }

  /** What is done with one value, or null where nothing in it can be chosen. */
  #single(type: ValueType, place: Place): Single | null {
    const { texts, byTags } = this.#chooser;
    const chosen = this.#chooser.at(place);
    if (chosen !== null) return this.#change(type, chosen);
    if (type.message !== undefined && (place.live || byTags || texts !== null)) {
      const repeats = type.part === "element" ? "each" : type.field.oneof === undefined ? "merge" : "last";
      return { kind: "enter", plan: this.#plan(type.message, place), repeats };
    }
    return texts !== null && type.scalar === ScalarType.STRING ? this.#change(type, texts) : null;
  }

  #change(type: ValueType, { change, rule, label }: Chosen): Stay | Drop | Extract<Single, { kind: "change" }> {
    if (change === null) return { kind: "stay" };
    if (change.kind !== "drop") return { kind: "change", rule, edit: valueEdit(change, type, label) };
    if (type.part === "field" && isRequired(type.field))
      throw new StraitError(
        "filter-invalid",
        `cannot drop ${label}: ${type.field.parent.typeName}.${type.field.name} is required; replace it`,
      );
    return { kind: "drop", rule };
  }
}

/** Of what is walked through, groups cannot be told from damage, and required fields must be there afterwards. */
function checkWalked(message: DescMessage, plan: Plan, keeps: boolean): void {
  for (const field of message.fields) {
    const what = `${message.typeName}.${field.name}`;
    if ("delimitedEncoding" in field && field.delimitedEncoding === true)
      throw new StraitError("filter-invalid", `${what} is a group (delimited encoding), which is not supported`);
    if (keeps && isRequired(field) && !plan.steps.has(field.number))
      throw new StraitError("filter-invalid", `${what} is required and not listed; list it, or drop the whole message`);
  }
}

function isRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

/** The name in JSON, which descriptors may leave out (descriptor.proto, `json_name`). */
function jsonNameOf({ name, jsonName }: DescField): string {
  return jsonName === "" ? name.replace(/_+(.?)/g, (_match, letter: string) => letter.toUpperCase()) : jsonName;
}

function tableOf(steps: ReadonlyMap<number, Step>): (Step | undefined)[] {
  const small = [...steps.keys()].filter((number) => number < TABLE_SIZE);
  return Array.from({ length: Math.max(0, ...small) + 1 }, (_, number) => steps.get(number));
}
