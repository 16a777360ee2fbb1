/** A JSON Schema with the schemas it refers to, and what its references mean. */

import { StraitError } from "../../../src/mod.ts";

/** `true` and `false` are schemas, too. */
export type JsonSchema = boolean | JsonSchemaObject;
export type JsonSchemaObject = Readonly<Record<string, unknown>>;

export interface SchemaDocument {
  /** The name others refer to it by; "" for the first. */
  readonly name: string;
  readonly schema: JsonSchema;
  /** What relative references are relative to, where the schema says so. */
  readonly base: string | null;
}

/** A schema inside a document. */
export interface SchemaPlace {
  readonly document: SchemaDocument;
  /** JSON Pointer, "" for the whole document. */
  readonly pointer: string;
  readonly schema: JsonSchema;
}

export class SchemaDocuments {
  readonly root: SchemaDocument;
  readonly #byName = new Map<string, SchemaDocument>();

  /** Takes JSON texts. Throws `filter-failed` for what is no JSON Schema. */
  constructor(text: string, referenced: ReadonlyMap<string, string>) {
    this.root = documentOf("", text);
    for (const [name, other] of referenced) this.#byName.set(name, documentOf(name, other));
  }

  /** What `$ref` stands for in a document. Throws `filter-failed` where that is not to be found. */
  resolve(reference: unknown, from: SchemaDocument): SchemaPlace {
    if (typeof reference !== "string") throw notUnderstood("a $ref is not text");
    const [address = "", fragment = ""] = reference.split("#", 2);
    const document = address === "" ? from : this.#find(address, from);
    const pointer = decodeFragment(fragment);
    if (pointer !== "" && !pointer.startsWith("/")) throw notUnderstood("a $ref names an anchor");
    let schema: unknown = document.schema;
    for (const token of pointer.split("/").slice(1)) {
      const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
      schema = isObject(schema) || Array.isArray(schema) ? own(schema, name) : undefined;
    }
    if (!isJsonSchema(schema)) throw notUnderstood("a $ref leads to no schema");
    return { document, pointer, schema };
  }

  #find(address: string, from: SchemaDocument): SchemaDocument {
    const named = this.#byName.get(address);
    if (named !== undefined) return named;
    const absolute = absoluteOf(address, from.base);
    const found = [this.root, ...this.#byName.values()].find(
      ({ name, base }) => base === absolute || (name !== "" && absoluteOf(name, this.root.base) === absolute),
    );
    if (found === undefined) throw notUnderstood("a $ref leads to a schema that is not among its references");
    return found;
  }
}

export function isObject(value: unknown): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

/** For a schema that says something strait cannot follow. `what` holds nothing of it. */
export function notUnderstood(what: string): StraitError {
  return new StraitError("filter-failed", `the JSON Schema is not understood: ${what}`);
}

function documentOf(name: string, text: string): SchemaDocument {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    // What the parser says quotes the text.
    throw notUnderstood("it is not JSON");
  }
  if (!isJsonSchema(schema)) throw notUnderstood("it is neither an object nor true or false");
  const id = isObject(schema) ? (schema["$id"] ?? schema["id"]) : undefined;
  return { name, schema, base: typeof id === "string" ? absoluteOf(id.replace(/#.*$/, ""), null) : null };
}

function absoluteOf(address: string, base: string | null): string {
  try {
    return new URL(address, base ?? undefined).href;
  } catch {
    // A relative name and nothing it is relative to: it stands for itself.
    return address;
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    throw notUnderstood("a $ref is no URI");
  }
}

function own(holder: JsonSchemaObject | readonly unknown[], name: string): unknown {
  return Object.hasOwn(holder, name) ? (holder as JsonSchemaObject)[name] : undefined;
}
