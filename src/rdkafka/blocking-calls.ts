/**
 * librdkafka's transaction calls block until the brokers have answered, over a long link for many round trips. They run
 * on worker threads, so that the event loop never waits. (rd_kafka_* calls are thread safe; a call at a time per client.)
 */

import { StraitError } from "../model/errors.ts";
import { OWN_THREADS } from "../own-modules.ts";
import type { NativeLibrary } from "./library.ts";

/** The calls that may be made here: numbers in, an rd_kafka_error_t out. */
export type BlockingFunction =
  | "rd_kafka_init_transactions"
  | "rd_kafka_send_offsets_to_transaction"
  | "rd_kafka_commit_transaction";

/** What a worker is sent. */
export interface BlockingRequest {
  readonly libraryPath: string;
  readonly name: BlockingFunction;
  readonly args: readonly number[];
}

/**
 * How much longer than its own timeout a call may take. librdkafka 2.15.1 can lose one for good: where a coordinator is
 * not available three times in a row, rd_kafka_coord_req_handle_FindCoordinator neither asks again nor gives up.
 */
const OVERDUE_MS = 15_000;

/** A worker costs about 4 MB on Bun; beyond this many blocked calls, further ones wait their turn. */
const MAX_WORKERS = 16;

interface Waiting {
  readonly request: BlockingRequest;
  /** Starts the watch over the call; to be cleared when it is over. */
  readonly started: () => ReturnType<typeof setTimeout>;
  readonly resolve: (error: number) => void;
  readonly reject: (error: Error) => void;
}

/** A pool of worker threads, grown when calls would wait. */
export class BlockingCalls {
  readonly #library: NativeLibrary;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting & { readonly watch: ReturnType<typeof setTimeout> }>();
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(library: NativeLibrary) {
    this.#library = library;
  }

  /**
   * Makes the call on a worker and resolves to the rd_kafka_error_t it returned, 0 if none. `timeoutMs` is its last
   * argument. A call that is lost ends the process: its thread and its client can never be had back, and starting again
   * goes on where it was.
   */
  async call(name: BlockingFunction, timeoutMs: number, ...args: number[]): Promise<number> {
    if (this.#closed) throw new StraitError("closed", "the native worker threads are closed");
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const started = () =>
      setTimeout(() => {
        throw new StraitError("runner-failed", `${name} has not returned ${OVERDUE_MS / 1000} s after its timeout`);
      }, timeoutMs + OVERDUE_MS);
    const request = { libraryPath: this.#library.path, name, args: [...args, timeoutMs] };
    this.#waiting.push({ request, started, resolve, reject });
    this.#serve();
    return await promise;
  }

  /** Ends the workers: idle ones now, the others when their call returns. Calls that wait are refused. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new StraitError("closed", "the native worker threads are closed"));
    }
    for (const worker of this.#idle.splice(0)) worker.terminate();
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < MAX_WORKERS ? this.#start() : undefined);
      if (worker === undefined) return;
      const next = this.#waiting.shift() as Waiting;
      this.#busy.set(worker, { ...next, watch: next.started() });
      worker.postMessage(next.request);
    }
  }

  #start(): Worker {
    const worker = new Worker(OWN_THREADS.blockingWorker, { type: "module" });
    worker.onmessage = (event: MessageEvent<number>) => {
      const done = this.#take(worker);
      if (this.#closed) worker.terminate();
      else this.#idle.push(worker);
      done?.resolve(event.data);
      this.#serve();
    };
    worker.onerror = (event) => {
      // Deno ends the process for a worker's error that nobody took.
      event.preventDefault();
      this.#take(worker)?.reject(new StraitError("library-not-found", `native worker thread: ${event.message}`));
      worker.terminate();
      this.#serve();
    };
    return worker;
  }

  /** What the worker was at, which is over. */
  #take(worker: Worker): Waiting | undefined {
    const taken = this.#busy.get(worker);
    clearTimeout(taken?.watch);
    this.#busy.delete(worker);
    return taken;
  }
}
