/** Keeps the topic a mapping mirrors into as its source is: the same partitions, the same settings. */

import type { Mapping } from "../config/resources.ts";
import { StraitError } from "../model/errors.ts";
import type { ClusterClient, TopicSettings } from "../wire/cluster-client.ts";
import { retryFor } from "../wire/retry.ts";
import { batchLimit, settingsToChange, settingsToCreateWith } from "./mirror-settings.ts";
import { isRefusal } from "./refusal.ts";

export interface MirrorTopicOptions {
  /**
   * Whether a prefix of the mirror's log has still to be cut. Then the topic keeps everything until it is cut; the
   * source's cleanup policy and retention come with a later call.
   */
  readonly cutting: boolean;
}

export interface MirrorTopic {
  /** How many the source has; the mirror has as many, unless `problem` says that it could not be given them. */
  readonly partitions: number;
  /** The id of the source topic as a UUID in lower case, `null` where the cluster gives none. */
  readonly sourceId: string | null;
  /** Whether this call created the mirror topic. */
  readonly created: boolean;
  /** What could not be taken over from the source, with the remedy; copying goes on. `null` where everything was. */
  readonly problem: string | null;
  /** The largest batch the mirror takes, bytes; `null` where that could not be asked. */
  readonly maxMessageBytes: number | null;
}

/** How long a broker may take to hear of new partitions that another one has told already. */
const SETTLING_MS = 3_000;

/**
 * Creates the mirror topic where it is missing, and lets partitions and settings of one that is there follow the source.
 * Meant to be called again and again; without a difference it changes nothing. Rejects with `unknown-topic`, retriable,
 * while the source topic is missing; with `partition-mismatch` where the mirror has more partitions; with what the brokers
 * say where a missing topic cannot be created. Rights that are missing for the rest are a `problem`.
 */
export async function ensureMirrorTopic(
  source: ClusterClient,
  destination: ClusterClient,
  mapping: Mapping,
  options: MirrorTopicOptions,
): Promise<MirrorTopic> {
  const [found, there] = await Promise.all([
    source.partitionCount(mapping.source),
    destination.partitionCount(mapping.destination),
  ]);
  if (found === null) {
    throw new StraitError("unknown-topic", `the source has no topic ${mapping.source} (yet)`, {
      topic: mapping.source,
      retriable: true,
    });
  }
  const problems: string[] = [];
  const [sourceId, settings] = await Promise.all([
    source.topicId(mapping.source),
    orProblem(problems, "grant DESCRIBE_CONFIGS on it at the source", source.topicConfigs(mapping.source)),
  ]);
  const created = there === null && (await create(destination, mapping.destination, found, settings, options.cutting));
  const mirrored = there ?? (created ? found : ((await destination.partitionCount(mapping.destination)) ?? found));
  const partitions = mirrored > found ? await settledCount(source, mapping, mirrored) : found;
  if (mirrored < partitions) {
    const remedy = `give it ${partitions} partitions, or grant ALTER on it at the destination`;
    await orProblem(problems, remedy, destination.createPartitions(mapping.destination, partitions));
  }
  const maxMessageBytes = await follow(destination, mapping.destination, settings, options.cutting, problems);
  return { partitions, sourceId, created, problem: problems.join("; ") || null, maxMessageBytes };
}

/** Returns whether it was this call that created the topic. */
async function create(
  destination: ClusterClient,
  topic: string,
  partitions: number,
  source: TopicSettings | null,
  cutting: boolean,
): Promise<boolean> {
  const attempt = (sure: boolean) =>
    destination.createTopic(topic, { partitions, configs: settingsToCreateWith(source, { cutting, sure }) });
  try {
    return (await attempt(false)) === "created";
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code === "authorization-failed") {
      const remedy = `grant CREATE on it at the destination, or create it with ${partitions} partitions`;
      throw new StraitError(error.code, `${error.message}; ${remedy}`, { ...error.facts, cause: error });
    }
    // A setting that these brokers do not know, or a value they do not take: which of them shows when each is set.
    return (await attempt(true)) === "created";
  }
}

/** How many partitions the source has, after waiting for at least as many as the mirror has. */
async function settledCount(source: ClusterClient, mapping: Mapping, mirrored: number): Promise<number> {
  let found = 0;
  try {
    return await retryFor(SETTLING_MS, `topic ${mapping.source}`, async () => {
      found = (await source.partitionCount(mapping.source)) ?? 0;
      if (found >= mirrored) return found;
      throw new StraitError("partition-mismatch", "fewer partitions than the mirror", { retriable: true });
    });
  } catch (error) {
    if (!(error instanceof StraitError) || error.code !== "partition-mismatch") throw error;
    const sizes = `topic ${mapping.destination} has ${mirrored} partitions at the destination, its source ${mapping.source} has ${found}`;
    const remedy = `a mirror has the same: delete it, name another destination topic, or use mode "append"`;
    throw new StraitError("partition-mismatch", `${sizes}; ${remedy}`, { topic: mapping.destination });
  }
}

/** Brings the settings of the mirror in line and returns the size of the largest batch it takes. */
async function follow(
  destination: ClusterClient,
  topic: string,
  source: TopicSettings | null,
  cutting: boolean,
  problems: string[],
): Promise<number | null> {
  const remedy = "grant DESCRIBE_CONFIGS and ALTER_CONFIGS on it at the destination";
  const mirror = await orProblem(problems, remedy, destination.topicConfigs(topic));
  if (mirror === null) return null;
  const { changes, unknown } = settingsToChange(source, cutting, mirror);
  if (unknown.length > 0) problems.push(`the destination has no ${unknown.join(", ")} to set on topic ${topic}`);
  if (changes.size === 0) return batchLimit(mirror);
  try {
    await destination.alterTopicConfigs(topic, changes);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error.code === "authorization-failed") {
      problems.push(`${error.message}; ${remedy}`);
      return batchLimit(mirror);
    }
    // One that is refused must not keep the others from following.
    for (const [name, value] of changes) {
      await orProblem(problems, "it stays as it is", destination.alterTopicConfigs(topic, new Map([[name, value]])));
    }
  }
  return batchLimit(await destination.topicConfigs(topic));
}

/** What is asked for, or `null` with the brokers' refusal and a remedy among the problems. */
async function orProblem<T>(problems: string[], remedy: string, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    problems.push(`${error.message}; ${remedy}`);
    return null;
  }
}
