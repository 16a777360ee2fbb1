/** The shell blocks of the documents, run in their order against a real strait and real clusters. */

import { afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LinkLag } from "../../src/control/lag.ts";
import { order } from "../../src/demo/orders.ts";
import { until } from "../end-to-end/strait.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { blocksIn, type CodeBlock, codeBlocks } from "./documents.ts";
import { Terminal } from "./terminal.ts";

setDefaultTimeout(BROKER_TEST_MS);

/** What is not run here, and why. */
const NOT_RUN: readonly [command: string, reason: string][] = [
  ["apt-get install", "it would install packages on the machine of whoever runs the tests"],
  ["npx -y bun@1.4 run demo", "it downloads first; demo.test.ts runs what comes after that"],
  ["npx -y bun@1.4 run check", "it is what runs this test"],
  ["npx -y bun@1.4 install", "the clone of this test has the packages of this one"],
  ["docker build", "there may be no container engine; test/packaging/dockerfile.test.ts runs the steps of the image"],
];

const isRun = ({ text }: CodeBlock) => !NOT_RUN.some(([command]) => text.startsWith(command));
const PARTITIONS = 2;
const ORDERS = 100;

let brokers: TestClusters;
let terminal: Terminal;
/** In the place of `orders` and `eu-to-us`, which other tests of the same brokers could use, too. */
let topic: string;
let link: string;
let made = 0;

beforeAll(async () => {
  brokers = await clusters();
});
beforeEach(async () => {
  made = 0;
  topic = await createTopic(brokers.east, "orders", { partitions: PARTITIONS });
  link = uniqueName("eu-to-us");
  await makeOrders();
  terminal = await Terminal.open();
});
afterEach(() => terminal.close());

/** The block with the names and addresses of this test. */
function adapted(text: string): string {
  return text
    .replaceAll("localhost:9092", brokers.east.bootstrap)
    .replaceAll("localhost:9093", brokers.west.bootstrap)
    .replaceAll("http://127.0.0.1:7070", terminal.url)
    .replaceAll(/\borders\b/g, topic)
    .replaceAll(/\beu-to-us\b/g, link);
}

async function makeOrders(): Promise<void> {
  const first = made;
  made += ORDERS;
  const records = Array.from({ length: ORDERS }, (_, index) => {
    const id = first + index;
    return { partition: id % PARTITIONS, key: String(id), value: JSON.stringify(order(id, new Date())) };
  });
  await produce(brokers.east, topic, records);
}

async function lag(): Promise<LinkLag> {
  const answer = await fetch(`${terminal.url}/v1/links/${link}/lag`);
  return (await answer.json()) as LinkLag;
}

/** Waits until every order made so far is at the destination, with what the allow-list lets cross and nothing else. */
async function expectCopied(): Promise<void> {
  const isCopied = ({ partitions, total }: LinkLag) =>
    total.lagRecords === 0 && partitions.reduce((sum, { nextOffset }) => sum + (nextOffset ?? 0), 0) === made;
  await until(lag, isCopied, 60_000, `the lag of ${link}`);
  const copied = await readTopic(brokers.west, topic);
  const values = [...copied.values()]
    .flat()
    .map(({ value }) => JSON.parse(new TextDecoder().decode(value ?? undefined)));
  const expected = Array.from({ length: made }, (_, id) => {
    const { amount, customer } = order(id, new Date());
    return { id, customer: { country: customer.country }, amount };
  });
  expect(values.toSorted((a, b) => a.id - b.id)).toEqual(expected);
}

test("only what cannot be is left out", () => {
  const left = blocksIn("sh").filter((block) => !isRun(block));
  expect(left).toHaveLength(NOT_RUN.length);
});

test("README.md: from a file and by HTTP, orders arrive without what nobody listed", async () => {
  const file = codeBlocks("README.md").find(({ info }) => info === "strait.yaml");
  writeFileSync(join(terminal.directory, "strait.yaml"), adapted(file?.text ?? ""));
  const output: string[] = [];
  let starts = 0;
  for (const { text } of codeBlocks("README.md").filter((block) => block.language === "sh" && isRun(block))) {
    if (!text.includes("src/cli.ts up")) {
      output.push(await terminal.run(adapted(text)));
      continue;
    }
    if (++starts > 1) await makeOrders();
    await terminal.start(adapted(text));
    // Who types the next commands into another terminal is not as fast as a test.
    if (starts === 1) await expectCopied();
  }
  expect(starts).toBe(2);
  await expectCopied();
  const all = output.join("");
  expect(all).toContain("1 links, 1 mappings, no mistakes");
  expect(all).toContain(`"link":"${link}"`);
  expect(all).toMatch(new RegExp(`^${link} +${topic} +1 +\\w+`, "m"));
});

test("docs/getting-started.md: from nothing to a proven copy, on the command line", async () => {
  const output: string[] = [];
  for (const { text } of codeBlocks("docs/getting-started.md").filter(
    (block) => block.language === "sh" && isRun(block),
  )) {
    if (text.includes("src/cli.ts up")) await terminal.start(adapted(text));
    else output.push(await terminal.run(adapted(text)));
  }
  await makeOrders();
  await expectCopied();
  const all = output.join("");
  expect(all).toContain("wrote mine/strip-headers.ts and mine/strip-headers.test.ts");
  expect(all).toMatch(/^\.\/mine\/strip-headers\.ts +the mapping/m);
  expect(all).toContain(`clean: ${ORDERS} records`);
  expect(readFileSync(join(terminal.directory, "evidence.html"), "utf8")).toContain(topic);
});

test("docs/api.md: the commands do what they say", async () => {
  await terminal.start("npx -y bun@1.4 src/cli.ts up");
  for (const [name, { bootstrap }] of Object.entries({ east: brokers.east, west: brokers.west })) {
    const body = JSON.stringify({ region: name, properties: { "bootstrap.servers": bootstrap } });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${terminal.url}/v1/clusters/${name}`, { method: "PUT", body, headers });
    expect(answer.status).toBe(201);
  }
  const [commands, ...others] = codeBlocks("docs/api.md").filter(({ language }) => language === "sh");
  expect(others).toEqual([]);
  const output = await terminal.run(adapted(commands?.text ?? ""));
  expect(output).toContain("redact");
  expect(output).toContain(`"name":"${link}"`);
  const links = await fetch(`${terminal.url}/v1/links`);
  expect(await links.json()).toEqual({ links: [] });
});
