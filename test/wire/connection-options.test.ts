import { describe, expect, test } from "bun:test";
import { connectionSettings } from "../../src/wire/connection-options.ts";
import { failureOf } from "../support/failure-of.ts";

const SERVERS = { "bootstrap.servers": "a:1" };

test("bootstrap servers come in every form librdkafka takes", async () => {
  const list = "a, b:9093 ,,SASL_SSL://c.example:9094,[::1]:9095,[fe80::1]";
  expect((await connectionSettings({ "bootstrap.servers": list })).bootstrap).toEqual([
    { host: "a", port: 9092 },
    { host: "b", port: 9093 },
    { host: "c.example", port: 9094 },
    { host: "::1", port: 9095 },
    { host: "fe80::1", port: 9092 },
  ]);
});

test("metadata.broker.list is another name for bootstrap.servers", async () => {
  const { bootstrap } = await connectionSettings({ "metadata.broker.list": "a:1" });
  expect(bootstrap).toEqual([{ host: "a", port: 1 }]);
});

test("a cluster without properties for it is spoken to in the clear", async () => {
  const { clientId, optionsFor } = await connectionSettings(SERVERS);
  expect({ clientId, ...optionsFor("a") }).toEqual({
    clientId: "strait",
    connectTimeout: 30_000,
    requestTimeout: 60_000,
  });
});

test("name and timeouts are taken over", async () => {
  const given = { "client.id": "me", "socket.timeout.ms": "5000", "socket.connection.setup.timeout.ms": "2000" };
  const { clientId, optionsFor } = await connectionSettings({ ...SERVERS, ...given });
  expect({ clientId, ...optionsFor("a") }).toEqual({ clientId: "me", connectTimeout: 2000, requestTimeout: 5000 });
});

test("security.protocol and mechanism are read in any case, the mechanism by either name", async () => {
  const user = { "sasl.username": "alice", "sasl.password": "right" };
  for (const mechanism of [{ "sasl.mechanism": "scram-sha-512" }, { "sasl.mechanisms": "SCRAM-SHA-512" }]) {
    const { optionsFor } = await connectionSettings({
      ...SERVERS,
      ...user,
      ...mechanism,
      "security.protocol": "Sasl_Plaintext",
    });
    expect(optionsFor("a").sasl).toEqual({ mechanism: "SCRAM-SHA-512", username: "alice", password: "right" });
  }
});

test("SASL properties mean nothing where security.protocol has no SASL", async () => {
  const { optionsFor } = await connectionSettings({ ...SERVERS, "sasl.mechanism": "GSSAPI" });
  expect(optionsFor("a").sasl).toBeUndefined();
});

test("TLS verifies and names the host it expects, unless told otherwise", async () => {
  const verifying = (await connectionSettings({ ...SERVERS, "security.protocol": "ssl" })).optionsFor;
  const trusting = (
    await connectionSettings({
      ...SERVERS,
      "security.protocol": "ssl",
      "enable.ssl.certificate.verification": "false",
      "ssl.endpoint.identification.algorithm": "none",
    })
  ).optionsFor;
  expect([verifying("broker.example"), verifying("10.0.0.1"), trusting("broker.example")]).toMatchObject([
    { tlsServerName: true, tls: { rejectUnauthorized: true } },
    { tlsServerName: false, tls: { rejectUnauthorized: true } },
    { tlsServerName: true, tls: { rejectUnauthorized: false, checkServerIdentity: expect.any(Function) } },
  ]);
});

describe("what cannot be used is refused by the property's name:", () => {
  const sasl = { ...SERVERS, "security.protocol": "SASL_PLAINTEXT" };
  const tls = { ...SERVERS, "security.protocol": "SSL" };
  test.each([
    ["bootstrap.servers", {}],
    ["bootstrap.servers", { "bootstrap.servers": " , " }],
    ["bootstrap.servers", { "bootstrap.servers": "a:99999" }],
    ["bootstrap.servers", { "bootstrap.servers": "a:b" }],
    ["security.protocol", { ...SERVERS, "security.protocol": "tls" }],
    ["socket.timeout.ms", { ...SERVERS, "socket.timeout.ms": "soon" }],
    ["sasl.mechanism", sasl],
    ["sasl.mechanism", { ...sasl, "sasl.mechanism": "GSSAPI" }],
    ["sasl.mechanism", { ...sasl, "sasl.mechanism": "MAGIC" }],
    ["sasl.username", { ...sasl, "sasl.mechanism": "PLAIN", "sasl.password": "hunter2" }],
    ["sasl.password", { ...sasl, "sasl.mechanism": "PLAIN", "sasl.username": "alice" }],
    ["sasl.oauthbearer.method", { ...sasl, "sasl.mechanism": "OAUTHBEARER" }],
    ["ssl.keystore.location", { ...tls, "ssl.keystore.location": "/keys.p12" }],
    ["ssl.ca.location", { ...tls, "ssl.ca.location": "/no/such/file" }],
    ["ssl.key", { ...tls, "ssl.key.pem": "hunter2", "ssl.certificate.pem": "nonsense" }],
  ])("%s", async (property, properties: Record<string, string>) => {
    const error = await failureOf(connectionSettings(properties));
    expect(error.code).toBe("configuration");
    expect(error.message).toStartWith(`cluster property ${property}`);
    expect(Bun.inspect(error)).not.toContain("hunter2");
  });
});
