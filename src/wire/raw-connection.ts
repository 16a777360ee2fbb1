/**
 * A connection for what is large. It is opened by the library, which knows TLS and SASL, and then taken over: each answer is
 * received into one piece of memory of its size, and what is sent is not put together first. With the library's own way of
 * reading and writing a copy of 2 million records of 190 bytes took twice the memory (see docs/design.md).
 */

import type { Socket } from "node:net";
import { StraitError } from "../model/errors.ts";
import { BrokerConnection } from "./broker-connection.ts";
import type { BrokerAddress, ConnectionSettings } from "./connection-options.ts";
import type { RoundTrip } from "./distance.ts";
import type { Exchange, RequestKind } from "./exchange.ts";

interface Pending {
  readonly correlationId: number;
  readonly flexible: boolean;
  readonly take: (length: number) => Buffer;
  readonly sentAt: number;
  readonly deadline: number;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: StraitError) => void;
}

const LENGTH_BYTES = 4;
const CORRELATION_BYTES = 4;
/** The most a broker's answer may claim: far above what is asked for, far below what would take all memory. */
const MAX_ANSWER_BYTES = 512 << 20;
const CHECK_INTERVAL_MS = 1000;

export class RawConnection implements Exchange {
  readonly address: string;
  readonly #connection: BrokerConnection;
  readonly #socket: Socket;
  readonly #clientId: Buffer;
  readonly #timeoutMs: number;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Oldest first: answers come in the order of requests. */
  readonly #pending: Pending[] = [];
  #correlationId = 0;
  #closed: StraitError | null = null;
  /** The length before an answer, as far as it is there. */
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthFilled = 0;
  #answer: Buffer | null = null;
  #answerFilled = 0;

  private constructor(connection: BrokerConnection, clientId: string, timeoutMs: number) {
    this.address = connection.address;
    this.#connection = connection;
    this.#clientId = Buffer.from(clientId);
    this.#timeoutMs = timeoutMs;
    this.#socket = connection.takeOver((chunk) => {
      this.#received(chunk);
      forget(chunk);
    });
    this.#timer = setInterval(() => this.#checkTime(), CHECK_INTERVAL_MS);
    connection.whenClosed(() =>
      this.#end(new StraitError("cluster-unreachable", `${this.address}: the connection broke`, { retriable: true })),
    );
  }

  /** Connects and authenticates as {@link BrokerConnection.open} does. */
  static async open(
    broker: BrokerAddress,
    address: string,
    settings: ConnectionSettings,
    timeoutMs: number,
  ): Promise<RawConnection> {
    const connection = await BrokerConnection.open(broker, address, settings, timeoutMs);
    return new RawConnection(connection, settings.clientId, timeoutMs);
  }

  get roundTrip(): RoundTrip {
    return this.#connection.roundTrip;
  }

  get usable(): boolean {
    return this.#closed === null && this.#connection.usable;
  }

  offers(kind: Pick<RequestKind, "key" | "version">): boolean {
    return this.#connection.offers(kind);
  }

  exchange(
    kind: RequestKind,
    parts: readonly Buffer[],
    take: (length: number) => Buffer = Buffer.allocUnsafeSlow,
  ): Promise<Buffer> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff;
    const correlationId = this.#correlationId;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const sentAt = performance.now();
    const deadline = Date.now() + this.#timeoutMs;
    this.#pending.push({ correlationId, flexible: kind.flexible, take, sentAt, deadline, resolve, reject });
    this.#socket.cork();
    this.#socket.write(this.#header(kind, correlationId, parts));
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
    return promise;
  }

  /** Calls `listener` once when the connection ends, for whatever reason. */
  whenClosed(listener: () => void): void {
    this.#connection.whenClosed(listener);
  }

  /** Ends the connection at once; what still waits for an answer fails. */
  close(): void {
    this.#end(new StraitError("closed", `the connection to ${this.address} is closed`));
  }

  #header({ key, version, flexible }: RequestKind, correlationId: number, parts: readonly Buffer[]): Buffer {
    const header = Buffer.allocUnsafe(LENGTH_BYTES + 10 + this.#clientId.length + (flexible ? 1 : 0));
    const body = parts.reduce((sum, part) => sum + part.length, 0);
    let at = header.writeInt32BE(header.length - LENGTH_BYTES + body, 0);
    at = header.writeInt16BE(key, at);
    at = header.writeInt16BE(version, at);
    at = header.writeInt32BE(correlationId, at);
    at = header.writeInt16BE(this.#clientId.length, at);
    at += this.#clientId.copy(header, at);
    if (flexible) header.writeUInt8(0, at); // no tagged fields
    return header;
  }

  #received(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.#closed === null; ) {
      if (this.#answer === null) {
        const taken = chunk.copy(this.#length, this.#lengthFilled, at);
        at += taken;
        this.#lengthFilled += taken;
        if (this.#lengthFilled < LENGTH_BYTES) return;
        const length = this.#length.readInt32BE(0);
        if (length < CORRELATION_BYTES || length > MAX_ANSWER_BYTES) {
          this.#end(this.#nonsense(`an answer of ${length} bytes`));
          return;
        }
        this.#lengthFilled = 0;
        // Answers come in the order of requests; whether it is the right one is looked at when it is there.
        const take = this.#pending[0]?.take ?? Buffer.allocUnsafeSlow;
        this.#answer = take(length).subarray(0, length);
        this.#answerFilled = 0;
        continue;
      }
      const taken = chunk.copy(this.#answer, this.#answerFilled, at);
      at += taken;
      this.#answerFilled += taken;
      if (this.#answerFilled < this.#answer.length) return;
      const answer = this.#answer;
      this.#answer = null;
      this.#deliver(answer);
    }
  }

  #deliver(answer: Buffer): void {
    const pending = this.#pending.shift();
    const correlationId = answer.readInt32BE(0);
    if (pending === undefined || pending.correlationId !== correlationId) {
      pending?.reject(this.#nonsense(`an answer to nothing that was asked (${correlationId})`));
      this.#end(this.#nonsense(`an answer to nothing that was asked (${correlationId})`));
      return;
    }
    this.roundTrip.answered(pending.sentAt);
    // The header of an answer has one byte for the number of its tagged fields, which brokers leave at none.
    pending.resolve(answer.subarray(CORRELATION_BYTES + (pending.flexible ? 1 : 0)));
  }

  #checkTime(): void {
    const [oldest] = this.#pending;
    if (oldest === undefined || Date.now() < oldest.deadline) return;
    const late = `${this.address} has not answered within ${this.#timeoutMs} ms`;
    this.#end(new StraitError("timeout", late, { retriable: true }));
  }

  #nonsense(what: string): StraitError {
    return new StraitError("kafka", `${this.address} sent ${what}: is it a Kafka broker?`, { retriable: true });
  }

  #end(error: StraitError): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    clearInterval(this.#timer);
    this.#answer = null;
    for (const { reject } of this.#pending.splice(0)) reject(error);
    this.#connection.close();
  }
}

/**
 * Frees the memory of what was read, of which nobody has a view. The collector would get to it later, and goes to work the
 * more often the more of it lies around: a fifth to a third of the CPU of copying uncompressed records of 1 KB
 * (Bun 1.4.5; see docs/design.md, "A runner's memory").
 */
function forget({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
