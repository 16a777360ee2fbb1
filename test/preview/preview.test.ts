/** Previews on real brokers, over HTTP and as they are typed. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Preview } from "../../src/control/preview-view.ts";
import { groupOf } from "../../src/model/progress.ts";
import { type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { clientOf } from "../support/cluster-client.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { createTopic } from "../support/topics.ts";
import { beginTransaction } from "../support/transaction.ts";

setDefaultTimeout(BROKER_TEST_MS);

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const AT = Date.UTC(2026, 10, 25);
const KEEP_ID = { use: "redact", options: { keep: ["$.id"] } };

let brokers: TestClusters;
let subject: ControlUnderTest;
beforeAll(async () => {
  brokers = await clusters();
  subject = await controlUnderTest({ filterDirectories: [import.meta.dirname] });
  for (const [name, { bootstrap }] of Object.entries({ east: brokers.east, west: brokers.west })) {
    await accepted("PUT", `/v1/clusters/${name}`, { region: name, properties: { "bootstrap.servers": bootstrap } });
  }
});
afterAll(() => subject[Symbol.asyncDispose]());

async function accepted(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await subject.call(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer;
}

/** A link named as its topic, which does not run, with the mapping `orders`. */
async function link(topic: string, filters: readonly object[], more: object = {}): Promise<void> {
  const mapping = { source: topic, name: "orders", filters, ...more };
  await accepted("POST", "/v1/links", {
    name: topic,
    source: "east",
    destination: "west",
    paused: true,
    mappings: [mapping],
  });
}

const pathOf = (topic: string) => `/v1/links/${topic}/mappings/orders/preview`;
const preview = async (topic: string, body?: object) => (await accepted("POST", pathOf(topic), body)) as Preview;

/** Two partitions with ten records each. */
async function ordersTopic(): Promise<string> {
  const topic = await createTopic(brokers.east, "previewed", { partitions: 2 });
  const records = Array.from({ length: 20 }, (_, index) => ({
    partition: index % 2,
    key: `key ${index}`,
    value: `{"id":${index},"mail":"ada-${index}@example.com"}`,
    headers: [["trace", `${index}`] as [string, string]],
    timestamp: AT + index,
  }));
  await produce(brokers.east, topic, records);
  return topic;
}

describe("POST .../preview", () => {
  test("shows the newest records of every partition before and after the mapping's filters", async () => {
    const topic = await ordersTopic();
    await link(topic, [KEEP_ID]);
    const answer = await preview(topic, { records: 4 });
    expect(answer).toMatchObject({
      link: topic,
      mapping: "orders",
      topic,
      filters: [{ use: "redact", policy: null }],
    });
    expect(answer.records.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 8],
      [0, 9],
      [1, 8],
      [1, 9],
    ]);
    const headers = [{ name: "trace", value: { text: "16" } }];
    expect(answer.records[0]).toEqual({
      partition: 0,
      offset: 8,
      timestamp: AT + 16,
      outcome: "replace",
      filter: null,
      reason: null,
      changed: { redact: ["(not listed)"] },
      monitored: {},
      before: { key: { text: "key 16" }, value: { text: '{"id":16,"mail":"ada-16@example.com"}' }, headers },
      after: { key: { text: "key 16" }, value: { text: '{"id":16}' }, headers },
    });
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const fits = ajv.compile(Preview);
    fits(answer);
    expect(fits.errors).toBeNull();
  });

  test("tries other filters, and shows ten records where nothing else is asked for", async () => {
    const topic = await ordersTopic();
    await link(topic, [KEEP_ID]);
    const drop = { use: "drop-records", options: { when: [{ path: "$.id", equals: 19 }] } };
    const { records, filters } = await preview(topic, { filters: [drop] });
    expect(filters).toEqual([{ use: "drop-records", policy: null }]);
    expect(records).toHaveLength(10);
    expect(records.filter(({ outcome }) => outcome === "drop")).toMatchObject([
      { partition: 1, offset: 9, filter: "drop-records", after: null },
    ]);
    expect((await accepted("GET", `/v1/links/${topic}/mappings/orders`))["filters"]).toEqual([KEEP_ID]);
  });

  test("writes nothing anywhere, also where a filter fails, and says why without content", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await produce(brokers.east, topic, [{ value: "ada@example.com" }, { value: '{"id":1}' }]);
    await link(topic, [KEEP_ID], { onFailure: "quarantine" });
    const { records } = await preview(topic);
    expect(records).toMatchObject([
      { outcome: "fail", filter: "redact", before: { value: { text: "ada@example.com" } }, after: null },
      { outcome: "keep" },
    ]);
    expect(records[0]?.reason).toContain(`filter redact cannot handle ${topic}/0 offset 0: `);
    expect(records[0]?.reason).not.toContain("ada");

    for (const { bootstrap } of [brokers.east, brokers.west]) {
      await using client = clientOf(bootstrap);
      const names = (await client.topics()).map(({ name }) => name).filter((name) => name.startsWith(topic));
      expect(names).toEqual(bootstrap === brokers.east.bootstrap ? [topic] : []);
      const committed = await client.committedOffsets(groupOf(topic), new Map([[topic, [0]]]));
      expect(committed.get(topic)?.get(0)).toBeNull();
    }
    const { entries } = (await accepted("GET", "/v1/audit?limit=1000")) as unknown as { entries: { action: string }[] };
    const looked = entries.filter(({ action }) => action === "mapping.preview").at(-1);
    expect(looked).toMatchObject({ resource: `links/${topic}/mappings/orders` });
    expect(JSON.stringify(entries)).not.toContain("ada@");
  });

  test("shows only what is committed, and finds it behind transaction markers", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await produce(brokers.east, topic, [{ value: '{"id":1}' }]);
    for (const end of ["abort", "commit"] as const) {
      const transaction = await beginTransaction(brokers.east);
      await transaction.send(topic, [{ value: `{"id":"${end}"}` }]);
      await transaction[end]();
    }
    await link(topic, []);
    const { records } = await preview(topic, { records: 2 });
    expect(records.map(({ before }) => before.value)).toEqual([{ text: '{"id":1}' }, { text: '{"id":"commit"}' }]);
  });

  test("has bytes as base64 and bounds what it shows", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await produce(brokers.east, topic, [{ key: Buffer.from([0xff]), value: "x".repeat(100_000) }, { value: null }]);
    await link(topic, []);
    const { records } = await preview(topic);
    expect(records.map(({ before: { key, value } }) => [key, value])).toEqual([
      [{ base64: "/w==" }, { text: "x".repeat(8192), truncatedFrom: 100_000 }],
      [null, null],
    ]);
  });

  test("comes back from a filter file in an endless loop", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await produce(brokers.east, topic, [{ value: "first" }, { value: "loop" }]);
    await link(topic, []);
    const { status, body } = await subject.call("POST", pathOf(topic), { filters: [{ use: "./filters/endless.ts" }] });
    // The filter's own process is ended, or the preview is: either way it is known where.
    expect([200, 504]).toContain(status);
    expect(JSON.stringify(body)).toContain("offset 1");
  });

  test("is empty for an empty topic, and 404 for one that is not there", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await link(topic, [KEEP_ID]);
    expect((await preview(topic)).records).toEqual([]);
    await link(`${topic}-gone`, []);
    expect(await subject.call("POST", pathOf(`${topic}-gone`))).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining(`has no topic ${topic}-gone`) },
    });
  });

  test.each<[string, object, string]>([
    ["no records", { records: 0 }, "/records"],
    ["too many records", { records: 101 }, "/records"],
    ["an unknown field", { record: 1 }, "/record"],
    ["an unknown filter", { filters: [{ use: "redakt" }] }, "/filters/0/use"],
    ["wrong options", { filters: [{ use: "redact", options: { keep: ["$.["] } }] }, "/filters/0/options/keep/0"],
  ])("refuses %s", async (_title, body, path) => {
    const topic = await createTopic(brokers.east, "previewed");
    await link(topic, []);
    expect(await subject.call("POST", pathOf(topic), body)).toMatchObject({
      status: 422,
      body: { errors: [{ path }] },
    });
  });

  test("is 404 for a mapping that is not there", async () => {
    expect((await subject.call("POST", "/v1/links/none/mappings/none/preview")).status).toBe(404);
  });
});

describe("strait filter preview", () => {
  async function typed(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const command = [process.execPath, join(ROOT, "src/cli.ts"), "--url", subject.control.url, "filter", "preview"];
    const child = Bun.spawn([...command, ...args], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    return { code: await child.exited, out, err };
  }

  test("shows what differs, and the counts", async () => {
    const topic = await ordersTopic();
    await link(topic, [KEEP_ID]);
    const { code, out, err } = await typed(topic, "orders", "--records", "1");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(`${topic}/0 offset 9 (2026-11-25T00:00:00.018Z): replaced by redact: (not listed)
  key       key 18
  value   - {"id":18[-,"mail":"ada-18@example.com"-]}
          + {"id":18}

FILTER  PATH                   RECORDS
redact  (not listed)  changed  1

1 record: 0 kept, 1 replaced, 0 dropped, 0 failed
`);
  });

  test("tries filters from a file, ends with 1 where one fails, and gives scripts the API's answer", async () => {
    const topic = await createTopic(brokers.east, "previewed");
    await produce(brokers.east, topic, [{ value: "no JSON" }]);
    await link(topic, []);
    using directory = temporaryDirectory();
    const file = join(directory.path, "filters.yaml");
    writeFileSync(file, "filters: [{ use: redact, options: { keep: [$.id] } }]\n");
    const { code, out } = await typed(topic, "orders", "--filters", file, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ topic, records: [{ outcome: "fail" }] });
    expect(await typed(topic, "none")).toMatchObject({ code: 1, err: "no mapping `none`\n" });
    expect((await typed(topic, "orders", "--records", "0")).code).toBe(2);
  });
});
