/** Takes schemas along: what the source's registry has, or what a filter left of it, to the destination's. */

import { type FilterContext, type Schema, type SchemaId, type SchemaRegistry, StraitError } from "../../src/mod.ts";
import { besideTheSource, destinationSubjects, subjectsBesideTheSource } from "./destination-subjects.ts";
import type { FrameId } from "./frame.ts";

/** What a filter leaves of a schema. */
export interface ReducedSchema {
  readonly schema: Schema;
  /** The schemas it refers to that are others now, too, by the names it uses. */
  readonly referenced: ReadonlyMap<string, Schema>;
}

type Reference = Schema["references"][number];

export class SchemaCarrier {
  readonly source: SchemaRegistry;
  readonly #destination: SchemaRegistry | null;
  readonly #shared: boolean;
  readonly #context: Parameters<typeof destinationSubjects>[1];

  /** Throws `filter-invalid` where the source has no registry, or the destination has none and `reduces` needs one. */
  constructor(context: FilterContext, target: "key" | "value", { reduces }: { readonly reduces: boolean }) {
    const { source, destination } = context.registries;
    if (source === null) {
      throw new StraitError(
        "filter-invalid",
        "data framed for a schema registry needs one: give the source cluster a `schemaRegistry`",
      );
    }
    if (destination === null && reduces) throw new StraitError("filter-invalid", NOWHERE_TO_GO);
    this.source = source;
    this.#destination = destination;
    this.#shared = destination !== null && sameAddress(source.url, destination.url);
    this.#context = { topic: context.topic, destinationTopic: context.destinationTopic, target };
  }

  /**
   * How frames name the schema at the destination; null where as at the source. `reduced` is what a filter left of the
   * schema, null where that is all of it: then it is only copied where it is not there already. Rejects as the registries
   * do, and with `filter-failed` for a reduced schema that has nowhere to go.
   */
  async carry(id: FrameId, schema: Schema, reduced: ReducedSchema | null): Promise<SchemaId | null> {
    const destination = this.#destination;
    if (destination === null && reduced !== null) throw new StraitError("filter-failed", NOWHERE_TO_GO);
    if (destination === null || (this.#shared && reduced === null)) return null;
    const subjects = await this.source.subjectsOf(typeof id === "number" ? id : await this.source.idOf(id));
    const names = (this.#shared ? subjectsBesideTheSource : destinationSubjects)(subjects, this.#context);
    const others = reduced?.referenced ?? new Map<string, Schema>();
    const carried = await this.#withReferences(reduced?.schema ?? schema, others, destination, []);
    const registered: SchemaId[] = [];
    for (const name of names) registered.push(await destination.register(name, carried));
    // The same schema has the same id under all subjects of a registry.
    return registered[0] ?? null;
  }

  /** The schema with what it refers to at the destination, where versions have other numbers. */
  async #withReferences(
    schema: Schema,
    others: ReadonlyMap<string, Schema>,
    destination: SchemaRegistry,
    within: readonly string[],
  ): Promise<Schema> {
    const carry = async ({ name, subject, version }: Reference): Promise<Reference> => {
      const place = `${subject} ${version}`;
      if (within.includes(place)) throw new StraitError("filter-failed", `the schema ${place} refers to itself`);
      const other = others.get(name);
      // In a shared registry all but those that are others are there, and as they are.
      if (this.#shared && other === undefined) return { name, subject, version };
      const referenced = other ?? (await this.source.byVersion(subject, version));
      const carried = await this.#withReferences(referenced, others, destination, [...within, place]);
      const under = this.#shared ? besideTheSource(subject) : subject;
      return { name, subject: under, version: (await destination.register(under, carried)).version };
    };
    const references: Reference[] = [];
    for (const reference of schema.references) references.push(await carry(reference));
    return { type: schema.type, text: schema.text, references };
  }
}

const NOWHERE_TO_GO =
  "the schema without the dropped fields has nowhere to go: give the destination cluster a `schemaRegistry`, or replace the fields instead of dropping them";

function sameAddress(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => new URL(url).href.replace(/\/+$/, ""));
  return a === b;
}
