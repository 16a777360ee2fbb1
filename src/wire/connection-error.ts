/** Failures of connecting, authenticating and sending, as strait's errors in the words of whoever refused. */

import { AuthenticationError, NetworkError, ProtocolError, ResponseError, TimeoutError } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";

/** What a broker does with a client it cannot make sense of. */
const HUNG_UP = "the server closed the connection; is it a Kafka listener of this security.protocol?";
/** One that wants to know who connects says nothing either. */
const HUNG_UP_TLS =
  "the server closed the connection; is it a Kafka listener of this security.protocol, and does it trust the certificate in ssl.certificate.location, should it ask for one?";

/** Error codes of Node and Bun whose messages are unclear or missing. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: HUNG_UP,
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the name server does not answer",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "connection timed out",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS: the server's certificate is self-signed; name its CA in ssl.ca.location",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS: the server's CA is not trusted; name it in ssl.ca.location",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS: the server's CA is not known; name it in ssl.ca.location",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS: the server's CA is not known; name it in ssl.ca.location",
};

/**
 * The error for a failed connection or request to a broker. The library wraps what happened in several layers; the one
 * that says most is found here. None of them is kept as a cause: they hold requests and raw answers.
 */
export function connectionError(address: string, thrown: unknown, { tls = false } = {}): StraitError {
  const layers = unwrap(thrown);
  const own = layers.find((layer) => layer instanceof StraitError);
  if (own !== undefined) return own;
  if (layers.some((layer) => layer instanceof AuthenticationError)) {
    return new StraitError("authentication-failed", `${address} refused the credentials: ${refusal(layers)}`);
  }
  const said = layers.map(words).findLast((text) => text !== "") ?? "unknown reason";
  const reason = tls && said === HUNG_UP ? HUNG_UP_TLS : said;
  return new StraitError("cluster-unreachable", `${address}: ${reason}`, { retriable: !reason.startsWith("TLS") });
}

/** One error for a cluster of which no server could be used: a refusal says more than a server that is down. */
export function noneUsable(servers: readonly string[], failures: readonly StraitError[]): StraitError {
  const refused = failures.find(({ code }) => code !== "cluster-unreachable");
  if (refused !== undefined) return refused;
  const reasons = new Set(failures.map(({ message }, i) => message.replace(`${servers[i]}: `, "")));
  const why = reasons.size === 1 ? [...reasons].join() : failures.map(({ message }) => message).join("; ");
  return new StraitError("cluster-unreachable", `cannot reach any of ${servers.join(", ")}: ${why}`, {
    retriable: failures.some(({ retriable }) => retriable),
  });
}

/** The error and everything it wraps, outermost first. */
function unwrap(thrown: unknown): Error[] {
  if (!(thrown instanceof Error)) return [];
  const inner = thrown instanceof AggregateError ? thrown.errors : [];
  return [thrown, ...inner.flatMap(unwrap), ...unwrap(thrown.cause)];
}

/** Why a broker did not take the credentials. */
function refusal(layers: readonly Error[]): string {
  const answer = layers.find((layer) => layer instanceof ProtocolError);
  const { serverErrorMessage, apiId, message } = (answer ?? {}) as {
    serverErrorMessage?: string | null;
    apiId?: string;
    message?: string;
  };
  if (apiId === "UNSUPPORTED_SASL_MECHANISM") {
    const offered = layers.find((layer) => layer instanceof ResponseError) as { response?: { mechanisms?: string[] } };
    return `it does not know this sasl.mechanism, only ${offered?.response?.mechanisms?.join(", ") ?? "others"}`;
  }
  return serverErrorMessage || message || layers.at(-1)?.message || "no reason given";
}

function words(error: Error): string {
  if (error instanceof TimeoutError) return "no answer in time";
  const { code } = error as { code?: string };
  const known = code === undefined ? undefined : WORDS[code];
  if (known !== undefined) return known;
  if (error instanceof NetworkError && error.message === "Connection closed") return HUNG_UP;
  return /CERT|TLS|SSL/.test(code ?? "") ? `TLS: ${error.message}` : error.message.replace(/\.$/, "");
}
