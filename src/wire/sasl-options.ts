/** How a connection proves who it is, from librdkafka's sasl.* properties. */

import { SASLMechanisms, type SASLOptions } from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import { type Properties, required, unusable } from "./connection-properties.ts";
import { oauthToken } from "./oauth-token.ts";

/** Throws `configuration` for mechanisms and settings that cannot be used. */
export function saslOptions(properties: Properties): SASLOptions {
  const mechanism = properties["sasl.mechanism"] ?? properties["sasl.mechanisms"] ?? "GSSAPI"; // librdkafka's default
  switch (mechanism.toUpperCase()) {
    case "PLAIN":
      return { mechanism: SASLMechanisms.PLAIN, ...credentials(properties) };
    case "SCRAM-SHA-256":
      return { mechanism: SASLMechanisms.SCRAM_SHA_256, ...credentials(properties) };
    case "SCRAM-SHA-512":
      return { mechanism: SASLMechanisms.SCRAM_SHA_512, ...credentials(properties) };
    case "OAUTHBEARER":
      return oauthBearer(properties);
    case "GSSAPI":
      throw unusable("sasl.mechanism", "is GSSAPI (the default), which strait cannot use; choose another");
    default:
      throw unusable("sasl.mechanism", "is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER");
  }
}

function credentials(properties: Properties): { username: string; password: string } {
  return { username: required(properties, "sasl.username"), password: required(properties, "sasl.password") };
}

function oauthBearer(properties: Properties): SASLOptions {
  const token = oauthToken(properties);
  return {
    mechanism: SASLMechanisms.OAUTHBEARER,
    token,
    oauthBearerExtensions: extensions(properties["sasl.oauthbearer.extensions"] ?? ""),
    // A broker that refuses a token answers without an error code, with the reason as JSON (RFC 7628, section 3.2.2).
    authBytesValidator: (bytes, callback) => {
      if (bytes.length === 0) return callback(null, bytes);
      callback(new StraitError("authentication-failed", `the broker refused the token: ${bytes.toString("utf8")}`));
    },
  };
}

/** librdkafka's form: `name=value,name=value`. */
function extensions(text: string): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair.includes("="));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
