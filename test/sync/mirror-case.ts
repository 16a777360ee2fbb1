/** What tests of mirror topics begin with. */

import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { Mapping } from "../../src/config/resources.ts";
import type { ClusterClient } from "../../src/wire/cluster-client.ts";
import { until } from "../control/until.ts";
import { uniqueName } from "../support/topics.ts";

/** A mapping that mirrors a topic into one that does not exist yet, which may be on the same cluster. */
export function mirrorOf(source: string): Mapping {
  return completeMapping({ source, destination: uniqueName("mirror"), mode: "mirror" });
}

/** The values of a topic's settings as soon as `enough` is content with those set on it; fails saying what was there. */
export async function settingsOnceThey(
  client: ClusterClient,
  topic: string,
  enough: (own: Record<string, string | null>) => boolean,
): Promise<Record<string, string | null>> {
  const own = async () => {
    const entries = [...(await client.topicConfigs(topic))].filter(([, setting]) => setting.own);
    return Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
  };
  return await until(`the settings of ${topic}`, async () => {
    const found = await own();
    return enough(found) && found;
  });
}
