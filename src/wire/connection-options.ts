/** The one translation of librdkafka properties into what plain connections are made with. */

import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext, type ConnectionOptions as TlsOptions } from "node:tls";
import type { ConnectionOptions } from "@platformatic/kafka";
import { messageOf } from "../model/errors.ts";
import { type Properties, unusable } from "./connection-properties.ts";
import { saslOptions } from "./sasl-options.ts";

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionSettings {
  readonly bootstrap: readonly BrokerAddress[];
  readonly clientId: string;
  /** TLS names the host it expects, hence a function of it. */
  readonly optionsFor: (host: string) => ConnectionOptions;
}

/** Kafka's usual port, librdkafka's default where an address has none. */
const DEFAULT_PORT = 9092;

/**
 * Translates librdkafka properties. Reads the PEM files they name. Rejects with `configuration` for a value that cannot
 * be used and for one strait's plain connections cannot honour (Kerberos, PKCS#12 key stores).
 */
export async function connectionSettings(properties: Properties): Promise<ConnectionSettings> {
  const protocol = (properties["security.protocol"] ?? "plaintext").toLowerCase();
  if (!["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"].includes(protocol)) {
    throw unusable("security.protocol", "is none of plaintext, ssl, sasl_plaintext, sasl_ssl");
  }
  const sasl = protocol.startsWith("sasl_") ? saslOptions(properties) : null;
  const tls = protocol.endsWith("ssl") ? await tlsOptions(properties) : null;
  const base: ConnectionOptions = {
    connectTimeout: milliseconds(properties, "socket.connection.setup.timeout.ms", 30_000),
    requestTimeout: milliseconds(properties, "socket.timeout.ms", 60_000),
    ...(sasl === null ? {} : { sasl }),
  };
  return {
    bootstrap: bootstrapServers(properties["bootstrap.servers"] ?? properties["metadata.broker.list"] ?? ""),
    clientId: properties["client.id"] ?? "strait",
    // An address is no server name (RFC 6066, section 3).
    optionsFor: (host) => (tls === null ? base : { ...base, tls, tlsServerName: isIP(host) === 0 }),
  };
}

function bootstrapServers(text: string): BrokerAddress[] {
  const servers = text.split(",").map((server) => server.trim());
  const addresses = servers.filter((server) => server !== "").map(brokerAddress);
  if (addresses.length === 0) throw unusable("bootstrap.servers", "names no server");
  return addresses;
}

/** `host`, `host:port`, `[v6]:port`, also with librdkafka's `PROTOCOL://` before it. */
function brokerAddress(text: string): BrokerAddress {
  const match = /^(?:\w+:\/\/)?(?:\[([^\]]+)\]|([^:[\]/]+))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  if (host === undefined || port < 1 || port > 65_535)
    throw unusable("bootstrap.servers", `has no HOST:PORT in ${text}`);
  return { host, port };
}

async function tlsOptions(properties: Properties): Promise<TlsOptions> {
  if (properties["ssl.keystore.location"] !== undefined) {
    throw unusable("ssl.keystore.location", "cannot be used; give ssl.key.location and ssl.certificate.location (PEM)");
  }
  const pem = async (name: string): Promise<string | undefined> =>
    properties[`${name}.pem`] ?? (await fileOf(properties, `${name}.location`));
  const options: TlsOptions = {
    ca: await pem("ssl.ca"),
    cert: await pem("ssl.certificate"),
    key: await pem("ssl.key"),
    passphrase: properties["ssl.key.password"],
    rejectUnauthorized: !isFalse(properties["enable.ssl.certificate.verification"]),
  };
  if (properties["ssl.endpoint.identification.algorithm"] === "none") options.checkServerIdentity = () => undefined;
  try {
    createSecureContext(options); // what connecting does too, which would report it late and unclearly
  } catch (error) {
    throw unusable("ssl.key, ssl.certificate or ssl.ca", `cannot be used: ${messageOf(error)}`);
  }
  return options;
}

async function fileOf(properties: Properties, property: string): Promise<string | undefined> {
  const path = properties[property];
  if (path === undefined || path === "probe") return undefined; // "probe": whatever the system trusts
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unusable(property, `cannot be read: ${messageOf(cause)}`, cause);
  }
}

function milliseconds(properties: Properties, property: string, otherwise: number): number {
  const value = Number(properties[property] ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw unusable(property, "is no number of milliseconds");
  return value;
}

/** What librdkafka takes for false (rd_kafka_anyconf_set_prop, _RK_C_BOOL). */
function isFalse(value: string | undefined): boolean {
  return /^(false|f|0)$/i.test(value ?? "");
}
