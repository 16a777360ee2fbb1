/**
 * Where the fields are that a JSON Schema tags (`confluent:tags`), as paths. A schema that tags in a way no path can say
 * exactly is refused, unless the path says more: then more is chosen, never less.
 */

import type { JsonPath, Segment } from "../../fields/path.ts";
import {
  isJsonSchema,
  isObject,
  type JsonSchema,
  type JsonSchemaObject,
  notUnderstood,
  type SchemaDocument,
  type SchemaDocuments,
} from "./documents.ts";

const TAGS = "confluent:tags";
/** A schema that refers to its parts over and over again can have any number of paths. */
const MAX_PATHS = 1000;
const MAX_STEPS = 20_000;

/** Keywords whose schemas are about the value itself. */
const SAME_VALUE = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"];
/** Keywords whose values are schemas by name. */
const BY_NAME: ReadonlySet<string> = new Set(["dependentSchemas", "dependencies", "patternProperties"]);
/** Keywords whose values are no schemas, whatever they look like. */
const DATA: ReadonlySet<string> = new Set(["enum", "const", "default", "examples", "example"]);
const DEFINITIONS: ReadonlySet<string> = new Set(["$defs", "definitions"]);

/** Paths to all fields with one of the tags. Throws `filter-failed` for a schema whose tags cannot be followed. */
export function taggedPaths(documents: SchemaDocuments, tags: readonly string[]): readonly JsonPath[] {
  const search = new TagSearch(documents, tags);
  search.enter(documents.root, "", documents.root.schema, []);
  search.refuseUnvisited();
  return search.found;
}

interface OpenTarget {
  readonly key: string;
  /** How long the path to it is. */
  readonly depth: number;
  /** Whether it was met again inside of itself, further down. */
  recursive: boolean;
}

class TagSearch {
  readonly found: JsonPath[] = [];
  readonly #documents: SchemaDocuments;
  readonly #wanted: ReadonlySet<string>;
  readonly #open: OpenTarget[] = [];
  readonly #visited = new Set<unknown>();
  readonly #documentsVisited = new Set<SchemaDocument>();
  #steps = 0;

  constructor(documents: SchemaDocuments, tags: readonly string[]) {
    this.#documents = documents;
    this.#wanted = new Set(tags);
  }

  /** Goes into a document or into what a reference leads to. */
  enter(document: SchemaDocument, pointer: string, schema: JsonSchema, path: JsonPath): void {
    const key = `${document.name}#${pointer}`;
    const again = this.#open.find((target) => target.key === key);
    if (again !== undefined) {
      if (path.length > again.depth) again.recursive = true;
      return;
    }
    this.#documentsVisited.add(document);
    const target: OpenTarget = { key, depth: path.length, recursive: false };
    this.#open.push(target);
    const first = this.found.length;
    this.#walk(document, schema, path);
    this.#open.pop();
    if (!target.recursive) return;
    // It may come again at any depth below, and with it all that is tagged inside.
    for (let i = first; i < this.found.length; i++) {
      this.found[i] = this.found[i]!.map((segment, at) =>
        at === target.depth ? { ...segment, descend: true } : segment,
      );
    }
  }

  /** Refuses tags in places that the walk did not come by: some keyword that was taken for an annotation. */
  refuseUnvisited(): void {
    for (const { schema } of this.#documentsVisited) this.#scan(schema);
  }

  #walk(document: SchemaDocument, schema: JsonSchema, path: JsonPath): void {
    if (++this.#steps > MAX_STEPS) throw notUnderstood("its references lead on without end");
    if (!isObject(schema)) return;
    this.#visited.add(schema);
    if (this.#isTagged(schema)) {
      this.#add(path);
      return;
    }
    if (schema["$ref"] !== undefined) {
      const target = this.#documents.resolve(schema["$ref"], document);
      this.enter(target.document, target.pointer, target.schema, path);
    }
    if (schema["$dynamicRef"] !== undefined || schema["$recursiveRef"] !== undefined) {
      throw notUnderstood("it has a $dynamicRef or $recursiveRef");
    }
    for (const keyword of SAME_VALUE) for (const part of schemasIn(schema, keyword)) this.#walk(document, part, path);
    this.#walkMembers(document, schema, path);
    this.#walkElements(document, schema, path);
  }

  #walkMembers(document: SchemaDocument, schema: JsonSchemaObject, path: JsonPath): void {
    const { properties } = schema;
    if (isObject(properties)) {
      for (const [name, member] of Object.entries(properties)) {
        if (isJsonSchema(member)) this.#walk(document, member, [...path, step(name)]);
      }
    }
    // `*` also takes the members that are listed, which these schemas are not about.
    const alone = properties === undefined && schema["patternProperties"] === undefined;
    for (const keyword of ["additionalProperties", "unevaluatedProperties"]) {
      this.#walkRest(document, schema, keyword, path, alone);
    }
    for (const keyword of ["patternProperties", "propertyNames"]) {
      this.#walkRest(document, schema, keyword, path, false);
    }
  }

  #walkElements(document: SchemaDocument, schema: JsonSchemaObject, path: JsonPath): void {
    const { items, prefixItems } = schema;
    const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : null;
    for (const [index, element] of (tuple ?? []).entries()) {
      if (isJsonSchema(element)) this.#walk(document, element, [...path, step(index)]);
    }
    if (!Array.isArray(items)) this.#walkRest(document, schema, "items", path, tuple === null);
    for (const keyword of ["additionalItems", "unevaluatedItems", "contains"]) {
      this.#walkRest(document, schema, keyword, path, false);
    }
  }

  /** Schemas about members or elements that only `*` can name. */
  #walkRest(document: SchemaDocument, schema: JsonSchemaObject, keyword: string, path: JsonPath, exact: boolean): void {
    const before = this.found.length;
    for (const part of schemasIn(schema, keyword)) this.#walk(document, part, [...path, step(null)]);
    if (!exact && this.found.length > before)
      throw notUnderstood(`it has tags in ${keyword}, which no path says exactly`);
  }

  #add(path: JsonPath): void {
    if (path.length === 0) throw notUnderstood("the whole value is tagged");
    if (this.found.length >= MAX_PATHS) throw notUnderstood(`it tags more than ${MAX_PATHS} fields`);
    this.found.push(path);
  }

  #isTagged(schema: JsonSchemaObject): boolean {
    const tags = schema[TAGS];
    if (tags === undefined) return false;
    if (typeof tags === "string") return this.#wanted.has(tags);
    if (!Array.isArray(tags)) throw notUnderstood(`${TAGS} is not a list`);
    return tags.some((tag) => this.#wanted.has(String(tag)));
  }

  #scan(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.#scan(item);
    if (!isObject(value)) return;
    if (this.#isTagged(value)) {
      // What is below of a visited one goes with it.
      if (this.#visited.has(value)) return;
      throw notUnderstood("it has tags in a place that is no field");
    }
    for (const [keyword, part] of Object.entries(value)) {
      // Definitions nobody refers to are about no field.
      if (!DATA.has(keyword) && !DEFINITIONS.has(keyword)) this.#scan(part);
    }
  }
}

function step(selector: string | number | null): Segment {
  return { descend: false, selector };
}

/** The schemas of a keyword's value, which is one, a list of them, or names with them. */
function schemasIn(schema: JsonSchemaObject, keyword: string): JsonSchema[] {
  const value = schema[keyword];
  if (Array.isArray(value)) return value.filter(isJsonSchema);
  if (!isObject(value)) return [];
  return BY_NAME.has(keyword) ? Object.values(value).filter(isJsonSchema) : [value];
}
