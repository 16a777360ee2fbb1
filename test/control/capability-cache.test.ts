import { expect, test } from "bun:test";
import type { Cluster } from "../../src/config/resources.ts";
import { CapabilityCache } from "../../src/control/capability-cache.ts";
import { ClusterConnections } from "../../src/control/cluster-connection.ts";
import { StraitError } from "../../src/model/errors.ts";
import { standInCluster } from "./control-under-test.ts";

const EAST: Cluster = { name: "east", region: "eu", properties: { "bootstrap.servers": "east:1" } };

/** A cache on clusters that count how often they are asked, and a clock that stands still until it is set. */
function cacheUnderTest() {
  const subject = { asked: 0, answers: true, now: 0 };
  const connections = new ClusterConnections((cluster) => {
    const standIn = standInCluster(cluster.properties["bootstrap.servers"] ?? "");
    return {
      ...standIn,
      capabilities: async () => {
        subject.asked += 1;
        if (!subject.answers) throw new StraitError("cluster-unreachable", "east:1: connection refused");
        return await standIn.capabilities();
      },
    };
  });
  return Object.assign(subject, { cache: new CapabilityCache(connections, () => subject.now) });
}

test("a cluster is asked once a minute, also by many at the same time", async () => {
  const subject = cacheUnderTest();
  await Promise.all([subject.cache.of(EAST), subject.cache.of(EAST)]);
  subject.now = 59_999;
  await subject.cache.of(EAST);
  const withinTheMinute = subject.asked;
  subject.now = 60_000;
  await subject.cache.of(EAST);
  expect([withinTheMinute, subject.asked]).toEqual([1, 2]);
});

test("a cluster whose configuration changed is asked again", async () => {
  const subject = cacheUnderTest();
  await subject.cache.of(EAST);
  await subject.cache.of({ ...EAST, properties: { "bootstrap.servers": "east:2" } });
  expect(subject.asked).toBe(2);
});

test("a cluster that does not answer has no capabilities but a reason, and is asked again", async () => {
  const subject = cacheUnderTest();
  subject.answers = false;
  const silent = await subject.cache.of(EAST);
  subject.answers = true;
  const answering = await subject.cache.of(EAST);
  expect([silent, answering]).toEqual([
    { capabilities: null, capabilitiesReason: "east:1: connection refused" },
    { capabilities: expect.objectContaining({ topicIds: { usable: true, reason: null } }), capabilitiesReason: null },
  ]);
});
