/** Two real clusters linked from the command line alone, as somebody would who has never seen strait. */

import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { until } from "../control/until.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { freePort } from "../support/kafka/free-port.ts";
import { produce } from "../support/produce.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import { type Ended, onTerminal, piped } from "./command-line.ts";

setDefaultTimeout(BROKER_TEST_MS);

const RECORDS = 200;

let brokers: TestClusters;
beforeAll(async () => {
  brokers = await clusters();
});

test("clusters, a link and a mapping are added, watched, proved, paused, resumed and removed", async () => {
  const topic = await createTopic(brokers.east, "shop", { partitions: 2 });
  const link = uniqueName("eu-to-us");
  const records = Array.from({ length: RECORDS }, (_, id) => ({
    partition: id % 2,
    key: String(id),
    value: JSON.stringify({ id, name: `somebody ${id}` }),
  }));
  await produce(brokers.east, topic, records);

  using directory = temporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const strait = async (...args: string[]): Promise<Ended> => {
    await using run = piped(args, { url });
    return { code: await run.ended, out: run.out, err: run.err };
  };
  const done = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await strait(...args);
    expect([args, code, err]).toEqual([args, 0, ""]);
    return out;
  };
  await using up = onTerminal(["up", "--listen", `127.0.0.1:${port}`, "--state", join(directory.path, "state")], {
    url,
  });
  await until("strait to be up", () => up.out.includes("strait is up"), 60_000);
  // For people: the time, the level and what it is, and no JSON.
  expect(Bun.stripANSI(up.out)).toMatch(/\[\d\d:\d\d:\d\d\.\d{3}\] INFO: strait is up/);

  for (const [name, region] of [
    ["east", "eu"],
    ["west", "us"],
  ] as const) {
    await done("cluster", "add", name, "--region", region, "--bootstrap", brokers[name].bootstrap);
  }
  expect(await done("cluster", "topics", "east")).toMatch(new RegExp(`^${topic} +2 +no$`, "m"));
  expect(await done("cluster", "show", "west")).toMatch(/^transactions +yes/m);
  await done("link", "add", link, "--source", "east", "--destination", "west");
  await done("map", "add", link, topic, "--keep", "$.id");

  await using watch = onTerminal(["lag", link, "--watch"], { url, columns: 110 });
  const last = RECORDS / 2 - 1;
  for (const partition of [0, 1]) {
    const arrived = await done("await", link, `${topic}/${partition}`, String(last), "--timeout", "60");
    expect(arrived).toBe(`offset ${last} of ${topic}/${partition} is at the destination; ${last + 1} comes next\n`);
  }
  await until("the picture to show that all is copied", () => /total: nothing behind/.test(watch.out), 30_000);
  watch.interrupt();
  expect(await watch.ended).toBe(0);
  const late = await strait("await", link, `${topic}/0`, String(RECORDS), "--timeout", "1");
  expect(late).toMatchObject({ code: 1, out: "" });
  expect(late.err).toContain("was not at the destination within 1000 ms");

  const copied = [...(await readTopic(brokers.west, topic)).values()].flat();
  const values = copied.map(({ value }) => JSON.parse(new TextDecoder().decode(value ?? undefined)));
  expect(values.toSorted((a, b) => a.id - b.id)).toEqual(records.map((_, id) => ({ id })));
  expect(await done("link", "show", link)).toMatch(/ 2 +running +100 % +0 +0 ms/);
  expect(await done("verify", link)).toEndWith(`clean: ${RECORDS} records\n`);
  expect(await done("metrics")).toContain(`strait_lag_records{link="${link}"`);
  expect(JSON.parse(await done("evidence", link, "--json")).evidence.mappings[0].evidence.replaced).toBe(RECORDS);
  expect(JSON.parse(await done("api", "GET", "/readyz"))).toEqual({ status: "ready" });

  await done("map", "pause", link, topic);
  await until("the mapping to pause", async () => (await done("lag", link)).includes("paused"), 30_000);
  await done("map", "resume", link, topic);
  await produce(brokers.east, topic, records);
  await done("await", link, `${topic}/1`, String(RECORDS - 1), "--timeout", "60");

  await done("link", "rm", link);
  await done("cluster", "rm", "east");
  up.interrupt();
  expect(await up.ended).toBe(0);
});
