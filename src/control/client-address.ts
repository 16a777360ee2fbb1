/** Where a request comes from, as the server that received it says. */

import type { Context } from "hono";

/** What the server hands to the app beside the request. */
export interface Client {
  /** The IP address of the other end of the connection: a proxy's, where there is one. Null if it is not known. */
  readonly address: string | null;
}

/** The address of a request's client; `unknown` if the server did not say. */
export function clientAddress(context: Context): string {
  return (context.env as Partial<Client> | undefined)?.address ?? "unknown";
}
