/** Filters that change keys: not where the mirror would be compacted by them, and anywhere else like any other. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import type { KafkaRecord } from "../../../src/model/record.ts";
import { BROKER_TEST_MS, type TestClusters } from "../../support/clusters.ts";
import { produce } from "../../support/produce.ts";
import type { TestRecord } from "../../support/record-batch.ts";
import { createTopic } from "../../support/topics.ts";
import { type Strait, straitBetweenClusters } from "../strait.ts";
import { addMirror, expectSameRecords, expectVerified, logRanges, mirrored } from "./mirror-case.ts";
import { configure, partitionUntil, pause, resume } from "./operator-actions.ts";

setDefaultTimeout(BROKER_TEST_MS);

const SECRET = "a key";
const FILTERS = [
  {
    use: "redact",
    options: { target: "key", fields: [{ path: "$.mail", action: "hash", key: "${env:CHANGED_KEYS}" }] },
  },
];

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  process.env["CHANGED_KEYS"] = SECRET;
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(async () => {
  delete process.env["CHANGED_KEYS"];
  await strait.close();
});

const records = Array.from(
  { length: 100 },
  (_, i): TestRecord => ({ key: `{"mail":"${i}@example.org"}`, value: `${i}` }),
);

function pseudonymous(record: KafkaRecord): KafkaRecord {
  const { mail } = JSON.parse(Buffer.from(record.key ?? "").toString()) as { mail: string };
  const key = Buffer.from(JSON.stringify({ mail: createHmac("sha256", SECRET).update(mail).digest("hex") }));
  return { ...record, key };
}

test("a compacted topic is not mirrored with other keys, and is once it is compacted no more", async () => {
  const topic = await createTopic(brokers.east, "changed-keys", { configs: { "cleanup.policy": "compact" } });
  await produce(brokers.east, topic, records);
  await addMirror(strait, topic, topic, { filters: FILTERS });
  const { reason } = await partitionUntil(strait, topic, topic, 0, ({ state }) => state === "failed");
  expect(reason).toContain(`topic ${topic} is compacted, and filter redact changes keys`);
  expect(reason).toContain('use mode "append"');
  expect((await logRanges(brokers.west, topic)).size).toBe(0);

  await pause(strait, topic, topic);
  await configure(brokers.east, topic, { "cleanup.policy": "delete" });
  await resume(strait, topic);
  await mirrored(strait, topic, brokers.east, topic);
  expect(await expectSameRecords(brokers, topic, { transform: pseudonymous })).toBe(records.length);
  await expectVerified(strait, topic);
});
