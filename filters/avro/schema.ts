/** Reads Avro schemas (specification 1.12), with those they refer to. */

import { StraitError } from "../../src/mod.ts";
import { logicalTypeOf } from "./logical-type.ts";
import {
  type AvroSchema,
  type AvroType,
  definedName,
  isNamed,
  type JsonObject,
  type NamedType,
  namespaceOf,
  type Place,
  type PrimitiveKind,
  qualify,
  type RecordField,
} from "./model.ts";
import { parseSchemaText } from "./schema-text.ts";

/** Deeper nesting than anybody writes; with it, reading and compiling a schema needs little of the stack. */
const DEEPEST_SCHEMA = 200;

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveKind>([
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
]);

/** Letters of any script, as Avro for Java takes them. */
const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/**
 * Reads a schema: JSON text, or what came out of parsing it. Its types may use the named types of `references`, and these
 * those of the references before them; one that is listed twice counts once. Throws `filter-invalid`, with a JSON Pointer
 * into the schema, for what is not one.
 */
export function readAvroSchema(schema: unknown, references: readonly unknown[] = []): AvroSchema {
  const reader = new SchemaReader();
  const seen = new Set<string>();
  for (const [index, reference] of references.entries()) {
    const json = parseSchemaText(reference);
    const text = JSON.stringify(json);
    if (!seen.has(text)) reader.read(json, "", `(reference ${index + 1}) `, 0);
    seen.add(text);
  }
  const root = reader.read(parseSchemaText(schema), "", "", 0);
  return { root, names: new Set(reader.named.keys()) };
}

class SchemaReader {
  readonly named = new Map<string, NamedType>();

  /** `namespace` is the enclosing one. */
  read(json: unknown, namespace: string, at: string, depth: number): Place {
    if (depth > DEEPEST_SCHEMA) refuse(at, `the schema is nested deeper than ${DEEPEST_SCHEMA} levels`);
    if (typeof json === "string") return { json, type: this.#reference(json, namespace, at) };
    if (Array.isArray(json)) return { json, type: this.#union(json, namespace, at, depth) };
    if (!isObject(json)) return refuse(at, "a schema is a name, an object or a list");
    return { json, type: this.#object(json, namespace, at, depth) };
  }

  #object(json: JsonObject, namespace: string, at: string, depth: number): AvroType {
    const type = json["type"];
    switch (type) {
      case "record":
      case "error":
        return this.#record(json, namespace, at, depth);
      case "enum": {
        const symbols = this.#symbols(json["symbols"], `${at}/symbols`);
        return this.#define({ kind: "enum", fullName: fullName(json, namespace, at), json, symbols }, at);
      }
      case "fixed": {
        const size = json["size"];
        if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
          return refuse(`${at}/size`, "the size is a whole number of bytes");
        const logical = logicalTypeOf("fixed", json, size);
        return this.#define({ kind: "fixed", fullName: fullName(json, namespace, at), json, size, logical }, at);
      }
      case "array":
        return { kind: "array", items: this.read(json["items"], namespace, `${at}/items`, depth + 1) };
      case "map":
        return { kind: "map", values: this.read(json["values"], namespace, `${at}/values`, depth + 1) };
      default:
        if (typeof type !== "string") return refuse(`${at}/type`, "the type is not a name");
        if (PRIMITIVES.has(type)) return primitive(type, json);
        return this.#reference(type, namespace, `${at}/type`);
    }
  }

  #record(json: JsonObject, namespace: string, at: string, depth: number): AvroType {
    const name = fullName(json, namespace, at);
    const fields: RecordField[] = [];
    // Before its fields: they may refer to it.
    const record = this.#define({ kind: "record", fullName: name, json, fields }, at);
    if (!Array.isArray(json["fields"])) return refuse(`${at}/fields`, "a record has a list of fields");
    const recordTags = tagsOf(json, at);
    const names = new Set<string>();
    for (const [index, field] of json["fields"].entries()) {
      const pointer = `${at}/fields/${index}`;
      if (!isObject(field)) return refuse(pointer, "a field is an object");
      const fieldName = checkedName(field["name"], `${pointer}/name`);
      if (names.has(fieldName)) refuse(`${pointer}/name`, `the record has two fields named ${fieldName}`);
      names.add(fieldName);
      fields.push({
        name: fieldName,
        place: this.read(field["type"], namespaceOf(name), `${pointer}/type`, depth + 1),
        json: field,
        hasDefault: field["default"] !== undefined,
        tags: new Set([...tagsOf(field, pointer), ...recordTags]),
      });
    }
    return record;
  }

  #union(json: readonly unknown[], namespace: string, at: string, depth: number): AvroType {
    const branches: Place[] = [];
    const kinds = new Set<string>();
    for (const [index, branch] of json.entries()) {
      const pointer = `${at}/${index}`;
      const place = this.read(branch, namespace, pointer, depth + 1);
      const { type } = place;
      if (type.kind === "union") refuse(pointer, "a union directly in a union");
      const kind = isNamed(type) ? `named ${type.fullName}` : type.kind;
      if (kinds.has(kind)) refuse(pointer, `the union has ${kind.replace("named ", "")} twice`);
      kinds.add(kind);
      branches.push(place);
    }
    return { kind: "union", branches };
  }

  #symbols(json: unknown, at: string): string[] {
    if (!Array.isArray(json)) return refuse(at, "an enum has a list of symbols");
    const symbols = json.map((symbol, index) => checkedName(symbol, `${at}/${index}`));
    const twice = symbols.findIndex((symbol, index) => symbols.indexOf(symbol) !== index);
    if (twice >= 0) refuse(`${at}/${twice}`, `the symbol ${symbols[twice]} is there twice`);
    return symbols;
  }

  #define<T extends NamedType>(type: T, at: string): T {
    if (this.named.has(type.fullName)) refuse(at, `${type.fullName} is defined twice`);
    this.named.set(type.fullName, type);
    return type;
  }

  /** Where its own namespace does not have it, a name without dots may be one without namespace (as in Avro for Java). */
  #reference(name: string, namespace: string, at: string): AvroType {
    if (PRIMITIVES.has(name)) return primitive(name, {});
    const type = this.named.get(qualify(name, namespace)) ?? this.named.get(name);
    return type ?? refuse(at, `unknown type ${JSON.stringify(name)}; is a schema it refers to missing?`);
  }
}

function primitive(kind: string, json: JsonObject): AvroType {
  return { kind: kind as PrimitiveKind, logical: logicalTypeOf(kind, json, 0) };
}

function fullName(json: JsonObject, namespace: string, at: string): string {
  if (typeof json["name"] !== "string") return refuse(`${at}/name`, "a name is missing");
  if (json["namespace"] !== undefined && typeof json["namespace"] !== "string")
    return refuse(`${at}/namespace`, "the namespace is not a text");
  const name = definedName(json, namespace);
  for (const part of name.split(".")) checkedName(part, `${at}/name`);
  if (PRIMITIVES.has(name)) refuse(`${at}/name`, `${name} is the name of a primitive type`);
  return name;
}

function checkedName(name: unknown, at: string): string {
  if (typeof name === "string" && NAME.test(name)) return name;
  return refuse(at, "a name consists of letters, digits and _, and starts with no digit");
}

/** As @confluentinc/schemaregistry reads them; a list it could not use is refused, for a field would be missed. */
function tagsOf(json: JsonObject, at: string): readonly string[] {
  const tags = json["confluent:tags"];
  if (tags === undefined) return [];
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return tags;
  return refuse(`${at}/confluent:tags`, "tags are a list of texts");
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function refuse(at: string, what: string): never {
  throw new StraitError("filter-invalid", `not an Avro schema: ${what} (at ${at === "" ? "its top" : at})`);
}
