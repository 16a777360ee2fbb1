/** Ports for servers that must come back on the same port after a restart. */

import { createServer } from "node:net";

/** Below what systems hand out for outgoing connections (Linux: 32768 and up, net.ipv4.ip_local_port_range). */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * A port nobody listens on. A port the system would hand out itself may be taken by any outgoing connection while its
 * server is restarted, even by the client that tries to reconnect to it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
