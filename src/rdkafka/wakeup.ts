/**
 * Wakes the event loop when a native queue has something: librdkafka writes to a socket that the event loop reads
 * (rd_kafka_queue_io_event_enable), so nobody polls in a loop and no foreign thread calls into JavaScript.
 *
 * A Unix socket is used because both runtimes read one through node:net; neither reads a bare pipe the same way (seen with
 * Bun 1.4.5 and Deno 2.9.6).
 */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StraitError } from "../model/errors.ts";
import type { NativeLibrary } from "./library.ts";

/** Every watched queue is looked at this often even without a wake-up: a full socket loses wake-ups. */
const SAFETY_MS = 500;

/** From the Linux headers bits/socket.h and bits/socket_type.h. */
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

export class Wakeup {
  readonly #library: NativeLibrary;
  readonly #socket: Socket;
  readonly #writeEnd: number;
  readonly #watched = new Map<number, { readonly callback: () => void; readonly end: () => void }>();
  readonly #safety: ReturnType<typeof setInterval>;
  #next = 1;
  #rest: Uint8Array = new Uint8Array(0);

  private constructor(library: NativeLibrary, socket: Socket, writeEnd: number, safetyMs: number) {
    this.#library = library;
    this.#socket = socket;
    this.#writeEnd = writeEnd;
    socket.on("data", (bytes: Uint8Array) => this.#woken(bytes));
    this.#safety = setInterval(() => {
      for (const id of [...this.#watched.keys()]) this.#watched.get(id)?.callback();
    }, safetyMs);
  }

  /** `safetyMs` is for tests, which tell wake-ups from the safety by making it long. */
  static async open(library: NativeLibrary, safetyMs = SAFETY_MS): Promise<Wakeup> {
    // mkdtemp makes the folder 0700: nobody else can connect, and it is gone once we are connected.
    const folder = mkdtempSync(join(tmpdir(), "strait-"));
    const server = createServer();
    try {
      const path = join(folder, "wake");
      const accepted = new Promise<Socket>((resolve, reject) => {
        server.once("connection", resolve);
        server.once("error", reject);
      });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(path, resolve);
      });
      const writeEnd = library.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      const address = socketAddress(path);
      if (writeEnd < 0 || library.connect(writeEnd, address, address.byteLength) !== 0) {
        if (writeEnd >= 0) library.close(writeEnd);
        throw new StraitError("library-not-found", `cannot open the wake-up socket in ${folder}`);
      }
      return new Wakeup(library, await accepted, writeEnd, safetyMs);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Calls `callback` soon after `queue` (an rd_kafka_queue_t) stops being empty. Returns the call that ends it, which is
   * due before the queue is destroyed.
   */
  watch(queue: number, callback: () => void): () => void {
    const id = this.#next++;
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setUint32(0, id, true);
    this.#library.rd_kafka_queue_io_event_enable(queue, this.#writeEnd, payload, 4);
    const end = () => {
      if (!this.#watched.delete(id)) return;
      // fd -1 switches the events off (rd_kafka_queue_io_event_enable).
      this.#library.rd_kafka_queue_io_event_enable(queue, -1, payload, 0);
    };
    this.#watched.set(id, { callback, end });
    // librdkafka writes when an empty queue gets something, which may have been before this.
    setTimeout(() => this.#watched.get(id)?.callback());
    return end;
  }

  /** Ends all watches: nobody is called any more. */
  close(): void {
    clearInterval(this.#safety);
    // First of all: what librdkafka writes after the socket is closed goes to whatever gets its number next.
    for (const { end } of [...this.#watched.values()]) end();
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    this.#library.close(this.#writeEnd);
  }

  #woken(bytes: Uint8Array): void {
    const all = this.#rest.byteLength === 0 ? bytes : concatenate(this.#rest, bytes);
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const whole = all.byteLength - (all.byteLength % 4);
    const ids = new Set<number>();
    for (let at = 0; at < whole; at += 4) ids.add(view.getUint32(at, true));
    this.#rest = all.slice(whole);
    for (const id of ids) this.#watched.get(id)?.callback();
  }
}

/** struct sockaddr_un: a 16-bit family and a path of at most 107 bytes. */
function socketAddress(path: string): Uint8Array {
  const bytes = new TextEncoder().encode(path);
  if (bytes.byteLength > 107) {
    throw new StraitError(
      "configuration",
      `the temporary folder's name is too long for a socket (${path}): set TMPDIR`,
    );
  }
  const address = new Uint8Array(2 + bytes.byteLength + 1);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(bytes, 2);
  return address;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.byteLength + second.byteLength);
  both.set(first);
  both.set(second, first.byteLength);
  return both;
}
