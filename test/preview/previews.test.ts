/** Previews that come to nothing, and who may make how many. What they show is in preview.test.ts. */

import { afterEach, describe, expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import type { Cluster } from "../../src/config/resources.ts";
import type { AuditedChange } from "../../src/control/audit-log.ts";
import { Previews, type PreviewsOptions } from "../../src/control/previews.ts";

const cluster = (name: string): Cluster => ({ name, region: "eu", properties: { "bootstrap.servers": "127.0.0.1:1" } });
const filters = [{ use: "redact", options: { keep: ["$.id"] } }];
const mapping = completeMapping({ source: "orders", filters });
const plan = {
  link: { name: "eu-to-us", source: "east", destination: "west", paused: false, mappings: [mapping] },
  source: cluster("east"),
  destination: cluster("west"),
  rulings: {
    orders: {
      refusal: null,
      filters: [{ use: "drop-records", options: { when: [{ header: "test", equals: "1" }] }, policy: "no-tests" }],
      policies: [],
    },
  },
  nodeId: "test",
  filterDirectories: [],
};

let audited: AuditedChange[];
let previews: Previews;
function previewsWith(previewer: string | null, options: Partial<PreviewsOptions> = {}): void {
  audited = [];
  const module = previewer === null ? {} : { module: new URL(`./fixtures/${previewer}-previewer.ts`, import.meta.url) };
  previews = new Previews({
    audit: { append: (change) => audited.push(change) as never },
    plans: () => [plan],
    checkFilters: async () => [],
    ...module,
    ...options,
  });
}
afterEach(() => previews.close());

const preview = (input = {}) => previews.preview("eu-to-us", "orders", input, { token: "ann", via: "http" });

describe("a preview", () => {
  test("is 504 when it takes too long, and says which record a filter has", async () => {
    previewsWith("silent", { timeoutMs: 1000 });
    await expect(preview()).rejects.toMatchObject({
      status: 504,
      message: "there is no preview: no answer within 1 s; a filter still has orders/2 offset 17",
    });
  });

  test("is 503 when its process ends", async () => {
    previewsWith("exiting");
    await expect(preview()).rejects.toMatchObject({
      status: 503,
      message: "there is no preview: the process of the filters exited with code 3",
    });
  });

  test("is 502 when the cluster does not answer", async () => {
    previewsWith(null, { timeoutMs: 60_000 });
    await expect(preview({ filters: [] })).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("127.0.0.1:1"),
    });
  }, 60_000);

  test("is 422 for filters that cannot be used, and then nobody has looked", async () => {
    previewsWith("silent", { checkFilters: async () => [{ path: "/0/use", message: "no filter" }] });
    await expect(preview({ filters: [{ use: "redakt" }] })).rejects.toMatchObject({
      code: "configuration",
      errors: [{ path: "/filters/0/use", message: "no filter" }],
    });
    expect(audited).toEqual([]);
  });

  test("is in the audit log before anything is read, with what ran and no content", async () => {
    previewsWith("silent", { timeoutMs: 1 });
    await preview({ records: 3 }).catch(() => {});
    await preview({ filters: [] }).catch(() => {});
    const entry = { token: "ann", via: "http", action: "mapping.preview", resource: "links/eu-to-us/mappings/orders" };
    const policy = { use: "drop-records", policy: "no-tests" };
    expect(audited).toEqual([
      { ...entry, before: null, after: { records: 3, filters: [policy, { use: "redact", policy: null }] } },
      { ...entry, before: null, after: { records: 10, filters: [policy] } },
    ] as unknown as AuditedChange[]);
  });
});

describe("several previews", () => {
  test("are made at the same time up to a limit", async () => {
    previewsWith("silent", { maxRunning: 1 });
    const first = preview().catch((error) => error);
    await expect(preview()).rejects.toMatchObject({ status: 503, message: expect.stringContaining("1 previews") });
    await previews.close();
    expect(await first).toMatchObject({ status: 503, message: "there is no preview: strait was stopped" });
    await expect(preview()).rejects.toMatchObject({ code: "closed" });
  });
});
