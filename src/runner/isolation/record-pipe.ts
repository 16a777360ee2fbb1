/** The host's end of the pipe that requests come through and answers go back on. */

import { read, write } from "node:fs";
import { promisify } from "node:util";
import { FRAME_HEAD_BYTES } from "./frame-reader.ts";

/** Where the runtime made the pipe one that does not wait, it is asked again after so long. */
const ASK_AGAIN_MS = 1;

// Files and not sockets: Bun 1.4.5 does not read an inherited descriptor through net.Socket. Each request is read straight
// into memory of its own.
const readSome = promisify(read);
const writeSome = promisify(write);

export class RecordPipe {
  readonly #descriptor: number;
  /** Resolves when everything was written so far. */
  #written: Promise<void> = Promise.resolve();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** The frames as they come, until the other end is closed. */
  async *frames(): AsyncGenerator<Buffer, void, undefined> {
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    while (await this.#fill(head)) {
      const frame = Buffer.from(new ArrayBuffer(head.readUInt32LE(0)));
      if (!(await this.#fill(frame))) return;
      yield frame;
    }
  }

  /** Writes a frame behind those before it. */
  write(frame: Buffer): Promise<void> {
    this.#written = this.#written.then(async () => {
      for (let at = 0; at < frame.length; ) {
        const { bytesWritten } = await again(() => writeSome(this.#descriptor, frame, at, frame.length - at, null));
        at += bytesWritten;
      }
    });
    return this.#written;
  }

  /** Fills memory with what comes next. False if the other end is closed. */
  async #fill(memory: Buffer): Promise<boolean> {
    for (let at = 0; at < memory.length; ) {
      const { bytesRead } = await again(() => readSome(this.#descriptor, memory, at, memory.length - at, null));
      if (bytesRead === 0) return false;
      at += bytesRead;
    }
    return true;
  }
}

/** Does what would have to wait again until it need not. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
