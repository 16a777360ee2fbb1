/** A mirror between clusters that want TLS and a password, and the password again while it runs. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS } from "../../../support/clusters.ts";
import { type Certificate, selfSignedCertificate } from "../../../support/kafka/certificate.ts";
import { type KafkaCluster, startKafka } from "../../../support/kafka/start-kafka.ts";
import { produce } from "../../../support/produce.ts";
import { createTopic, uniqueName } from "../../../support/topics.ts";
import { beginTransaction } from "../../../support/transaction.ts";
import { Strait } from "../../strait.ts";
import { addMirror, expectSameRecords, expectVerified, mirrored } from "../mirror-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

const PASSWORD = "correct-horse";
/** How long a broker takes a login for good; a client that does not log in again is cut off. */
const LOGIN_MS = 4000;

let certificate: Certificate;
let east: KafkaCluster;
let west: KafkaCluster;
let strait: Strait;
beforeAll(async () => {
  certificate = await selfSignedCertificate();
  const start = () =>
    startKafka({
      listeners: { BOTH: "SASL_SSL" },
      scramUsers: [`SCRAM-SHA-256=[name=alice,password=${PASSWORD}]`],
      properties: {
        ...certificate.brokerProperties,
        "listener.name.both.sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "listener.name.both.scram-sha-256.sasl.jaas.config":
          "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        "connections.max.reauth.ms": String(LOGIN_MS),
      },
    });
  [east, west] = await Promise.all([start(), start()]);
  process.env["STRAIT_TEST_MIRROR_PASSWORD"] = PASSWORD;
  strait = await Strait.start();
  for (const [name, broker] of Object.entries({ east, west })) {
    await strait.send("PUT", `/clusters/${name}`, {
      region: name,
      properties: {
        "bootstrap.servers": broker.address("BOTH"),
        "security.protocol": "SASL_SSL",
        "ssl.ca.pem": certificate.pem,
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": "alice",
        "sasl.password": "${env:STRAIT_TEST_MIRROR_PASSWORD}",
      },
    });
  }
});
afterAll(async () => {
  delete process.env["STRAIT_TEST_MIRROR_PASSWORD"];
  await strait.close();
  await Promise.all([east.close(), west.close()]);
  await certificate[Symbol.asyncDispose]();
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
