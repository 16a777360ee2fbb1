/**
 * Writes to one partition of a mirror, each record at its source offset.
 *
 * The fence: all runners of a link write under one producer id with one sequence, and read both, with the end of the log,
 * from the broker. A second writer of the same batch adds nothing, one of anything else is refused. So what is written is
 * always what comes next, whoever writes; a writer that is refused is of no use any more and another one is opened.
 */

import { setTimeout as delay } from "node:timers/promises";
import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "../wire/broker-connection.ts";
import { mostStretch, Stretch } from "../wire/distance.ts";
import type { Exchange } from "../wire/exchange.ts";
import { KAFKA_CODES, kafkaError } from "../wire/kafka-error.ts";
import { type LogPosition, leaderEnd, logState } from "../wire/log-state.ts";
import { type ProduceAnswer, produceBatch } from "../wire/produce.ts";
import { type RecordBatch, stamp } from "../wire/record-batch.ts";
import type { HoleFiller } from "./hole-filler.ts";
import { diverged, fenced } from "./mirror-errors.ts";
import type { MirrorIdentity } from "./mirror-identity.ts";

export interface MirrorLogOptions extends LogPosition {
  readonly leader: BrokerConnection;
  /** On which batches are sent, and nothing in between but those of other partitions. */
  readonly writer: Exchange;
  readonly identity: MirrorIdentity;
  readonly filler: HoleFiller;
  /** Aborted when nobody needs the log any more: no hole is filled after that. Default: never. */
  readonly signal?: AbortSignal;
}

/**
 * To a near broker (see {@link Stretch}): enough to fill the way with small batches. More than the five that brokers know
 * again (Kafka's ProducerStateEntry.NUM_BATCHES_TO_RETAIN), which matters to those who send again: here whatever is not
 * acknowledged is looked up anew.
 */
const MOST_IN_FLIGHT = 32;
/**
 * To a near broker. A connection that is slower than the source holds what is sent in memory of its own. One batch may be
 * more.
 */
const MOST_BYTES_IN_FLIGHT = 1 << 20;
/** Sequences have 31 bits. */
const SEQUENCES = 2 ** 31;
/** How long a partition may be busy or behind its replicas when it is looked at. */
const STATE_TIMEOUT_MS = 15_000;
/**
 * Brokers forget a producer that writes nothing for a day (producer.id.expiration.ms), and then take any sequence. Long
 * before that what is known is looked up again.
 */
const STALE_AFTER_MS = 600_000;

export class MirrorLog {
  readonly #options: MirrorLogOptions;
  #end: number;
  #sequence: number;
  /** Whether the partition knows the producer: it takes any sequence of one it does not know, so the first goes alone. */
  #known: boolean;
  #checkedAt = Date.now();
  /** What is not acknowledged yet, oldest first; answers come in this order. */
  readonly #inFlight: Promise<void>[] = [];
  #bytesInFlight = 0;
  readonly #stretch = new Stretch();
  #throttledUntil = 0;
  /** Everything sent so far, as one promise that rejects with the first failure. */
  #settled: Promise<unknown> = Promise.resolve();

  private constructor(options: MirrorLogOptions, state: State) {
    this.#options = options;
    this.#end = state.end;
    this.#sequence = state.sequence;
    this.#known = state.known;
  }

  /** Finds out where to go on. Rejects, retriable, while replicas are behind or somebody writes. */
  static async open(options: MirrorLogOptions): Promise<MirrorLog> {
    return new MirrorLog(options, await stateOf(options));
  }

  /** The next offset, everything sent included. */
  get end(): number {
    return this.#end;
  }

  /** How many times as much as with a near broker may come to be under way. */
  get mostStretch(): number {
    return mostStretch(this.#options.leader.roundTrip.ms);
  }

  /** Resolves when everything sent is acknowledged; rejects with the first failure. */
  settled(): Promise<unknown> {
    return this.#settled;
  }

  /** Resolves when `append` may be called. Rejects as `append` would. */
  async ready(): Promise<void> {
    while (this.#isFull) await this.#inFlight[0];
    const throttleMs = this.#throttledUntil - Date.now();
    if (throttleMs > 0) await delay(throttleMs);
    if (this.#inFlight.length === 0 && Date.now() - this.#checkedAt > STALE_AFTER_MS) await this.#look();
  }

  /**
   * Sends a batch without holes whose first record belongs at `end`, and resolves when it is acknowledged; the request is
   * on its way when this returns, so batches go out in the order of the calls. Changes the batch's header. Rejects with
   * `diverged` where somebody else has written to the mirror, `fenced`, retriable, where another runner has, and with
   * what the broker says. After that the log is of no use.
   */
  append(batch: RecordBatch): Promise<void> {
    const { leader, writer, topic, partition, identity } = this.#options;
    const offset = this.#end;
    const sentAt = performance.now();
    const { count, byteLength } = batch;
    stamp(batch, { producerId: identity.data, producerEpoch: 0, baseSequence: this.#sequence });
    this.#end += count;
    this.#sequence = (this.#sequence + count) % SEQUENCES;
    const acknowledged = produceBatch(writer, { topic, partition, batch }).then((answer) => {
      this.#check(answer, offset);
      this.#inFlight.shift();
      this.#bytesInFlight -= byteLength;
      this.#stretch.answered(leader.roundTrip, performance.now() - sentAt, byteLength / MOST_BYTES_IN_FLIGHT);
      this.#known = true;
      this.#checkedAt = Date.now();
      // The broker has answered at once and reads nothing from this connection until then (KIP-219).
      this.#throttledUntil = this.#checkedAt + answer.throttleMs;
    });
    this.#inFlight.push(acknowledged);
    this.#bytesInFlight += byteLength;
    const before = this.#settled;
    this.#settled = acknowledged.then(() => before);
    this.#settled.catch(() => {}); // whoever waits for a batch, or for all, is told
    return acknowledged;
  }

  /** Takes up all offsets before `offset`. `progress` hears of each step. Rejects as `append` does. */
  async fill(offset: number, progress: (end: number) => void = () => {}): Promise<void> {
    await this.settled();
    this.#end = await this.#options.filler.fill({ ...this.#options, from: this.#end, to: offset, progress });
    this.#checkedAt = Date.now();
  }

  /**
   * Looks whether the log ends where it was left; to be called while nothing is under way. Rejects with `fenced`, retriable,
   * where it does not: whoever opens it again finds out who has written.
   */
  async requireEnd(): Promise<void> {
    const end = await leaderEnd(this.#options.leader, this.#options);
    if (this.#inFlight.length === 0 && end > this.#end) throw this.#moved(end);
  }

  get #isFull(): boolean {
    if (this.#inFlight.length === 0) return false;
    const { times } = this.#stretch;
    return (
      !this.#known ||
      this.#inFlight.length >= MOST_IN_FLIGHT * times ||
      this.#bytesInFlight >= MOST_BYTES_IN_FLIGHT * times
    );
  }

  async #look(): Promise<void> {
    const { end, sequence, known } = await stateOf(this.#options);
    if (end !== this.#end) throw this.#moved(end);
    this.#sequence = sequence;
    this.#known = known;
    this.#checkedAt = Date.now();
  }

  #moved(end: number): StraitError {
    return fenced(this.#options, `it ends at ${end} and not at ${this.#end}`);
  }

  #check({ errorCode, errorMessage, baseOffset }: ProduceAnswer, offset: number): void {
    const { topic, partition } = this.#options;
    const at = `${topic}/${partition}`;
    const facts = { topic, partition, offset };
    if (REFUSED.includes(errorCode)) {
      throw fenced(this.#options, `the broker refuses what belongs at offset ${offset} (error ${errorCode})`);
    }
    if (errorCode === KAFKA_CODES.messageTooLarge || errorCode === KAFKA_CODES.recordListTooLarge) {
      const remedy = "raise max.message.bytes of the topic at the destination, then resume the mapping";
      throw new StraitError("record-too-large", `${at} does not take the record at offset ${offset}: ${remedy}`, facts);
    }
    if (errorCode !== KAFKA_CODES.none) {
      throw kafkaError(errorCode, `cannot write to ${at} at offset ${offset}`, facts, errorMessage);
    }
    if (baseOffset !== offset)
      throw diverged(this.#options, `a record for offset ${offset} is at ${baseOffset}`, offset);
  }
}

/** OUT_OF_ORDER_SEQUENCE_NUMBER, DUPLICATE_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, UNKNOWN_PRODUCER_ID */
const REFUSED: readonly number[] = [45, 46, 47, 59];

interface State {
  readonly end: number;
  readonly sequence: number;
  readonly known: boolean;
}

async function stateOf(options: MirrorLogOptions): Promise<State> {
  const { end, producers } = await logState(options.leader, options, STATE_TIMEOUT_MS);
  const mine = producers.find(({ producerId }) => producerId === options.identity.data);
  return { end, known: mine !== undefined, sequence: mine === undefined ? 0 : (mine.lastSequence + 1) % SEQUENCES };
}
