/** Tokens for SASL/OAUTHBEARER from an OpenID Connect provider (client credentials grant, RFC 6749 section 4.4). */

import { StraitError } from "../model/errors.ts";
import { type Properties, required, unusable } from "./connection-properties.ts";

const TIMEOUT_MS = 10_000;

/**
 * What fetches a fresh token, one for each connection. Throws `configuration` where the properties name no provider; the
 * returned function rejects with `authentication-failed` where the provider gives no token.
 */
export function oauthToken(properties: Properties): () => Promise<string> {
  if (properties["sasl.oauthbearer.method"]?.toLowerCase() !== "oidc") {
    throw unusable("sasl.oauthbearer.method", "must be oidc: strait has no other way to get a token");
  }
  const endpoint = required(properties, "sasl.oauthbearer.token.endpoint.url");
  const id = encodeURIComponent(required(properties, "sasl.oauthbearer.client.id"));
  const secret = encodeURIComponent(required(properties, "sasl.oauthbearer.client.secret"));
  const scope = properties["sasl.oauthbearer.scope"];
  const body = new URLSearchParams({ grant_type: "client_credentials", ...(scope === undefined ? {} : { scope }) });
  return async () => {
    const answer = await post(endpoint, body, `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`);
    const token = (answer as { access_token?: unknown } | null)?.access_token;
    if (typeof token !== "string") throw refused(endpoint, "its answer holds no access_token");
    return token;
  };
}

async function post(endpoint: string, body: URLSearchParams, authorization: string): Promise<unknown> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(endpoint, { method: "POST", body, headers: { authorization }, signal });
  } catch (cause) {
    throw new StraitError("cluster-unreachable", `cannot reach the token endpoint ${endpoint}`, {
      retriable: true,
      cause,
    });
  }
  if (!response.ok) throw refused(endpoint, `it answered with status ${response.status}`);
  return await response.json().catch(() => null);
}

function refused(endpoint: string, reason: string): StraitError {
  return new StraitError("authentication-failed", `no token from ${endpoint}: ${reason}`);
}
