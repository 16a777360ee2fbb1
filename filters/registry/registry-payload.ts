/**
 * Payloads framed for a schema registry: changed under the schema each of them names, and framed anew with what that
 * schema is called at the destination. A schema is asked for when it is first seen; from then on nothing is waited for.
 */

import {
  type FilterContext,
  type KafkaRecord,
  type RecordHeader,
  type Schema,
  type SchemaId,
  StraitError,
} from "../../src/mod.ts";
import { beginRecord } from "../fields/begin-record.ts";
import type { Payload, PayloadChange } from "../fields/payload.ts";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { compileSchema } from "./compile-schema.ts";
import {
  encodeFrame,
  encodeMessageIndex,
  type Frame,
  type FrameId,
  readFrame,
  readMessageIndex,
  SCHEMA_ID_HEADERS,
  schemaIdHeader,
} from "./frame.ts";
import { Learned } from "./learned.ts";
import { referencedSchemas } from "./referenced-schemas.ts";
import { SchemaCarrier } from "./schema-carrier.ts";
import { joinTrail, type SchemaState, type Station } from "./schema-trail.ts";

export interface RegistryPayloadOptions {
  readonly target: "key" | "value";
  /** What is changed. With no rules payloads stay as they are, if they are payloads of their schemas. */
  readonly selection: Selection;
}

/** Schemas in use at the same time, and message types of one; what is compiled for one takes some tens of kilobytes. */
const KEPT_SCHEMAS = 500;
const KEPT_MESSAGES = 100;

/** How payloads of one schema, and for Protobuf of one message type, cross. */
interface Route {
  readonly surgeon: Surgeon;
  /** What takes the frame's place; null where it stays. */
  readonly frame: Uint8Array | null;
  /** What the next filter on the same data is told; null for the last one. */
  readonly next: SchemaState | null;
}

interface KnownSchema {
  readonly schema: Schema;
  /** By message index. */
  readonly routes: Learned<string, Route>;
}

/** A payload and where its frame is. */
interface Framed {
  readonly bytes: Uint8Array;
  readonly record: KafkaRecord;
  readonly headers: readonly RecordHeader[];
  /** The header with the frame; null where it is in front. */
  readonly header: RecordHeader | null;
  /** What begins with the frame. */
  readonly from: Uint8Array;
}

/** Throws `filter-invalid` where the clusters lack the registries that are needed. */
export function registryPayload(context: FilterContext, options: RegistryPayloadOptions): Payload {
  return new RegistryPayload(context, options);
}

class RegistryPayload implements Payload {
  readonly #selection: Selection;
  readonly #begin: ((record: KafkaRecord) => void) | null;
  readonly #header: string;
  readonly #carrier: SchemaCarrier;
  readonly #station: Station;
  readonly #schemas = new Learned<FrameId, KnownSchema>(KEPT_SCHEMAS);
  /** For all filters on the same data but the first. */
  readonly #handedOn = new Learned<SchemaState, Route>(KEPT_SCHEMAS);

  constructor(context: FilterContext, { target, selection }: RegistryPayloadOptions) {
    this.#selection = selection;
    this.#begin = beginRecord(selection);
    this.#header = SCHEMA_ID_HEADERS[target];
    this.#station = joinTrail(context, target);
    const reduces = dropsFields(selection) && !this.#station.looksOn;
    this.#carrier = new SchemaCarrier(context, target, { reduces });
  }

  operate(bytes: Uint8Array, record: KafkaRecord): PayloadChange | null | Promise<PayloadChange | null> {
    // Asked for once: each time they may be other objects.
    const { headers } = record;
    const header = schemaIdHeader(headers, this.#header);
    const framed: Framed = { bytes, record, headers, header, from: header?.value ?? bytes };
    if (!this.#station.isFirst) return this.#afterOthers(framed);
    const frame = readFrame(framed.from);
    const known = this.#schemas.get(frame.id);
    if (known !== undefined) return this.#under(known, frame, framed);
    return this.#schemas.learn(frame.id, () => this.#ask(frame.id)).then((found) => this.#under(found, frame, framed));
  }

  #under(
    { schema, routes }: KnownSchema,
    { id, length }: Frame,
    framed: Framed,
  ): PayloadChange | null | Promise<PayloadChange | null> {
    const index = schema.type === "PROTOBUF" ? readMessageIndex(framed.from, length) : null;
    const end = index?.end ?? length;
    const message = index === null ? "" : index.path.join(".");
    const route = routes.get(message);
    if (route !== undefined) return this.#cross(route, framed, end);
    const state: SchemaState = { id, schema, reduced: null, messageIndex: index?.path ?? null };
    return routes.learn(message, () => this.#route(state)).then((learned) => this.#cross(learned, framed, end));
  }

  #afterOthers(framed: Framed): PayloadChange | null | Promise<PayloadChange | null> {
    const { state, end } = this.#station.read(framed.from);
    const route = this.#handedOn.get(state);
    if (route !== undefined) return this.#cross(route, framed, end);
    return this.#handedOn.learn(state, () => this.#route(state)).then((learned) => this.#cross(learned, framed, end));
  }

  /** `end` is where the frame ends. Nothing is awaited in here: surgeons serve one record at a time. */
  #cross(route: Route, { bytes, record, headers, header, from }: Framed, end: number): PayloadChange | null {
    if (header !== null && end !== from.length) {
      throw new StraitError("filter-failed", `the header ${header.name} holds more than the id of a schema`);
    }
    this.#begin?.(record);
    const body = header === null ? bytes.subarray(end) : bytes;
    const changed = route.surgeon.operate(body);
    const frame = route.next === null ? route.frame : this.#station.frameFor(route.next);
    if (changed === null && frame === null) return null;
    const labels = changed === null ? UNCHANGED : route.surgeon.changed;
    const after = changed ?? body;
    if (header === null) return { bytes: joined(frame ?? bytes.subarray(0, end), after), changed: labels };
    if (frame === null) return { bytes: after, changed: labels };
    const named = { name: header.name, value: frame };
    return { bytes: after, headers: headers.map((each) => (each === header ? named : each)), changed: labels };
  }

  async #ask(id: FrameId): Promise<KnownSchema> {
    const { source } = this.#carrier;
    const schema = await (typeof id === "number" ? source.byId(id) : source.byGuid(id));
    return { schema, routes: new Learned(KEPT_MESSAGES) };
  }

  async #route(before: SchemaState): Promise<Route> {
    const { id, schema: whole } = before;
    refuseOutsideTags(id, whole, this.#selection);
    try {
      const { source } = this.#carrier;
      const schema = before.reduced?.schema ?? whole;
      const others = before.reduced?.referenced ?? new Map<string, Schema>();
      const referenced = await referencedSchemas(schema, source, others);
      const { surgeon, ...left } = await compileSchema(schema, referenced, before.messageIndex, this.#selection);
      const reduced = left.reduced && {
        schema: left.reduced.schema,
        referenced: new Map([...others, ...left.reduced.referenced]),
      };
      const state: SchemaState = {
        id,
        schema: whole,
        reduced: reduced ?? before.reduced,
        messageIndex: left.messageIndex ?? before.messageIndex,
      };
      if (this.#station.looksOn) return { surgeon, frame: null, next: null };
      if (!this.#station.isLast) return { surgeon, frame: null, next: state };
      const target = await this.#carrier.carry(id, whole, state.reduced);
      return { surgeon, frame: this.#frameAt(target, state, left.messageIndex !== null), next: null };
    } catch (thrown) {
      // What does not go together with a schema is found with the record that names it, and is that record's failure.
      if (!(thrown instanceof StraitError) || thrown.code !== "filter-invalid") throw thrown;
      throw new StraitError("filter-failed", `under schema ${id}: ${thrown.message}`, { cause: thrown });
    }
  }

  /** The frame at the destination; null where it is the one the payload has. */
  #frameAt(target: SchemaId | null, state: SchemaState, moved: boolean): Uint8Array | null {
    const { id, messageIndex } = state;
    const now = target === null ? id : typeof id === "number" ? target.id : target.guid;
    if (now === null) {
      throw new StraitError(
        "filter-failed",
        `the payload names its schema by the GUID ${id}, and the destination's schema registry has no GUIDs`,
      );
    }
    this.#station.note(now, state);
    if (now === id && !moved && this.#station.isFirst) return null;
    return joined(encodeFrame(now), messageIndex === null ? NOTHING : encodeMessageIndex(messageIndex));
  }
}

const UNCHANGED: readonly string[] = [];
const NOTHING = new Uint8Array();

function dropsFields(selection: Selection): boolean {
  if (selection.form === "keep") return true;
  return selection.form === "fields" && selection.rules.some(({ change }) => change.kind === "drop");
}

/** Tags beside a schema say of its fields what is not in it: a field chosen by tag could be missed. */
function refuseOutsideTags(id: FrameId, { outsideTags = [] }: Schema, selection: Selection): void {
  if (selection.form !== "fields" || outsideTags.length === 0) return;
  const chosen = new Set(selection.rules.flatMap(({ choice }) => ("tags" in choice ? choice.tags : [])));
  const missed = outsideTags.filter((tag) => chosen.has(tag));
  if (missed.length === 0) return;
  throw new StraitError(
    "filter-failed",
    `the registry keeps the tags ${missed.join(", ")} of schema ${id} in its metadata, where strait does not follow them; put them into the schema (confluent:tags), or choose by path`,
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
