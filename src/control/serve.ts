/** An HTTP server on the runtime's own implementation: the one thing here that Bun and Deno do differently. */

import { messageOf, StraitError } from "../model/errors.ts";
import type { Client } from "./client-address.ts";
import { problemResponse } from "./problem.ts";
import { MAX_BODY_BYTES } from "./request-body.ts";
import type { Certificate } from "./security/certificate.ts";

export interface HttpServer {
  readonly port: number;
  /** Takes another certificate for connections from now on. Those there are stay as they are. Throws on Deno. */
  useCertificate(certificate: Certificate): void;
  /** Stops listening and ends what is still being answered. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Without one it speaks plain HTTP. */
  readonly certificate?: Certificate;
  readonly fetch: (request: Request, client: Client) => Response | Promise<Response>;
}

/** Listens anew each time, on the same port. */
type Listen = (port: number, certificate: Certificate | undefined) => Listener;

interface Listener {
  readonly port: number;
  /** No new connections from now on; its port is free. Throws where that cannot be, and then nothing changed. */
  retire(): void;
  stop(): Promise<void>;
}

/** Longer than any answer takes to begin: connecting to a cluster may take ten seconds. */
const IDLE_TIMEOUT_S = 60;

/** Above this the runtime refuses a body by itself; below it we do, in words. */
const RUNTIME_BODY_BYTES = 4 * MAX_BODY_BYTES;

/** The part of Deno's namespace used here (Deno 2). */
interface DenoServe {
  serve(
    options: { hostname: string; port: number; signal: AbortSignal; onListen: () => void; cert?: string; key?: string },
    handler: (request: Request, info: { readonly remoteAddr: { readonly hostname?: string } }) => unknown,
  ): { readonly addr: { readonly port: number }; readonly finished: Promise<void> };
}

/** Throws `configuration` if it cannot listen there. */
export function serve({ host, port, certificate, fetch }: ServeOptions): HttpServer {
  const hostname = host.replace(/^\[|\]$/g, "");
  const deno = (globalThis as { readonly Deno?: DenoServe }).Deno;
  const listen = deno === undefined ? listenWithBun(hostname, fetch) : listenWithDeno(deno, hostname, fetch);
  /** Whose connections may still be open. Few: certificates are renewed every some weeks. */
  const retired: Listener[] = [];
  let current: Listener;
  try {
    current = listen(port, certificate);
  } catch (error) {
    const hint = "is another server running? choose another address with --listen";
    throw new StraitError("configuration", `cannot listen on ${host}:${port}: ${messageOf(error)}; ${hint}`, {
      cause: error,
    });
  }
  return {
    port: current.port,
    useCertificate: (next) => {
      // Neither runtime changes the certificate of a socket that listens (Bun's reload ignores it, 1.4.5).
      current.retire();
      retired.push(current);
      current = listen(current.port, next);
    },
    stop: async () => {
      await Promise.all([current, ...retired].map((listener) => listener.stop()));
    },
  };
}

function listenWithBun(hostname: string, fetch: ServeOptions["fetch"]): Listen {
  return (port, certificate) => {
    const server = Bun.serve({
      hostname,
      port,
      fetch: (request, self) => fetch(request, { address: self.requestIP(request)?.address ?? null }),
      error: (error) => problemResponse(error),
      // Its page for developers shows code. Without that mode it would share the port with another server (1.4.5).
      development: false,
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: RUNTIME_BODY_BYTES,
      ...(certificate !== undefined && { tls: certificate }),
    });
    return { port: server.port ?? port, retire: () => void server.stop(false), stop: () => server.stop(true) };
  };
}

function listenWithDeno(deno: DenoServe, hostname: string, fetch: ServeOptions["fetch"]): Listen {
  return (port, certificate) => {
    const stop = new AbortController();
    const options = { hostname, port, signal: stop.signal, onListen: () => undefined, ...certificate };
    const server = deno.serve(options, (request, { remoteAddr }) =>
      fetch(request, { address: remoteAddr.hostname ?? null }),
    );
    return {
      port: server.addr.port,
      // Its port is not free before the last answer has ended (2.9.6).
      retire: () => {
        throw new StraitError("configuration", "Deno keeps the certificate it has: start strait anew");
      },
      stop: async () => {
        stop.abort();
        await server.finished;
      },
    };
  };
}
