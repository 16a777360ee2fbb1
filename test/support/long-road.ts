/** A TCP proxy that makes the way long: every byte arrives later, and none is lost or limited. */

import { connect, createServer, type Server, type Socket } from "node:net";

/** What may be on its way in one direction of one connection. */
const MOST_BYTES = 256 << 20;

export interface LongRoad {
  close(): Promise<void>;
}

/** Listens on a port of this machine, and has everything `delayMs` later (each way) at another port of it. */
export async function longRoad(port: number, target: number, delayMs: number): Promise<LongRoad> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {}); // "close" follows
      socket.on("close", () => sockets.delete(socket));
    }
    carry(near, far, delayMs);
    carry(far, near, delayMs);
  });
  await listening(server, port);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function carry(from: Socket, to: Socket, delayMs: number): void {
  const onTheWay: { readonly at: number; readonly chunk: Buffer | null }[] = [];
  let bytes = 0;
  let waiting = false;
  const arrive = () => {
    waiting = false;
    const now = performance.now();
    for (let next = onTheWay[0]; next !== undefined && next.at <= now; next = onTheWay[0]) {
      onTheWay.shift();
      if (next.chunk === null) {
        to.destroy();
        return;
      }
      bytes -= next.chunk.length;
      to.write(next.chunk);
    }
    if (bytes < MOST_BYTES) from.resume();
    plan();
  };
  const plan = () => {
    const [next] = onTheWay;
    if (next === undefined || waiting) return;
    waiting = true;
    setTimeout(arrive, Math.max(0, next.at - performance.now()));
  };
  const send = (chunk: Buffer | null) => {
    onTheWay.push({ at: performance.now() + delayMs, chunk });
    plan();
  };
  from.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) from.pause();
    send(chunk);
  });
  from.on("close", () => send(null));
}
