/** An HTTP server on the runtime's own implementation: the one thing here that Bun and Deno do differently. */

import { messageOf, StraitError } from "../model/errors.ts";

export interface HttpServer {
  readonly port: number;
  /** Stops listening and ends what is still being answered. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** Longer than any answer takes to begin: connecting to a cluster may take ten seconds. */
const IDLE_TIMEOUT_S = 60;

/** The part of Deno's namespace used here (Deno 2). */
interface DenoServe {
  serve(
    options: { hostname: string; port: number; signal: AbortSignal; onListen: () => void },
    handler: ServeOptions["fetch"],
  ): { readonly addr: { readonly port: number }; readonly finished: Promise<void> };
}

/** Throws `configuration` if it cannot listen there. */
export function serve({ host, port, fetch }: ServeOptions): HttpServer {
  const hostname = host.replace(/^\[|\]$/g, "");
  try {
    const deno = (globalThis as { readonly Deno?: DenoServe }).Deno;
    if (deno !== undefined) {
      const stop = new AbortController();
      const server = deno.serve({ hostname, port, signal: stop.signal, onListen: () => undefined }, fetch);
      return {
        port: server.addr.port,
        stop: async () => {
          stop.abort();
          await server.finished;
        },
      };
    }
    const server = Bun.serve({ hostname, port, fetch, idleTimeout: IDLE_TIMEOUT_S });
    return { port: server.port ?? port, stop: () => server.stop(true) };
  } catch (error) {
    const hint = "is another server running? choose another address with --listen";
    throw new StraitError("configuration", `cannot listen on ${host}:${port}: ${messageOf(error)}; ${hint}`, {
      cause: error,
    });
  }
}
