import { expect, test } from "bun:test";
import { settingsToChange, settingsToCreateWith } from "../../src/sync/mirror-settings.ts";
import type { TopicSettings } from "../../src/wire/topic-configs.ts";

const NO_LIMIT = "9223372036854775807";

/** Settings of which these are set on the topic, and those in `defaults` hold for it because its brokers have them. */
function settings(own: Record<string, string>, defaults: Record<string, string> = {}): TopicSettings {
  const entries = (from: Record<string, string>, isOwn: boolean) =>
    Object.entries(from).map(([name, value]) => [name, { value, own: isOwn }] as const);
  return new Map([...entries(defaults, false), ...entries(own, true)]);
}

/** What a mirror has that needs no change. */
const DONE = { "message.timestamp.type": "CreateTime", "compression.type": "producer" };

test("what only the source's brokers have as default does not follow", () => {
  const source = settings({ "retention.ms": "1000" }, { "segment.bytes": "2000" });
  const { changes } = settingsToChange(source, false, settings(DONE, { "retention.ms": "5", "segment.bytes": "6" }));
  expect(changes).toEqual(new Map([["retention.ms", "1000"]]));
});

test("a value that the mirror's brokers have as default anyway is not set", () => {
  const { changes } = settingsToChange(
    settings({ "retention.ms": "1000" }),
    false,
    settings(DONE, { "retention.ms": "1000" }),
  );
  expect(changes.size).toBe(0);
});

test("what belongs to the cluster a topic is on does not follow", () => {
  const own = {
    "min.insync.replicas": "2",
    "unclean.leader.election.enable": "true",
    "leader.replication.throttled.replicas": "*",
    "remote.storage.enable": "true",
    preallocate: "true",
    "flush.messages": "1",
  };
  const defaults = Object.fromEntries(Object.keys(own).map((name) => [name, "other"]));
  expect(settingsToChange(settings(own), false, settings(DONE, defaults)).changes.size).toBe(0);
  expect(Object.keys(settingsToCreateWith(settings(own), { cutting: false, sure: false }))).not.toContainAnyValues(
    Object.keys(own),
  );
});

test("policies in another order are the same", () => {
  const mirror = settings({ ...DONE, "cleanup.policy": "delete,compact" });
  expect(settingsToChange(settings({ "cleanup.policy": "compact,delete" }), false, mirror).changes.size).toBe(0);
});

test("limits for timestamps are lifted, those of Kafka before 4.0 where the brokers know it", () => {
  const limits = {
    "message.timestamp.before.max.ms": "1",
    "message.timestamp.after.max.ms": "1",
    "message.timestamp.difference.max.ms": "1",
  };
  const { changes } = settingsToChange(settings({}), false, settings(DONE, limits));
  expect(changes).toEqual(new Map(Object.keys(limits).map((name) => [name, NO_LIMIT])));
});

test("a limit that the brokers do not know is no news, a setting of the source that they do not know is", () => {
  const { changes, unknown } = settingsToChange(settings({ "segment.jitter.ms": "5" }), false, settings(DONE));
  expect({ changes: changes.size, unknown }).toEqual({ changes: 0, unknown: ["segment.jitter.ms"] });
});

test("the limit of batches is raised to what the source takes, also by its brokers' default, and never lowered", () => {
  const limit = (bytes: string) => settings(DONE, { "max.message.bytes": bytes });
  const raised = settingsToChange(limit("2000000"), false, limit("1000000")).changes;
  const kept = settingsToChange(limit("1000000"), false, limit("2000000")).changes;
  expect([raised, kept]).toEqual([new Map([["max.message.bytes", "2000000"]]), new Map()]);
});

test("while the source cannot be asked nothing is removed at the mirror", () => {
  const mirror = settings({ ...DONE, "retention.ms": "1000", "message.timestamp.type": "LogAppendTime" });
  expect(settingsToChange(null, false, mirror).changes).toEqual(new Map([["message.timestamp.type", "CreateTime"]]));
});

test("where brokers take less, a mirror is created with what all of them know and what must hold at once", () => {
  const source = settings({ "segment.bytes": "14", "cleanup.policy": "compact", "retention.ms": "5" });
  expect(settingsToCreateWith(source, { cutting: false, sure: true })).toEqual({
    "message.timestamp.type": "CreateTime",
    "compression.type": "producer",
    "cleanup.policy": "compact",
    "retention.ms": "5",
  });
});
