/** The API's document as something answers are held against. */

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ControlUnderTest } from "./control-under-test.ts";

export interface DescribedContent {
  readonly schema: object;
  readonly example?: unknown;
}

export interface DescribedAnswer {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, DescribedContent>>;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly "x-role": string;
  readonly parameters?: readonly { readonly name: string; readonly schema: object; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, DescribedContent>> };
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, DescribedAnswer>>;
  };
}

/** What the document's schemas are found under. */
const BASE = "http://document.invalid/openapi.json";

export class Contract {
  readonly document: ApiDocument;
  #compiled = 0;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: ApiDocument) {
    this.document = document;
    addFormats(this.#ajv);
    this.#ajv.addSchema({ $id: BASE, components: closed(document.components) });
  }

  static async of(subject: ControlUnderTest): Promise<Contract> {
    return new Contract((await subject.call("GET", "/openapi.json")).body as unknown as ApiDocument);
  }

  /** All operations, each as `GET /v1/links`. */
  get operations(): ReadonlyMap<string, DescribedOperation> {
    const operations = Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, each]) => [`${method.toUpperCase()} ${path}`, each] as const),
    );
    return new Map(operations);
  }

  operation(name: string): DescribedOperation {
    const found = this.operations.get(name);
    if (found === undefined) throw new Error(`the document has no ${name}`);
    return found;
  }

  /** The answer as it is described; undefined where the status is not. */
  answer(name: string, status: number): DescribedAnswer | undefined {
    const answer = this.operation(name).responses[status];
    const named = answer?.$ref?.split("/").at(-1);
    return named === undefined ? answer : this.document.components.responses[named];
  }

  /** Everything in which an answer differs from what is described; fields that are not described are mistakes too. */
  async mistakes(name: string, response: Response): Promise<string[]> {
    const described = this.answer(name, response.status);
    if (described === undefined) return [`status ${response.status} is not described`];
    const missing = Object.entries(described.headers ?? {}).filter(
      ([header, { required }]) => required === true && !response.headers.has(header),
    );
    const headers = missing.map(([header]) => `the header ${header} is missing`);
    const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
    const text = mediaType === "text/event-stream" ? "" : await response.text();
    if (described.content === undefined) return [...headers, ...(text === "" ? [] : ["there is content"])];
    const content = described.content[mediaType];
    if (content === undefined) return [...headers, `the media type ${mediaType} is not described`];
    const value = mediaType.endsWith("json") ? JSON.parse(text) : text;
    return [...headers, ...this.against(content.schema, value)];
  }

  /** What is wrong with a value by a schema of the document. */
  against(schema: object, value: unknown): string[] {
    const fits = this.#ajv.compile({ $id: `${BASE}/${this.#compiled++}`, ...(closed(schema, BASE) as object) });
    fits(value);
    return (fits.errors ?? []).map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
  }
}

/** The schema with every object closed whose fields are listed: what is answered is listed, all of it. */
function closed(schema: unknown, base = ""): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closed(each, base));
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.fromEntries(
    Object.entries(schema).map(([name, each]) => [name, name === "$ref" ? `${base}${each}` : closed(each, base)]),
  );
  const isObject = members["type"] === "object" && "properties" in members;
  return isObject && !("additionalProperties" in members) ? { ...members, additionalProperties: false } : members;
}
