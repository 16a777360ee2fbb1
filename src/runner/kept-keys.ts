/** Keeps filters that change keys away from mirrors that are compacted. */

import { StraitError } from "../model/errors.ts";
import type { TopicSettings } from "../wire/topic-configs.ts";

const SETTING = "cleanup.policy";

/**
 * Rejects with `conflict` where the source topic is compacted and some filters change keys, by their names. Compaction at
 * the mirror would take records as outdated that the source keeps, and keep what the source deletes: another topic.
 */
export async function requireKeptKeys(
  source: { topicConfigs(topic: string): Promise<TopicSettings> },
  topic: string,
  filters: readonly string[],
): Promise<void> {
  if (filters.length === 0) return;
  const policy = (await source.topicConfigs(topic)).get(SETTING)?.value ?? "";
  if (!policy.split(",").some((each) => each.trim() === "compact")) return;
  const who = filters.length === 1 ? `filter ${filters[0]} changes` : `filters ${filters.join(", ")} change`;
  throw new StraitError(
    "conflict",
    `topic ${topic} is compacted, and ${who} keys: a mirror would keep other records than the source; leave the key as it is, or use mode "append"`,
    { topic },
  );
}
