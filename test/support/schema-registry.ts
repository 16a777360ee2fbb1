/**
 * A schema registry on loopback, speaking the part of Confluent's REST API that clients of data need. It keeps schemas as
 * they are registered, gives ids by content as Confluent's does, and can be made to fail in the ways real ones do.
 */

import { createHash } from "node:crypto";
import avro from "avsc";

export interface StoredSchema {
  readonly id: number;
  readonly guid: string;
  readonly schemaType: string;
  readonly schema: string;
  readonly references: readonly unknown[];
  readonly metadata: unknown;
}

export interface StandInOptions {
  /** Default 1. Two registries with different ones give the same schema different ids. */
  readonly firstId?: number;
  /** Whether a subject's new Avro schemas must be able to read what its last one wrote. Default NONE. */
  readonly compatibility?: "NONE" | "BACKWARD";
  /** As a registry of the time before UUIDs and before versions in answers to a registration. Default false. */
  readonly old?: boolean;
  /** What the Authorization header must be. Default: nothing is asked for. */
  readonly authorization?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default: a free one. */
  readonly port?: number;
}

/** What is answered instead of the truth, for the requests it is not null for. May take its time. */
export type Disturbance = (request: Request) => Response | null | Promise<Response | null>;

interface Body {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly unknown[];
  readonly metadata?: unknown;
}

export class StandInRegistry implements AsyncDisposable {
  readonly #options: StandInOptions;
  readonly #server: Bun.Server<undefined>;
  readonly #byId = new Map<number, StoredSchema>();
  /** Ids in the order of versions. */
  readonly #subjects = new Map<string, number[]>();
  /** `METHOD /path?query` of each request, in order. */
  readonly requests: string[] = [];
  /** Also after it was stopped. */
  readonly port: number;
  compatibility: "NONE" | "BACKWARD";
  authorization: string | null;
  disturbance: Disturbance = () => null;

  constructor(options: StandInOptions = {}) {
    this.#options = options;
    this.compatibility = options.compatibility ?? "NONE";
    this.authorization = options.authorization ?? null;
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port: options.port ?? 0,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      fetch: (request) => this.#answer(request),
    });
    this.port = this.#server.port ?? 0;
  }

  get url(): string {
    return `${this.#options.tls === undefined ? "http" : "https"}://127.0.0.1:${this.port}`;
  }

  get subjects(): string[] {
    return [...this.#subjects.keys()].sort();
  }

  /** What is registered under a subject, in the order of versions. */
  versionsOf(subject: string): StoredSchema[] {
    return (this.#subjects.get(subject) ?? []).map((id) => this.#stored(id));
  }

  /** Registers without the API, as somebody else did before. */
  add(subject: string, body: Body): StoredSchema {
    const schemaType = body.schemaType ?? "AVRO";
    const { schema, references = [], metadata = null } = body;
    const digest = createHash("md5")
      .update(JSON.stringify([schemaType, schema, references, metadata]))
      .digest("hex");
    const guid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    let stored = [...this.#byId.values()].find((each) => each.guid === guid);
    if (stored === undefined) {
      const id = (this.#options.firstId ?? 1) + this.#byId.size;
      stored = { id, guid, schemaType, schema, references, metadata };
      this.#byId.set(id, stored);
    }
    const versions = this.#subjects.get(subject) ?? [];
    if (!versions.includes(stored.id)) versions.push(stored.id);
    this.#subjects.set(subject, versions);
    return stored;
  }

  /** Nobody answers any more. */
  async stop(): Promise<void> {
    await this.#server.stop(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search, searchParams } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}${search}`);
    const disturbed = await this.disturbance(request);
    if (disturbed !== null) return disturbed;
    if (this.authorization !== null && request.headers.get("authorization") !== this.authorization) {
      return problem(401, 40101, `Unauthorized: ${request.headers.get("authorization") ?? "no credentials"}`);
    }
    const [first, second, third, fourth, fifth] = pathname.slice(1).split("/").map(decodeURIComponent);
    const format = searchParams.get("format") ?? "";
    if (first === "schemas" && second === "ids" && request.method === "GET") {
      const stored = this.#byId.get(Number(third));
      if (stored === undefined) return problem(404, 40403, `Schema ${third} not found`);
      if (fourth === undefined) return Response.json(this.#shown(stored, format));
      const places = [...this.#subjects].filter(([, ids]) => ids.includes(stored.id));
      if (fourth === "subjects") return Response.json(places.map(([subject]) => subject));
      return Response.json(places.map(([subject, ids]) => ({ subject, version: ids.indexOf(stored.id) + 1 })));
    }
    if (first === "schemas" && second === "guids" && !this.#options.old && request.method === "GET") {
      const stored = [...this.#byId.values()].find(({ guid }) => guid === third);
      if (fourth === "ids") return Response.json(stored === undefined ? [] : [{ context: ".", id: stored.id }]);
      if (stored === undefined) return problem(404, 40403, `Schema ${third} not found`);
      return Response.json(this.#shown(stored, format));
    }
    if (first === "subjects" && second !== undefined && request.method === "POST") {
      const body = (await request.json()) as Body;
      return third === "versions" ? this.#register(second, body) : this.#lookUp(second, body);
    }
    if (first === "subjects" && second !== undefined && third === "versions" && fourth !== undefined && !fifth) {
      const ids = this.#subjects.get(second);
      if (ids === undefined) return problem(404, 40401, `Subject '${second}' not found.`);
      const id = ids[Number(fourth) - 1];
      if (id === undefined) return problem(404, 40402, `Version ${fourth} not found.`);
      return Response.json({
        subject: second,
        version: Number(fourth),
        id,
        ...this.#shown(this.#stored(id), format),
      });
    }
    return problem(404, 404, "HTTP 404 Not Found");
  }

  #register(subject: string, body: Body): Response {
    const invalid = invalidity(body);
    if (invalid !== null) return problem(422, 42201, `Invalid schema ${body.schema}: ${invalid}`);
    for (const reference of body.references ?? []) {
      const { subject: other, version } = reference as { subject: string; version: number };
      if (this.#subjects.get(other)?.[version - 1] === undefined) {
        return problem(422, 42201, `Invalid schema ${body.schema}: no reference ${other}`);
      }
    }
    const last = this.versionsOf(subject).at(-1);
    if (this.compatibility === "BACKWARD" && last !== undefined && !canRead(body, last)) {
      return problem(
        409,
        409,
        `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: ` +
          `[{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field in the new schema has no default', additionalInfo:'x'}, ` +
          `{oldSchema: '${last.schema}'}, {compatibility: 'BACKWARD'}]`,
      );
    }
    const stored = this.add(subject, body);
    return Response.json(this.#options.old ? { id: stored.id } : this.#described(subject, stored));
  }

  #lookUp(subject: string, body: Body): Response {
    if (!this.#subjects.has(subject)) return problem(404, 40401, `Subject '${subject}' not found.`);
    const type = body.schemaType ?? "AVRO";
    const stored = this.versionsOf(subject).find((each) => each.schema === body.schema && each.schemaType === type);
    return stored === undefined
      ? problem(404, 40403, "Schema not found")
      : Response.json(this.#described(subject, stored));
  }

  #described(subject: string, stored: StoredSchema): Record<string, unknown> {
    const version = (this.#subjects.get(subject) ?? []).indexOf(stored.id) + 1;
    return { subject, version, id: stored.id, ...this.#shown(stored, "") };
  }

  /** A Protobuf schema is only shown as the descriptor it was registered as to who asks for that form. */
  #shown({ guid, schemaType, schema, references, metadata }: StoredSchema, format: string): Record<string, unknown> {
    return {
      ...(schemaType === "AVRO" ? {} : { schemaType }),
      schema: schemaType === "PROTOBUF" && format !== "serialized" ? 'syntax = "proto3"; // in words' : schema,
      ...(references.length === 0 ? {} : { references }),
      ...(metadata === null ? {} : { metadata }),
      ...(this.#options.old ? {} : { guid }),
    };
  }

  #stored(id: number): StoredSchema {
    const stored = this.#byId.get(id);
    if (stored === undefined) throw new Error(`there is no schema ${id}`);
    return stored;
  }
}

function problem(status: number, code: number, message: string): Response {
  return Response.json(
    { error_code: code, message },
    { status, headers: { "content-type": "application/vnd.schemaregistry.v1+json" } },
  );
}

/** Why a schema is none; null if it is one. Avro with references is taken as it is. */
function invalidity({ schema, schemaType = "AVRO", references = [] }: Body): string | null {
  try {
    if (schemaType !== "PROTOBUF") JSON.parse(schema);
    if (schemaType === "AVRO" && references.length === 0) avro.Type.forSchema(JSON.parse(schema));
    return null;
  } catch (error) {
    return String(error);
  }
}

function canRead(reader: Body, writer: StoredSchema): boolean {
  if (writer.schemaType !== "AVRO" || writer.references.length > 0) return true;
  try {
    avro.Type.forSchema(JSON.parse(reader.schema)).createResolver(avro.Type.forSchema(JSON.parse(writer.schema)));
    return true;
  } catch {
    return false;
  }
}
