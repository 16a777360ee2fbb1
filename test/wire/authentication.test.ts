import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type MadeCertificate, makeCertificate } from "../support/certificate.ts";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { failureOf } from "../support/failure-of.ts";
import { demanding, showing } from "../support/kafka/broker-tls.ts";
import { type KafkaCluster, startKafka } from "../support/kafka/start-kafka.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

setDefaultTimeout(BROKER_TEST_MS);

const RIGHT = "correct-horse";
const WRONG = "battery-staple";
const LOGIN = "org.apache.kafka.common.security";

let broker: KafkaCluster;
const folder = temporaryDirectory();
let certificate: MadeCertificate;
let ours: MadeCertificate;
let stranger: MadeCertificate;
let tokens: Server;

beforeAll(async () => {
  certificate = makeCertificate(folder.path, "broker");
  ours = makeCertificate(folder.path, "strait");
  stranger = makeCertificate(folder.path, "stranger");
  broker = await startKafka({
    listeners: { SASL: "SASL_PLAINTEXT", TLS: "SSL", MUTUAL: "SSL", BOTH: "SASL_SSL" },
    scramUsers: [`SCRAM-SHA-512=[name=alice,password=${RIGHT}]`, `SCRAM-SHA-256=[name=alice,password=${RIGHT}]`],
    properties: {
      ...showing(certificate),
      ...demanding(ours, "MUTUAL"),
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512,OAUTHBEARER",
      "listener.name.both.sasl.enabled.mechanisms": "SCRAM-SHA-256",
      "listener.name.sasl.plain.sasl.jaas.config": `${LOGIN}.plain.PlainLoginModule required user_alice="${RIGHT}";`,
      "listener.name.sasl.scram-sha-512.sasl.jaas.config": `${LOGIN}.scram.ScramLoginModule required;`,
      "listener.name.both.scram-sha-256.sasl.jaas.config": `${LOGIN}.scram.ScramLoginModule required;`,
      "listener.name.sasl.oauthbearer.sasl.jaas.config": `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    },
  });
  tokens = createServer((request, response) => {
    const known = request.headers.authorization === `Basic ${Buffer.from(`alice:${RIGHT}`).toString("base64")}`;
    response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ access_token: unsecuredToken() }) : "");
  });
  await new Promise<void>((listening) => tokens.listen(0, "127.0.0.1", listening));
});

afterAll(async () => {
  tokens.close();
  await broker.close();
  folder[Symbol.dispose]();
});

describe.each(["PLAIN", "SCRAM-SHA-512"])("SASL %s", (mechanism) => {
  const login = (password: string) => ({
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": mechanism,
    "sasl.username": "alice",
    "sasl.password": password,
  });

  test("the right password is let in", async () => {
    await using client = clientOf(broker.address("SASL"), login(RIGHT));
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test("a wrong one is refused in the broker's words, which do not hold it", async () => {
    await using client = clientOf(broker.address("SASL"), login(WRONG));
    const error = await failureOf(client.check(10_000));
    expect(error).toMatchObject({
      code: "authentication-failed",
      retriable: false,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ refused the credentials: .*[Aa]uthentication failed.*invalid/i),
    });
    expect(Bun.inspect(error, { depth: 20 })).not.toContain(WRONG);
  });

  test("a wrong one is not tried again and again", async () => {
    await using client = clientOf(broker.address("SASL"), login(WRONG), { requestTimeoutMs: 60_000 });
    const started = Date.now();
    await failureOf(client.topics());
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});

test("a password is read late, so that a changed one is used without a new client", async () => {
  const login = { "sasl.username": "alice", "sasl.password": "${env:STRAIT_TEST_PASSWORD}" };
  await using client = clientOf(broker.address("SASL"), {
    "security.protocol": "sasl_plaintext",
    "sasl.mechanism": "PLAIN",
    ...login,
  });
  try {
    const missing = await failureOf(client.check(10_000));
    process.env["STRAIT_TEST_PASSWORD"] = WRONG;
    const wrong = await failureOf(client.check(10_000));
    process.env["STRAIT_TEST_PASSWORD"] = RIGHT;
    const right = await client.check(10_000);
    expect([missing.code, wrong.code, right.brokers.length]).toEqual([
      "secret-unavailable",
      "authentication-failed",
      1,
    ]);
  } finally {
    delete process.env["STRAIT_TEST_PASSWORD"];
  }
});

test("a mechanism the broker does not have is answered with those it has", async () => {
  const login = { "sasl.mechanism": "SCRAM-SHA-256", "sasl.username": "alice", "sasl.password": RIGHT };
  await using client = clientOf(broker.address("SASL"), { "security.protocol": "SASL_PLAINTEXT", ...login });
  expect(await failureOf(client.check(10_000))).toMatchObject({
    code: "authentication-failed",
    message: expect.stringContaining("PLAIN, SCRAM-SHA-512"),
  });
});

describe("SASL OAUTHBEARER", () => {
  const login = (secret: string) => ({
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanism": "OAUTHBEARER",
    "sasl.oauthbearer.method": "OIDC",
    "sasl.oauthbearer.token.endpoint.url": `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`,
    "sasl.oauthbearer.client.id": "alice",
    "sasl.oauthbearer.client.secret": secret,
  });

  test("a token of the provider is let in", async () => {
    await using client = clientOf(broker.address("SASL"), login(RIGHT));
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test("a provider that gives none is named", async () => {
    await using client = clientOf(broker.address("SASL"), login(WRONG));
    const error = await failureOf(client.check(10_000));
    expect({ code: error.code, message: error.message }).toEqual({
      code: "authentication-failed",
      message: `no token from ${login(WRONG)["sasl.oauthbearer.token.endpoint.url"]}: it answered with status 401`,
    });
  });
});

describe("TLS", () => {
  test("a certificate nobody vouches for is refused with the reason", async () => {
    await using client = clientOf(broker.address("TLS"), { "security.protocol": "SSL" });
    expect(await failureOf(client.check(10_000))).toMatchObject({
      code: "cluster-unreachable",
      retriable: false,
      message: expect.stringContaining("TLS: the server's certificate is self-signed; name its CA in ssl.ca.location"),
    });
  });

  test("with its CA named it is accepted", async () => {
    await using client = clientOf(broker.address("TLS"), { "security.protocol": "ssl", "ssl.ca.pem": certificate.pem });
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test("without verification it is accepted", async () => {
    const properties = { "security.protocol": "ssl", "enable.ssl.certificate.verification": "false" };
    await using client = clientOf(broker.address("TLS"), properties);
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test("goes together with SASL", async () => {
    const login = { "sasl.mechanism": "SCRAM-SHA-256", "sasl.username": "alice", "sasl.password": RIGHT };
    const properties = { "security.protocol": "SASL_SSL", "ssl.ca.pem": certificate.pem, ...login };
    await using client = clientOf(broker.address("BOTH"), properties);
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });
});

describe("TLS on both sides", () => {
  const mutual = (properties: Readonly<Record<string, string>>) =>
    clientOf(broker.address("MUTUAL"), {
      "security.protocol": "SSL",
      "ssl.ca.location": certificate.certFile,
      ...properties,
    });

  test("the certificate the broker knows is let in, from files", async () => {
    await using client = mutual({ "ssl.certificate.location": ours.certFile, "ssl.key.location": ours.keyFile });
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test("and as text", async () => {
    const key = readFileSync(ours.keyFile, "utf8");
    await using client = mutual({ "ssl.certificate.pem": ours.pem, "ssl.key.pem": key });
    expect((await client.check(10_000)).brokers).toHaveLength(1);
  });

  test.each(["none", "one the broker does not know"])("with %s we are told what to look at", async (which) => {
    const { certFile, keyFile } = stranger;
    const shown = which === "none" ? {} : { "ssl.certificate.location": certFile, "ssl.key.location": keyFile };
    await using client = mutual(shown);
    expect(await failureOf(client.check(10_000))).toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining("does it trust the certificate in ssl.certificate.location"),
    });
  });
});

describe("a listener of another security.protocol is recognised:", () => {
  test.each([
    ["PLAINTEXT to a SASL listener", "SASL", {}],
    ["PLAINTEXT to a TLS listener", "TLS", {}],
    ["TLS to a plain listener", "PLAIN", { "security.protocol": "SSL" }],
  ])("%s", async (_, listener, properties: Record<string, string>) => {
    await using client = clientOf(broker.address(listener), properties);
    const error = await failureOf(client.check(10_000));
    expect({ code: error.code, message: error.message }).toEqual({
      code: "cluster-unreachable",
      message: expect.stringMatching(/security\.protocol|requires TLS/),
    });
  });
});

function unsecuredToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: "alice", iat: now, exp: now + 600 })}.`;
}
