/** Between clusters that want TLS and a password, and the password again while it runs, or a certificate. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { makeCertificate } from "../../../support/certificate.ts";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { readTopic } from "../../../support/consume.ts";
import { demanding, showing } from "../../../support/kafka/broker-tls.ts";
import { type KafkaCluster, startKafka } from "../../../support/kafka/start-kafka.ts";
import { produce } from "../../../support/produce.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { createTopic, uniqueName } from "../../../support/topics.ts";
import { beginTransaction } from "../../../support/transaction.ts";
import { Strait } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "../mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PASSWORD = "correct-horse";
/** How long a broker takes a login for good; a client that does not log in again is cut off. */
const LOGIN_MS = 4000;

const folder = temporaryDirectory();
let east: KafkaCluster;
let west: KafkaCluster;
let strait: Strait;
beforeAll(async () => {
  const certificate = makeCertificate(folder.path, "broker");
  const ours = makeCertificate(folder.path, "strait");
  const start = () =>
    startKafka({
      listeners: { BOTH: "SASL_SSL", MUTUAL: "SSL" },
      scramUsers: [`SCRAM-SHA-256=[name=alice,password=${PASSWORD}]`],
      properties: {
        ...showing(certificate),
        ...demanding(ours, "MUTUAL"),
        "listener.name.both.sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "listener.name.both.scram-sha-256.sasl.jaas.config":
          "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        "connections.max.reauth.ms": String(LOGIN_MS),
      },
    });
  east = await start();
  west = await start();
  process.env["STRAIT_TEST_MIRROR_PASSWORD"] = PASSWORD;
  strait = await Strait.start();
  for (const [name, broker] of Object.entries({ east, west })) {
    const add = (cluster: string, properties: Readonly<Record<string, string>>) =>
      strait.send("PUT", `/clusters/${cluster}`, {
        region: name,
        properties: { "ssl.ca.pem": certificate.pem, ...properties },
      });
    await add(name, {
      "bootstrap.servers": broker.address("BOTH"),
      "security.protocol": "SASL_SSL",
      "sasl.mechanism": "SCRAM-SHA-256",
      "sasl.username": "alice",
      "sasl.password": "${env:STRAIT_TEST_MIRROR_PASSWORD}",
    });
    await add(`${name}-by-certificate`, {
      "bootstrap.servers": broker.address("MUTUAL"),
      "security.protocol": "SSL",
      "ssl.certificate.location": ours.certFile,
      "ssl.key.location": ours.keyFile,
    });
  }
});
afterAll(async () => {
  delete process.env["STRAIT_TEST_MIRROR_PASSWORD"];
  await strait.close();
  await Promise.all([east.close(), west.close()]);
  folder[Symbol.dispose]();
});

test("large and small batches cross, also after logins have ended", async () => {
  const topic = await createTopic(east, "encrypted", { partitions: 3 });
  const link = uniqueName("encrypted");
  await addMirror(strait, link, topic);
  const until = Date.now() + 3 * LOGIN_MS;
  for (let round = 0; Date.now() < until; round++) {
    const large = Array.from({ length: 30 }, (_, i) => ({ partition: i % 3, value: `${round % 10}`.repeat(300_000) }));
    await produce(east, topic, large, { batchRecords: 3 });
    const small = Array.from({ length: 3000 }, (_, i) => ({ partition: i % 3, key: `k${i}`, value: `${round} ${i}` }));
    await produce(east, topic, small, { compression: "zstd", batchRecords: 50 });
    const transaction = await beginTransaction(east);
    await transaction.send(topic, [{ partition: 0, value: "never" }]);
    await transaction.abort();
    const { partitions } = await mirrored(strait, link, east, topic);
    expect(partitions.map(({ state }) => state)).not.toContain("failed");
  }
  await expectSameRecords({ east, west }, topic);
  await expectVerified(strait, link);
});

test("a certificate of ours lets us in, in either mode", async () => {
  const topic = await createTopic(east, "by-certificate", { partitions: 3 });
  const records = Array.from({ length: 3000 }, (_, i) => ({ partition: i % 3, key: `k${i}`, value: `${i}` }));
  await produce(east, topic, records, { compression: "zstd" });
  const appended = `${topic}-appended`;
  for (const mapping of [
    { name: "mirrored", source: topic },
    { name: "appended", source: topic, destination: appended, mode: "append" },
  ]) {
    const link = uniqueName(mapping.name);
    const between = { source: "east-by-certificate", destination: "west-by-certificate" };
    await strait.send("POST", "/links", { name: link, ...between, mappings: [mapping] });
    await mirrored(strait, link, east, topic);
  }
  await expectSameRecords({ east, west }, topic);
  const crossed = [...(await readTopic(west, appended)).values()].flat();
  expect(crossed.map(({ value }) => Number(value)).sort((a, b) => a - b)).toEqual(records.map((_, i) => i));
});
