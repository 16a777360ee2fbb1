/** Examples of bodies and answers: those of the documents, and some that the documents do without. */

import type { TSchema } from "typebox";
import { type Operation, pathPattern } from "../route-table.ts";
import documented from "./documented-examples.json" with { type: "json" };
import { MORE_EXAMPLES } from "./more-examples.ts";

/** `METHOD PATH` of a request, whose path is filled in or not; `METHOD PATH STATUS` of an answer. */
type Marked = Readonly<Record<string, unknown>>;

export class Examples {
  /** By the schema's JSON: what is answered in one place is answered alike in others. */
  readonly #bySchema = new Map<string, unknown>();
  readonly #requests: readonly (readonly [method: string, path: string, example: unknown])[];
  readonly #answers: Marked;

  constructor(operations: readonly Operation[]) {
    const all: Marked = { ...MORE_EXAMPLES, ...documented };
    this.#answers = all;
    this.#requests = Object.entries(all)
      .map(([mark, example]) => [mark.split(" "), example] as const)
      .filter(([{ length }]) => length === 2)
      .map(([[method = "", path = ""], example]) => [method.toLowerCase(), path, example]);
    for (const operation of operations) {
      for (const [status, { schema }] of Object.entries(operation.answers)) {
        const example = this.#answers[answerMark(operation, status)];
        if (schema !== undefined && example !== undefined) this.#remember(schema, example);
      }
    }
  }

  /** Of an operation's body; undefined where there is none. */
  request(operation: Operation): unknown {
    const { method, path } = operation;
    const pattern = pathPattern(path);
    return this.#requests.find(([of, at]) => of === method && (at === path || pattern.test(at)))?.[2];
  }

  /** Of an answer; undefined where there is none. */
  answer(operation: Operation, status: string): unknown {
    const own = this.#answers[answerMark(operation, status)];
    const { schema } = operation.answers[Number(status)] ?? {};
    return own ?? (schema === undefined ? undefined : this.#like(schema));
  }

  /** Of the same schema, or a list with one of its elements. */
  #like(schema: TSchema): unknown {
    const known = this.#bySchema.get(JSON.stringify(schema));
    if (known !== undefined) return known;
    const members = Object.entries((schema as { properties?: Readonly<Record<string, ArraySchema>> }).properties ?? {});
    const [[name, list] = ["", {}], ...others] = members;
    if (others.length > 0 || list.items === undefined) return undefined;
    const element = this.#bySchema.get(JSON.stringify(list.items));
    return element === undefined ? undefined : { [name]: [element] };
  }

  #remember(schema: TSchema, example: unknown): void {
    const key = JSON.stringify(schema);
    if (!this.#bySchema.has(key)) this.#bySchema.set(key, example);
  }
}

type ArraySchema = { readonly items?: TSchema };

function answerMark({ method, path }: Operation, status: string): string {
  return `${method.toUpperCase()} ${path} ${status}`;
}
