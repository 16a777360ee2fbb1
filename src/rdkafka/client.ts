/** What every librdkafka client shares: configuration, the event queue, errors, destruction. */

import { type Observable, Subject } from "rxjs";
import { StraitError } from "../model/errors.ts";
import { cString } from "./c-string.ts";
import { EVENT } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";
import { errorFromStatus, takeError } from "./status.ts";
import type { Wakeup } from "./wakeup.ts";

export type ClientKind = "producer" | "consumer";

/** rd_kafka_type_t */
const KIND = { producer: 0, consumer: 1 } as const;
const DESTROY_NO_CONSUMER_CLOSE = 0x8;
/** rd_kafka_conf_res_t */
const CONF_UNKNOWN = -2;
const CONF_INVALID = -1;

/** librdkafka properties, secrets resolved. Values never appear in errors. */
export type Properties = Readonly<Record<string, string>>;

/** An error a client reported by itself, not as the answer to a call. */
export interface ClientError {
  readonly error: StraitError;
  /** The client is of no further use. */
  readonly fatal: boolean;
}

/** A native client and its main queue. Only the classes of this folder see the handle. */
export class NativeClient {
  readonly library: NativeLibrary;
  readonly handle: number;
  readonly queue: number;
  readonly #errors = new Subject<ClientError>();
  readonly #unwatch: () => void;
  readonly #onEvent: (event: number, type: number) => void;
  readonly #beforeDestroy: () => void;
  #closed = false;
  #destroyed = false;
  /** Its group is asked to let go of it, which is waited for. */
  #parting = false;
  #holds = 0;

  /**
   * `events` are the kinds to receive beside errors, handed to `onEvent`, which must not keep the event. `beforeDestroy`
   * frees what hangs on the native client.
   * Throws `configuration` naming the property that librdkafka refuses.
   */
  constructor(
    library: NativeLibrary,
    wakeup: Wakeup,
    kind: ClientKind,
    properties: Properties,
    events: number,
    onEvent: (event: number, type: number) => void,
    beforeDestroy: () => void = () => {},
  ) {
    this.library = library;
    this.handle = create(library, kind, properties, events);
    this.#onEvent = onEvent;
    this.#beforeDestroy = beforeDestroy;
    if (kind === "consumer") library.rd_kafka_poll_set_consumer(this.handle);
    this.queue =
      kind === "consumer"
        ? library.rd_kafka_queue_get_consumer(this.handle)
        : library.rd_kafka_queue_get_main(this.handle);
    // Log lines go to the same queue and are dropped there: what matters arrives as errors, and a library must not
    // write to stderr on its own.
    library.rd_kafka_set_log_queue(this.handle, this.queue);
    this.#unwatch = wakeup.watch(this.queue, () => this.serve());
  }

  /** Errors the client reports by itself, such as unreachable brokers. Completes on close. */
  get errors$(): Observable<ClientError> {
    return this.#errors.asObservable();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Handles everything that waits in the main queue. */
  serve(): void {
    // A wake-up may come after another client's callback has closed this one.
    if (this.#destroyed) return;
    const { library } = this;
    this.hold();
    try {
      // A call under way may wait for events to be taken although nobody wants to know of them any more.
      while (!this.#closed || this.#holds > 1) {
        const event = library.rd_kafka_queue_poll(this.queue, 0);
        if (event === 0) break;
        try {
          this.#handle(event);
        } finally {
          library.rd_kafka_event_destroy(event);
        }
      }
      this.#part();
    } finally {
      this.unhold();
    }
  }

  /** Puts off the destruction of the native client, for calls that are under way while somebody closes it. */
  hold(): void {
    this.#holds++;
  }

  unhold(): void {
    if (--this.#holds === 0 && this.#closed) this.#destroy();
  }

  #handle(event: number): void {
    const type = this.library.rd_kafka_event_type(event);
    if (type === EVENT.ERROR) this.#errors.next(this.#readError(event));
    else if (type !== EVENT.LOG) this.#onEvent(event, type);
  }

  #readError(event: number): ClientError {
    const { library } = this;
    const { readCString } = library.runtime;
    const fatal = library.rd_kafka_event_error_is_fatal(event) !== 0;
    let status = library.rd_kafka_event_error(event);
    let text = readCString(library.rd_kafka_event_error_string(event));
    if (fatal) {
      // A fatal event says only that there is one; the cause is kept by the client.
      const buffer = new Uint8Array(512);
      status = library.rd_kafka_fatal_error(this.handle, buffer, buffer.byteLength);
      text = untilNul(buffer);
    }
    return { error: errorFromStatus(library, status, "librdkafka", text), fatal };
  }

  /** Throws `closed` once `close` was called. */
  requireOpen(): void {
    if (this.#closed) throw new StraitError("closed", "this Kafka client is closed");
  }

  /** Frees the client, now or as soon as nothing holds it. Blocks until its threads have ended, milliseconds. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#errors.complete();
    if (this.#holds === 0) this.#destroy();
  }

  /**
   * As `close`, for a client that has subscribed to topics. It is freed once its group is done with it, which takes
   * rebalance events and their answers still: destroying it at once waits for these without end.
   */
  closeMember(): void {
    if (this.#closed) return;
    const refused = takeError(this.library, this.library.rd_kafka_consumer_close_queue(this.handle, this.queue));
    // Refused after a fatal error only, when there is no group to wait for.
    if (refused === null) {
      this.#parting = true;
      this.hold();
    }
    this.close();
    this.serve();
  }

  /** Ends the wait of `closeMember` when it is over. */
  #part(): void {
    if (!this.#parting || this.library.rd_kafka_consumer_closed(this.handle) === 0) return;
    this.#parting = false;
    this.unhold();
  }

  #destroy(): void {
    this.#destroyed = true;
    this.#unwatch();
    this.#beforeDestroy();
    this.library.rd_kafka_queue_destroy(this.queue);
    this.library.rd_kafka_destroy_flags(this.handle, DESTROY_NO_CONSUMER_CLOSE);
  }
}

function create(library: NativeLibrary, kind: ClientKind, properties: Properties, events: number): number {
  const text = new Uint8Array(512);
  const configuration = library.rd_kafka_conf_new();
  for (const [name, value] of Object.entries(properties)) {
    // C would take the part before a NUL for the whole.
    const status = value.includes("\0")
      ? CONF_INVALID
      : library.rd_kafka_conf_set(configuration, cString(name), cString(value), text, text.byteLength);
    if (status === 0) continue;
    library.rd_kafka_conf_destroy(configuration);
    // librdkafka's text may repeat the value, which may be a secret: say only what and where.
    const why =
      status === CONF_UNKNOWN ? "is not a property of this librdkafka" : "has a value that librdkafka does not accept";
    throw new StraitError("configuration", `cluster property ${name} ${why}`);
  }
  library.rd_kafka_conf_set_events(configuration, events | EVENT.ERROR | EVENT.LOG);
  if (!("log.queue" in properties)) {
    library.rd_kafka_conf_set(configuration, cString("log.queue"), cString("true"), text, text.byteLength);
  }
  const handle = library.rd_kafka_new(KIND[kind], configuration, text, text.byteLength);
  if (handle === 0) {
    library.rd_kafka_conf_destroy(configuration);
    throw new StraitError("configuration", `cannot create a Kafka ${kind}: ${untilNul(text)}`);
  }
  return handle;
}

function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
