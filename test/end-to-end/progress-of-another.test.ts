/** Progress is kept by destination topic, so a mapping can find that of another one there. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { type Strait, straitBetweenClusters } from "./strait.ts";

setDefaultTimeout(BROKER_TEST_MS);

let brokers: TestClusters;
let strait: Strait;
beforeAll(async () => {
  ({ brokers, strait } = await straitBetweenClusters());
});
afterAll(() => strait.close());

test("a mapping that takes another one's destination topic says so instead of skipping its first records", async () => {
  const first = await createTopic(brokers.east, "first");
  const second = await createTopic(brokers.east, "second");
  await produce(brokers.east, first, [{ value: "a" }, { value: "b" }]);
  await produce(brokers.east, second, [{ value: "x" }, { value: "y" }, { value: "z" }]);
  const mapping = (source: string) => ({ source, name: "shared", destination: first, mode: "append" });
  await strait.send("POST", "/links", {
    name: "taken",
    source: "east",
    destination: "west",
    mappings: [mapping(first)],
  });
  await strait.lagUntil("taken", ({ partitions }) => partitions.some(({ nextOffset }) => nextOffset === 2));
  await strait.send("DELETE", "/links/taken/mappings/shared");
  await strait.send("POST", "/links/taken/mappings", mapping(second));
  const { partitions } = await strait.lagUntil("taken", (lag) =>
    lag.partitions.some(({ state }) => state === "failed"),
  );
  expect(partitions[0]?.reason).toContain(`has copied ${first} to ${first} before`);
  const copied = [...(await readTopic(brokers.west, first)).values()].flat();
  expect(copied.map(({ value }) => new TextDecoder().decode(value ?? undefined))).toEqual(["a", "b"]);
});
