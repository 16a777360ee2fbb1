/**
 * What is left of a JSON Schema when fields are taken out of the data: their schemas go, with doc texts, defaults and
 * examples, and so does what would demand them. What is left accepts what is left of any data the whole accepted; where
 * that cannot be said exactly, it demands less.
 *
 * A definition that is used in several places, of which some lose fields and some do not, is there once for each.
 */

import type { MatchState } from "../../fields/matcher.ts";
import { annotationKeywords, takenOver } from "./annotation-keywords.ts";
import { choiceKeywords } from "./choice-keywords.ts";
import { Definitions } from "./definitions.ts";
import {
  isJsonSchema,
  isObject,
  type JsonSchema,
  type JsonSchemaObject,
  notUnderstood,
  type SchemaDocuments,
} from "./documents.ts";
import { elementKeywords } from "./element-keywords.ts";
import type { FateOf, KeywordReducer, Reduction } from "./keyword-reducer.ts";
import { memberKeywords, undeclaredMembers } from "./member-keywords.ts";

export interface ReduceOptions {
  /** What becomes of the value in a place. */
  readonly fateOf: FateOf;
  /** Whether a container goes where nothing in it is kept, as it does under an allow-list. */
  readonly emptyGoes: boolean;
}

const KEYWORDS: ReadonlyMap<string, KeywordReducer> = new Map(
  Object.entries({ ...memberKeywords, ...elementKeywords, ...choiceKeywords, ...annotationKeywords }),
);

/** The reduced schema; null where nothing is to be taken out. Throws `filter-failed` where it cannot be told. */
export function reduceJsonSchema(
  documents: SchemaDocuments,
  root: MatchState,
  options: ReduceOptions,
): JsonSchemaObject | null {
  const { schema } = documents.root;
  if (options.fateOf(root) !== "partly" || !isObject(schema)) return null;
  const definitions = new Definitions(documents);
  const found = new Walk(documents, definitions, root, options).partly(schema, root);
  return found.changed ? definitions.addTo(found.value) : null;
}

/** A part, and whether it is another one than it was; open where it refers to what it is in, which is not known yet. */
interface Found<T> {
  readonly value: T;
  readonly changed: boolean;
  readonly open: boolean;
}

class Walk implements Reduction {
  readonly fateOf: FateOf;
  readonly emptyGoes: boolean;
  readonly #documents: SchemaDocuments;
  readonly #definitions: Definitions;
  readonly #root: MatchState;
  #changed = false;
  #open = false;

  constructor(documents: SchemaDocuments, definitions: Definitions, root: MatchState, options: ReduceOptions) {
    this.#documents = documents;
    this.#definitions = definitions;
    this.#root = root;
    this.fateOf = options.fateOf;
    this.emptyGoes = options.emptyGoes;
  }

  partly(schema: JsonSchemaObject, state: MatchState): Found<Record<string, unknown>> {
    return this.#watched(() => {
      const out: Record<string, unknown> = {};
      for (const [keyword, value] of Object.entries(schema)) {
        const reduce = KEYWORDS.get(keyword) ?? takenOver;
        const kept = reduce(
          value,
          { keyword, schema, state, out, isRoot: schema === this.#documents.root.schema },
          this,
        );
        if (kept !== undefined) out[keyword] = kept;
      }
      undeclaredMembers(out, schema, state, this);
      return out;
    });
  }

  schema(schema: unknown, state: MatchState): JsonSchema {
    if (!isJsonSchema(schema)) throw notUnderstood("a schema is neither an object nor true or false");
    if (!isObject(schema)) return schema;
    const { value, changed, open } = this.partly(schema, state);
    return changed || open ? value : this.whole(schema);
  }

  whole<T>(part: T): T {
    this.#definitions.keepFor(part);
    return part;
  }

  gone(): void {
    this.#changed = true;
  }

  refer(out: Record<string, unknown>, reference: unknown, state: MatchState): void {
    const place = this.#documents.resolve(reference, this.#documents.root);
    if (place.document !== this.#documents.root) {
      throw notUnderstood("fields are to be taken out of another schema that it refers to");
    }
    out["$ref"] = reference;
    if (place.pointer === "" && state === this.#root) {
      this.#open = true;
      return;
    }
    const changed = this.#definitions.refer(out, place, state, (schema) => {
      if (!isObject(schema)) return { schema, changed: false };
      const { value, changed } = this.partly(schema, state);
      return { schema: value, changed };
    });
    if (changed === false) this.whole(out);
    else if (changed === null) this.#open = true;
    else this.#changed = true;
  }

  /** What became of a part; the parts around it hear of it, too. */
  #watched<T>(work: () => T): Found<T> {
    const before = { changed: this.#changed, open: this.#open };
    this.#changed = false;
    this.#open = false;
    const value = work();
    const found = { value, changed: this.#changed, open: this.#open };
    this.#changed ||= before.changed;
    this.#open ||= before.open;
    return found;
  }
}
