/** The schema of data from which fields were taken. */

import { StraitError } from "../../src/mod.ts";
import type { Fate, FateNode } from "./fates.ts";
import {
  type AvroSchema,
  type AvroType,
  definedName,
  type JsonObject,
  type NamedType,
  namespaceOf,
  type Place,
  type RecordType,
} from "./model.ts";
import { memberPath } from "./place-path.ts";
import { reducedDefault } from "./reduced-default.ts";
import { itemsLeft, type Variant, Variants } from "./variants.ts";

/**
 * The schema without the fields that go, or null where none goes. What belongs to these fields (docs, defaults, also in the
 * defaults of what is around them) is not in it, and neither are named types that nobody uses any more. All else is as it
 * was. It refers to no other schema: a named type of one is defined where it is used first. A type that is left in more
 * than one form has its name in the first, and `Name_2` and so on in the others.
 *
 * To be spelt by JSON.stringify. Throws `filter-invalid` where the items of an array or a map would need different schemas.
 */
export function reducedSchema({ root, names }: AvroSchema, fate: Fate): unknown | null {
  const variants = new Variants(fate);
  const variant = variants.of(root.type, fate);
  if (variant.node === null) return null;
  return new Reducing(variants, names).place(root, variant, "", "$");
}

class Reducing {
  readonly #variants: Variants;
  readonly #taken: Set<string>;
  /** The names under which variants are defined by now. */
  readonly #defined = new Map<number, string>();
  readonly #named = new Set<NamedType>();

  constructor(variants: Variants, names: ReadonlySet<string>) {
    this.#variants = variants;
    this.#taken = new Set(names);
  }

  /** `namespace` is the enclosing one. */
  place(place: Place, variant: Variant, namespace: string, path: string): unknown {
    const { type, json } = place;
    const part = (inner: Place, fate: Fate | undefined, at: string): unknown =>
      this.place(inner, this.#variants.of(inner.type, fate ?? STAYING), namespace, at);
    switch (type.kind) {
      case "array":
        return {
          ...(json as JsonObject),
          items: part(type.items, this.#item(type.items.type, variant, path), `${path}[*]`),
        };
      case "map":
        return {
          ...(json as JsonObject),
          values: part(type.values, this.#item(type.values.type, variant, path), `${path}[*]`),
        };
      case "union":
        return type.branches.map((branch, index) => part(branch, variant.node?.parts[index], path));
      case "record":
      case "enum":
      case "fixed":
        return this.#namedPlace(type, json, variant, namespace, path);
      default:
        return json;
    }
  }

  #namedPlace(type: NamedType, json: unknown, variant: Variant, namespace: string, path: string): unknown {
    const id = this.#variants.idOf(variant);
    const defined = this.#defined.get(id);
    if (defined !== undefined) return reference(json, type, defined, namespace);
    const name = this.#nameFor(type);
    this.#defined.set(id, name);
    const definition = renamed(type.json, name, namespace);
    return type.kind === "record"
      ? { ...definition, fields: this.#fields(type, variant.node, namespaceOf(name), path) }
      : definition;
  }

  #fields(type: RecordType, node: FateNode | null, namespace: string, path: string): unknown[] {
    const fields: unknown[] = [];
    for (const [index, { name, place, json, hasDefault }] of type.fields.entries()) {
      const fate = node?.parts[index] ?? STAYING;
      if (fate.kind === "goes") continue;
      const at = memberPath(path, name);
      const field: Record<string, unknown> = {
        ...json,
        type: this.place(place, this.#variants.of(place.type, fate), namespace, at),
      };
      if (hasDefault) {
        const left = reducedDefault(place.type, json["default"], fate);
        if (left === undefined) delete field["default"];
        else field["default"] = left;
      }
      fields.push(field);
    }
    return fields;
  }

  /** The fate that says what the schema of the items is. */
  #item(type: AvroType, { node }: Variant, path: string): Fate {
    if (node === null) return STAYING;
    const [first = STAYING, ...others] = itemsLeft(node);
    const id = this.#variants.idOf(this.#variants.of(type, first));
    if (others.every((fate) => this.#variants.idOf(this.#variants.of(type, fate)) === id)) return first;
    throw new StraitError(
      "filter-invalid",
      `cannot reduce the Avro schema at ${path}: its items would have different fields; choose the same in all of them ([*]), or let the schema stay`,
    );
  }

  #nameFor(type: NamedType): string {
    if (!this.#named.has(type)) {
      this.#named.add(type);
      return type.fullName;
    }
    let number = 2;
    while (this.#taken.has(`${type.fullName}_${number}`)) number++;
    const name = `${type.fullName}_${number}`;
    this.#taken.add(name);
    return name;
  }
}

const STAYING: Fate = { kind: "stays" };

/** The definition under a full name, in a place inside a namespace; as it was where that is what it says already. */
function renamed(json: JsonObject, name: string, namespace: string): JsonObject {
  if (definedName(json, namespace) === name) return json;
  const dotted = String(json["name"]).includes(".");
  const simple = { ...json, name: dotted ? name : simpleName(name) };
  return definedName(simple, namespace) === name ? simple : { ...simple, namespace: namespaceOf(name) };
}

/** A defined type by its name; as it was spelt where that means the same. */
function reference(json: unknown, type: NamedType, name: string, namespace: string): unknown {
  const spelt = json === type.json ? null : typeof json === "string" ? json : (json as JsonObject)["type"];
  if (name === type.fullName && typeof spelt === "string") return json;
  const short = namespaceOf(name) === namespace ? simpleName(name) : name;
  return typeof json === "object" && json !== type.json ? { ...json, type: short } : short;
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
