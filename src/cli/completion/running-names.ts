/** Names for completion: fixed words, and what a running strait knows. */

import type { LinkLag } from "../../control/lag.ts";
import { type ApiClient, RequestFailed } from "../api-client.ts";
import { clusterPath, linkPath, mappingsPath } from "../api-paths.ts";
import { UsageError } from "../usage-error.ts";
import type { NamesOf } from "./candidates.ts";

/** Who presses a key does not wait longer. */
const TIMEOUT_MS = 700;

const WORDS: Readonly<Record<string, readonly string[]>> = {
  mode: ["mirror", "append"],
  start: ["earliest", "latest"],
  kind: ["state", "lag"],
  shell: ["bash", "zsh", "fish"],
  method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  role: ["viewer", "operator", "steward", "admin"],
};

/** Asks a client for the `--url` that was typed, if one was. Where nothing answers, or refuses, there are no names. */
export function runningNames(clientOf: (url: string | undefined) => ApiClient): NamesOf {
  return async (placeholder, before) => {
    const fixed = WORDS[placeholder];
    if (fixed !== undefined) return fixed;
    try {
      return await names(clientOf(before.get("url")), placeholder, before.get("link"));
    } catch (error) {
      // A message would stand in the middle of what is being typed.
      if (error instanceof RequestFailed || error instanceof UsageError) return [];
      throw error;
    }
  };
}

async function names(client: ApiClient, placeholder: string, link: string | undefined): Promise<string[]> {
  const get = (path: string) => client.request("GET", path, undefined, { timeoutMs: TIMEOUT_MS });
  const listed = async (path: string, field: string) => {
    const answer = (await get(path)) as Readonly<Record<string, readonly { readonly name: string }[]>>;
    return (answer[field] ?? []).map(({ name }) => name);
  };
  if (placeholder === "link") return await listed("/v1/links", "links");
  if (placeholder === "cluster") return await listed("/v1/clusters", "clusters");
  if (placeholder === "policy") return await listed("/v1/policies", "policies");
  if (link === undefined) return [];
  if (placeholder === "mapping") return await listed(mappingsPath(link), "mappings");
  if (placeholder === "topic") {
    const { source } = (await get(linkPath(link))) as { source: string };
    return (await listed(`${clusterPath(source)}/topics`, "topics")).filter((name) => !name.startsWith("__"));
  }
  if (placeholder !== "topic/partition") return [];
  const { partitions } = (await get(`${linkPath(link)}/lag`)) as LinkLag;
  return partitions.map(({ topic, partition }) => `${topic}/${partition}`);
}
