/** What strait has to do however it was installed. */

import { expect } from "bun:test";
import { symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { until } from "../control/until.ts";
import type { Lag } from "../end-to-end/strait.ts";
import { clusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic, uniqueName } from "../support/topics.ts";
import type { InstalledStrait, RunningStrait } from "./installed-strait.ts";
import { isAlive } from "./installed-strait.ts";

const COPY_MS = 60_000;

/** A filter file as users write them. */
const LOUD = `import { defineFilter, replace, Type } from "strait";

export default defineFilter({
  name: "loud",
  description: "Makes a text loud.",
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    apply: ({ value }) => replace({ value: Buffer.from(String(Buffer.from(value ?? [])).toUpperCase()) }, ["$"]),
  }),
});
`;

export interface InstalledCase {
  readonly title: string;
  readonly run: (strait: InstalledStrait) => Promise<void>;
}

export const installedCases: readonly InstalledCase[] = [
  {
    title: "it says its version",
    run: async (strait) => {
      expect(await strait.run("--version")).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
    },
  },
  {
    title: "check tells a mistake by line and column",
    run: async (strait) => {
      strait.write("strait.yaml", "clusters:\n  east: { region: eu, propertes: {} }\n");
      const { code, err } = await strait.run("check", "strait.yaml");
      expect(code).toBe(1);
      expect(err).toContain("strait.yaml:2:");
    },
  },
  {
    title: "the demo copies records, and Ctrl-C leaves no process behind",
    run: async (strait) => {
      const running = await strait.start("demo");
      await copied(running, "eu-to-us", 20);
      await until("the record before and after", () => running.output.includes("Ctrl-C"));
      const [, after = "{}"] = /^in west {2}(.*)$/m.exec(running.output) ?? [];
      expect(JSON.parse(after)).toMatchObject({ id: 1, iban: null });
      const processes = running.descendants();
      expect(processes.length).toBeGreaterThan(0);
      expect(await running.stop()).toBe(0);
      expect(processes.filter(isAlive)).toEqual([]);
    },
  },
  {
    title: "up mirrors a topic through a filter file, shows a preview, and verifies the mirror",
    run: async (strait) => {
      const { link, topic, running } = await mirrorThroughFile(strait, LOUD);
      await copied(running, link, 3);
      const { west } = await clusters();
      const values = [...(await readTopic(west, topic)).values()]
        .flat()
        .map(({ value }) => String(Buffer.from(value!)));
      expect(values).toEqual(["ONE", "TWO", "THREE"]);

      const preview = await running.call<{ records: { after: unknown }[] }>(
        "POST",
        `/v1/links/${link}/mappings/${topic}/preview`,
        { records: 3 },
      );
      expect(JSON.stringify(preview.records)).toContain("THREE");
      const verified = await strait.run("--url", running.url, "verify", link);
      expect(verified).toMatchObject({ code: 0, err: "" });
      expect(await running.stop("SIGTERM")).toBe(0);
    },
  },
  {
    title: "the dashboard is there",
    run: async (strait) => {
      const running = await strait.start("up");
      const page = await fetch(running.url, { headers: { accept: "text/html" } });
      expect(await page.text()).toContain("<html");
      for (const file of ["main.js", "vendor/uplot.js", "vendor/uplot.css"]) {
        expect([file, (await fetch(`${running.url}/dashboard/${file}`)).status]).toEqual([file, 200]);
      }
    },
  },
];

/** Starts strait with a link that mirrors a new topic with three texts through a filter file. */
export async function mirrorThroughFile(strait: InstalledStrait, filter: string) {
  const { east, west } = await clusters();
  const topic = await createTopic(east, "installed");
  await produce(
    east,
    topic,
    ["one", "two", "three"].map((value) => ({ partition: 0, value })),
  );
  const link = uniqueName("installed");
  const cluster = (region: string, bootstrap: string) => ({ region, properties: { "bootstrap.servers": bootstrap } });
  const file = {
    clusters: { east: cluster("eu", east.bootstrap), west: cluster("us", west.bootstrap) },
    links: {
      [link]: { source: "east", destination: "west", mappings: [{ source: topic, filters: [{ use: "./filter.ts" }] }] },
    },
  };
  strait.write("filter.ts", filter);
  strait.write("strait.yaml", JSON.stringify(file));
  return { link, topic, running: await strait.start("up", "strait.yaml") };
}

/** Where files have to find `strait` as they find any package. */
export async function installBeside(strait: InstalledStrait, root: string): Promise<void> {
  await mkdir(join(strait.directory, "node_modules"), { recursive: true });
  symlinkSync(root, join(strait.directory, "node_modules", "strait"));
}

/** Waits until at least so many records of a link are at the destination, by what the API says. */
async function copied(running: RunningStrait, link: string, records: number): Promise<void> {
  await until(
    `${records} records copied; ${running.output}`,
    async () => {
      const { partitions } = await running.call<Lag>("GET", `/v1/links/${link}/lag`);
      return partitions.reduce((sum, { nextOffset }) => sum + (nextOffset ?? 0), 0) >= records;
    },
    COPY_MS,
  );
}
