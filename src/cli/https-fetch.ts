/** Fetch for servers with a certificate of a private authority: the one thing of it that Bun and Deno do differently. */

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The part of Deno's namespace used here (Deno 2). */
interface DenoClient {
  createHttpClient(options: { readonly caCerts: readonly string[] }): unknown;
}

/** strait sends nobody elsewhere, and a token must not go where somebody else does. */
const redirect = "error";

/** A fetch that trusts the authorities in this PEM text; null: those that the runtime trusts. It follows no redirects. */
export function fetchTrusting(authorities: string | null): Fetch {
  if (authorities === null) return (url, init) => fetch(url, { ...init, redirect });
  const { Deno: deno } = globalThis as { readonly Deno?: DenoClient };
  if (deno === undefined) return (url, init) => fetch(url, { ...init, redirect, tls: { ca: authorities } });
  const client = deno.createHttpClient({ caCerts: [authorities] });
  return (url, init) => fetch(url, { ...init, redirect, client } as RequestInit);
}
