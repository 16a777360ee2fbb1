/** The definitions of a reduced JSON Schema: those its parts refer to, whole or reduced, and no others. */

import type { MatchState } from "../../fields/matcher.ts";
import {
  isObject,
  type JsonSchema,
  type JsonSchemaObject,
  notUnderstood,
  type SchemaDocuments,
  type SchemaPlace,
} from "./documents.ts";

/** What was found of a definition in a place where some of it is taken out. */
export interface Outcome {
  readonly schema: JsonSchema;
  readonly changed: boolean;
}

interface Reduced {
  readonly pointer: string;
  /** Null while it is being reduced: it refers to itself. */
  outcome: Outcome | null;
  /** What refers to it; the name is filled in at the end. */
  readonly references: Record<string, unknown>[];
}

const CONTAINERS: ReadonlySet<string> = new Set(["definitions", "$defs"]);

export class Definitions {
  readonly #documents: SchemaDocuments;
  /** By pointer, then by what is known of the paths there. */
  readonly #reduced = new Map<string, Map<MatchState, Reduced>>();
  /** Containers and names of those that stay whole. */
  readonly #whole = new Set<string>();
  #unmovable = false;

  constructor(documents: SchemaDocuments) {
    this.#documents = documents;
  }

  /** Refers to the reduced form of a part of the document. Returns whether it is changed, null if that is still open. */
  refer(
    from: Record<string, unknown>,
    { pointer, schema }: SchemaPlace,
    state: MatchState,
    reduce: (schema: JsonSchema) => Outcome,
  ): boolean | null {
    const states = this.#reduced.get(pointer) ?? new Map<MatchState, Reduced>();
    this.#reduced.set(pointer, states);
    let reduced = states.get(state);
    if (reduced === undefined) {
      reduced = { pointer, outcome: null, references: [] };
      states.set(state, reduced);
      reduced.outcome = reduce(schema);
    }
    if (reduced.outcome?.changed !== false) reduced.references.push(from);
    return reduced.outcome?.changed ?? null;
  }

  /** Keeps what a part that stays whole refers to. */
  keepFor(part: unknown): void {
    if (Array.isArray(part)) for (const each of part) this.keepFor(each);
    if (!isObject(part)) return;
    for (const [keyword, value] of Object.entries(part)) {
      if (keyword === "$ref" && typeof value === "string") this.#keepTarget(value);
      else if (keyword === "$dynamicRef" || keyword === "$recursiveRef") this.#unmovable = true;
      else this.keepFor(value);
    }
  }

  /** The schema with its definitions. */
  addTo(root: JsonSchemaObject): JsonSchemaObject {
    if (this.#unmovable) {
      throw notUnderstood("a part that stays whole refers to one that is no definition, or to the whole schema");
    }
    const containers = new Map<string, Record<string, unknown>>();
    for (const key of this.#whole) {
      const [container, name] = JSON.parse(key) as [string, string];
      containerIn(containers, container)[name] = this.#definition(container, name);
    }
    const waiting = [...this.#reduced.values()].flatMap((states) => [...states.values()]);
    const reached = new Set<unknown>();
    reach(root, reached);
    // What was looked at and then left out refers to nothing, so definitions are taken as they are reached.
    for (let at = nextReached(waiting, reached); at >= 0; at = nextReached(waiting, reached)) {
      const [{ pointer, outcome, references }] = waiting.splice(at, 1) as [Reduced];
      const [containerName, name] = this.#placeFor(pointer);
      const container = containerIn(containers, containerName);
      const free = freeName(name, (taken) => Object.hasOwn(container, taken));
      container[free] = outcome?.schema;
      for (const reference of references) reference["$ref"] = `#/${containerName}/${encodeToken(free)}`;
      reach(outcome?.schema, reached);
    }
    return { ...root, ...Object.fromEntries(containers) };
  }

  #keepTarget(reference: string): void {
    const { document, pointer } = this.#documents.resolve(reference, this.#documents.root);
    if (document !== this.#documents.root) return;
    const [, container = "", name] = pointer.split("/").map(decodeToken);
    if (!CONTAINERS.has(container) || name === undefined) {
      this.#unmovable = true;
      return;
    }
    const key = JSON.stringify([container, name]);
    if (this.#whole.has(key)) return;
    this.#whole.add(key);
    this.keepFor(this.#definition(container, name));
  }

  #definition(container: string, name: string): unknown {
    const { schema } = this.#documents.root;
    return (schema as Record<string, Record<string, unknown>>)[container]?.[name];
  }

  /** The container and the name of a definition; what is none becomes one. */
  #placeFor(pointer: string): [string, string] {
    const [, container = "", ...names] = pointer.split("/").map(decodeToken);
    const name = names.at(-1) ?? "root";
    if (CONTAINERS.has(container)) return [container, name];
    return [
      isObject(this.#documents.root.schema) && "$defs" in this.#documents.root.schema ? "$defs" : "definitions",
      name,
    ];
  }
}

function containerIn(containers: Map<string, Record<string, unknown>>, name: string): Record<string, unknown> {
  const container = containers.get(name) ?? {};
  containers.set(name, container);
  return container;
}

function nextReached(waiting: readonly Reduced[], reached: ReadonlySet<unknown>): number {
  return waiting.findIndex(({ references }) => references.some((reference) => reached.has(reference)));
}

/** Notes every object in a schema. */
function reach(part: unknown, reached: Set<unknown>): void {
  if (typeof part !== "object" || part === null || reached.has(part)) return;
  reached.add(part);
  for (const each of Object.values(part)) reach(each, reached);
}

function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  let number = 1;
  while (isTaken(`${name}-reduced-${number}`)) number++;
  return `${name}-reduced-${number}`;
}

function decodeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Into a JSON Pointer that stands in the fragment of a URI. */
function encodeToken(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
