/** An idempotent producer without transactions whose sends are promises; many partitions share one. */

import type { Edits } from "../model/batch.ts";
import { StraitError } from "../model/errors.ts";
import type { Delivery } from "../rdkafka/deliveries.ts";
import type { NativeLibrary } from "../rdkafka/library.ts";
import type { MessageBatch } from "../rdkafka/message-batch.ts";
import type { Destination, Producer, ProducerOptions } from "../rdkafka/producer.ts";
import { errorFromStatus, STATUS } from "../rdkafka/status.ts";

interface Sending {
  remaining: number;
  readonly topic: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class SharedProducer {
  readonly #library: NativeLibrary;
  readonly #producer: Producer;
  readonly #sending = new Map<number, Sending>();
  #nextTag = 1;

  constructor(library: NativeLibrary, create: (options: ProducerOptions) => Producer) {
    this.#library = library;
    this.#producer = create({ onDelivery: (delivery) => this.#delivered(delivery) });
  }

  get errors$() {
    return this.#producer.errors$;
  }

  /** Writes what `edits` leave of a batch and resolves when all of it is acknowledged. The bytes are copied at once. */
  send(batch: MessageBatch, edits: Edits, destination: Destination): Promise<void> {
    return new Promise((resolve, reject) => {
      const tag = this.#nextTag++;
      const remaining = this.#producer.enqueue(batch, edits, destination, tag);
      if (remaining === 0) resolve();
      else this.#sending.set(tag, { remaining, topic: destination.topic, resolve, reject });
    });
  }

  close(): void {
    this.#producer.close();
    const closed = new StraitError("closed", "the producer was closed before the brokers acknowledged", {
      retriable: true,
    });
    for (const { reject } of this.#sending.values()) reject(closed);
    this.#sending.clear();
  }

  #delivered({ tag, count, status }: Delivery): void {
    const sending = this.#sending.get(tag);
    // A tag is gone once one of its messages failed.
    if (sending === undefined) return;
    if (status !== STATUS.OK) {
      this.#sending.delete(tag);
      sending.reject(errorFromStatus(this.#library, status, `writing to ${sending.topic}`));
      return;
    }
    sending.remaining -= count;
    if (sending.remaining > 0) return;
    this.#sending.delete(tag);
    sending.resolve();
  }
}
