/**
 * How several filters of a mapping work on the same framed data. Only the last of them knows what the schema has become, so
 * only it takes the schema to the destination and writes the frame for there. Those before it hand on a frame that only the
 * next one understands, and a description of what it stands for.
 */

import { type FilterContext, type Schema, StraitError } from "../../src/mod.ts";
import { type FrameId, readFrame, readMessageIndex } from "./frame.ts";
import type { ReducedSchema } from "./schema-carrier.ts";

/** Where a payload's schema comes from, and what it is by now. */
export interface SchemaState {
  /** What the source's registry calls it, and how it is there. */
  readonly id: FrameId;
  readonly schema: Schema;
  /** What filters have left of it; null for all. */
  readonly reduced: ReducedSchema | null;
  /** Protobuf: the index of the message type in what is left. */
  readonly messageIndex: readonly number[] | null;
}

/** A filter's place among those that work on the same part. */
export interface Station {
  readonly isFirst: boolean;
  /** Not to be asked before all filters of the mapping are made. */
  readonly isLast: boolean;
  /** Whether nothing comes of what the filter does, so that no schema has to go along. */
  readonly looksOn: boolean;
  /** The frame for the next filter. */
  frameFor(state: SchemaState): Uint8Array;
  /** Lets those who only look on know what the last filter writes into its frames. */
  note(id: FrameId, state: SchemaState): void;
  /** What the filter before said in a frame. Throws `filter-failed` for anything else. */
  read(bytes: Uint8Array): HandedOn;
}

export interface HandedOn {
  readonly state: SchemaState;
  /** Where the frame ends. */
  readonly end: number;
}

/** Its first byte is none of a serializer's. */
const MAGIC = 0xfd;
const FRAME_LENGTH = 5;
/** Of those handed on a frame is under way for the time one record takes. */
const KEPT_STATES = 10_000;

/** Takes a place behind the filters that were made before with the same context's `shared`. Without it there are no others. */
export function joinTrail({ shared, monitor = false }: FilterContext, target: "key" | "value"): Station {
  const name = `schema trail of the ${target}`;
  const trail = (shared?.get(name) as Trail | undefined) ?? new Trail();
  shared?.set(name, trail);
  return trail.join(monitor);
}

class Trail {
  #stations = 0;
  #numbers = 0;
  /** By the number in the frame. */
  readonly #handedOn = new Map<number, SchemaState>();
  readonly #frames = new WeakMap<SchemaState, { readonly number: number; readonly frame: Uint8Array }>();
  /** By what the last filter writes into its frames: the id and, for Protobuf, the message index. */
  readonly #written = new Map<string, SchemaState>();

  /** Who only looks on hands nothing on. */
  join(monitor: boolean): Station {
    const place = this.#stations;
    if (!monitor) this.#stations++;
    const isLast = () => place === this.#stations - 1;
    return {
      isFirst: place === 0,
      get isLast() {
        return isLast();
      },
      looksOn: monitor,
      frameFor: (state) => this.#frameFor(state),
      note: (id, state) => keep(this.#written, keyOf(id, state.messageIndex), state),
      read: (bytes) => (monitor && bytes[0] !== MAGIC ? this.#readWritten(bytes) : this.#read(bytes)),
    };
  }

  #frameFor(state: SchemaState): Uint8Array {
    const known = this.#frames.get(state);
    if (known !== undefined && this.#handedOn.has(known.number)) return known.frame;
    const number = this.#numbers;
    this.#numbers = (number + 1) % 2 ** 32;
    const frame = Uint8Array.of(MAGIC, number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
    this.#frames.set(state, { number, frame });
    keep(this.#handedOn, number, state);
    return frame;
  }

  #read(bytes: Uint8Array): HandedOn {
    const [magic, a = 0, b = 0, c = 0, d = 0] = bytes;
    if (magic !== MAGIC || bytes.length < FRAME_LENGTH) throw notHandedOn();
    const state = this.#handedOn.get(((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
    if (state === undefined) throw notHandedOn();
    return { state, end: FRAME_LENGTH };
  }

  #readWritten(bytes: Uint8Array): HandedOn {
    const { id, length } = readFrame(bytes);
    const plain = this.#written.get(keyOf(id, null));
    if (plain !== undefined) return { state: plain, end: length };
    const { path, end } = readMessageIndex(bytes, length);
    const state = this.#written.get(keyOf(id, path));
    if (state === undefined) throw notHandedOn();
    return { state, end };
  }
}

function keyOf(id: FrameId, messageIndex: readonly number[] | null): string {
  return messageIndex === null ? `${id}` : `${id} ${messageIndex.join(".")}`;
}

function keep<Key>(states: Map<Key, SchemaState>, key: Key, state: SchemaState): void {
  states.set(key, state);
  for (const oldest of states.keys()) {
    if (states.size <= KEPT_STATES) break;
    states.delete(oldest);
  }
}

function notHandedOn(): StraitError {
  return new StraitError(
    "filter-failed",
    "between two filters on framed data the frame must stay as the first left it",
  );
}
