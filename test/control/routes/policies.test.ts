import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigurationFile } from "../../../src/config/resource-inputs.ts";
import { type ControlUnderTest, controlUnderTest } from "../control-under-test.ts";
import { until } from "../until.ts";

const KEEP_ID = { use: "redact", options: { keep: ["$.id"] } };
const FILTERING = { from: ["eu"], to: ["*"], topics: ["orders*"], rule: { filters: [KEEP_ID] } };
const DENYING = { from: ["eu"], to: ["us"], topics: ["payroll"], rule: "deny" };
const LINK = { name: "eu-to-us", source: "east", destination: "west" };
const MAPPINGS = "/v1/links/eu-to-us/mappings";

/** Clusters east in eu and west in us, and a link between them. */
async function betweenRegions(...mappings: object[]): Promise<ControlUnderTest> {
  const subject = await controlUnderTest();
  for (const [name, region] of Object.entries({ east: "eu", west: "us" })) await putCluster(subject, name, region);
  await accepted(subject, "POST", "/v1/links", { ...LINK, mappings });
  return subject;
}

async function putCluster(subject: ControlUnderTest, name: string, region: string) {
  const properties = { "bootstrap.servers": `${name}:1` };
  return await accepted(subject, "PUT", `/v1/clusters/${name}`, { region, properties });
}

async function accepted(subject: ControlUnderTest, method: string, path: string, body?: unknown) {
  const answer = await subject.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const pathsOf = ({ body }: { body: Record<string, unknown> }) =>
  (body["errors"] as { path: string }[]).map(({ path }) => path);

describe("/v1/policies", () => {
  test("a policy can be added, read, replaced and removed; its versions are never used twice", async () => {
    await using subject = await controlUnderTest();
    const put = (body: unknown) => subject.call("PUT", "/v1/policies/eu-redact", body);
    const first = await put(FILTERING);
    expect(first).toMatchObject({ status: 201, body: { name: "eu-redact", ...FILTERING, version: 1 } });
    expect(await put(FILTERING)).toEqual({ status: 200, body: first.body });
    expect(await put(first.body)).toEqual({ status: 200, body: first.body });
    const second = await put({ ...FILTERING, rule: "deny" });
    expect(second).toMatchObject({ status: 200, body: { rule: "deny", version: 2 } });
    expect(second.body["digest"]).not.toBe(first.body["digest"]);
    expect(await subject.call("GET", "/v1/policies/eu-redact")).toEqual({ status: 200, body: second.body });
    expect((await subject.call("DELETE", "/v1/policies/eu-redact")).status).toBe(204);
    expect((await subject.call("DELETE", "/v1/policies/eu-redact")).status).toBe(404);
    expect((await put(FILTERING)).body).toEqual({ ...first.body, version: 3 });
  });

  test("many can be put at once, or none", async () => {
    await using subject = await controlUnderTest();
    const regions = { eu: { default: "deny" } };
    const bad = { policies: { a: FILTERING, b: { ...DENYING, rule: "denny" } }, regions };
    expect(await subject.call("PATCH", "/v1/policies", bad)).toMatchObject({
      status: 422,
      body: { detail: '/policies/b/rule: must be one of "deny", "allow", { filters }; did you mean `deny`?' },
    });
    expect(await accepted(subject, "GET", "/v1/policies")).toEqual({ policies: [], regions: [] });
    const good = { policies: { b: DENYING, a: FILTERING }, regions };
    expect(await subject.call("PATCH", "/v1/policies", good)).toMatchObject({
      status: 200,
      body: { policies: [{ name: "a" }, { name: "b" }], regions: [{ name: "eu", default: "deny" }] },
    });
  });

  test.each<[string, string, unknown, string[]]>([
    ["nothing", "p", {}, ["/from", "/to", "/topics", "/rule"]],
    ["no region", "p", { ...DENYING, from: [] }, ["/from"]],
    ["a region twice", "p", { ...DENYING, to: ["us", "us"] }, ["/to"]],
    ["a topic that is none", "p", { ...DENYING, topics: ["a b"] }, ["/topics/0"]],
    ["no filters", "p", { ...DENYING, rule: { filters: [] } }, ["/rule/filters"]],
    ["an unknown filter", "p", { ...DENYING, rule: { filters: [{ use: "redct" }] } }, ["/rule/filters/0/use"]],
    [
      "a filter that only looks on",
      "p",
      { ...DENYING, rule: { filters: [{ ...KEEP_ID, monitor: true }] } },
      ["/rule/filters/0/monitor"],
    ],
    [
      "bad options",
      "p",
      { ...DENYING, rule: { filters: [{ use: "redact", options: { keep: ["nope"] } }] } },
      ["/rule/filters/0/options/keep/0"],
    ],
    ["another name", "p", { ...DENYING, name: "q" }, ["/name"]],
    ["a name that is none", "P", DENYING, ["/name"]],
    ["a name that is a route", "explain", DENYING, ["/name"]],
  ])("one with %s is refused", async (_title, name, body, paths) => {
    await using subject = await controlUnderTest();
    const answer = await subject.call("PUT", `/v1/policies/${name}`, body);
    expect(answer.status).toBe(422);
    expect(pathsOf(answer)).toEqual(paths);
    expect(await accepted(subject, "GET", "/v1/policies")).toMatchObject({ policies: [] });
  });

  test("every change is in the audit log, with version and digest", async () => {
    await using subject = await controlUnderTest();
    const { digest } = await accepted(subject, "PUT", "/v1/policies/p", DENYING);
    await accepted(subject, "PUT", "/v1/policies/p", DENYING);
    await accepted(subject, "PUT", "/v1/regions/eu", { default: "deny" });
    await accepted(subject, "DELETE", "/v1/policies/p");
    await accepted(subject, "DELETE", "/v1/regions/eu");
    const { entries } = await accepted(subject, "GET", "/v1/audit");
    expect(entries).toMatchObject([
      { action: "policy.put", resource: "policies/p", via: "http", before: null, after: { version: 1, digest } },
      { action: "region.put", resource: "regions/eu", before: null, after: { default: "deny" } },
      { action: "policy.delete", resource: "policies/p", before: { version: 1, digest }, after: null },
      { action: "region.delete", resource: "regions/eu", before: { default: "deny" }, after: null },
    ]);
  });

  test("all of it is there after a restart, also how far versions are", async () => {
    await using subject = await controlUnderTest();
    await accepted(subject, "PUT", "/v1/policies/gone", FILTERING);
    await accepted(subject, "DELETE", "/v1/policies/gone");
    await accepted(subject, "PUT", "/v1/policies/p", DENYING);
    await accepted(subject, "PUT", "/v1/regions/*", { default: "deny" });
    const before = await accepted(subject, "GET", "/v1/policies");
    await subject.restart();
    expect(await accepted(subject, "GET", "/v1/policies")).toEqual(before);
    expect(await accepted(subject, "PUT", "/v1/policies/gone", FILTERING)).toMatchObject({ version: 2 });
  });

  test("the state of a strait that had no policies is read", async () => {
    await using subject = await betweenRegions({ source: "orders", mode: "append" });
    const file = join(subject.stateDirectory, "state.json");
    const { policies, regions, deletedPolicies, fromFile, ...earlier } = await Bun.file(file).json();
    writeFileSync(file, JSON.stringify({ ...earlier, fromFile: { clusters: [], links: [] } }));
    await subject.restart();
    expect(await accepted(subject, "GET", "/v1/policies")).toEqual({ policies, regions });
    expect(await accepted(subject, "GET", MAPPINGS)).toMatchObject({ mappings: [{ name: "orders" }] });
  });
});

describe("/v1/regions/{region}", () => {
  test("a default can be told, changed and forgotten", async () => {
    await using subject = await controlUnderTest();
    const path = "/v1/regions/eu%20west";
    expect((await subject.call("GET", path)).status).toBe(404);
    expect(await subject.call("PUT", path, { default: "deny" })).toEqual({
      status: 201,
      body: { name: "eu west", default: "deny" },
    });
    expect((await subject.call("PUT", path, { default: "allow" })).status).toBe(200);
    expect(await accepted(subject, "GET", path)).toEqual({ name: "eu west", default: "allow" });
    expect((await subject.call("PUT", path, { default: "maybe" })).status).toBe(422);
    expect((await subject.call("DELETE", path)).status).toBe(204);
    expect((await subject.call("DELETE", path)).status).toBe(404);
  });
});

describe("a mapping", () => {
  test("that a policy denies is refused when it is added, with the policy's name", async () => {
    await using subject = await betweenRegions();
    await accepted(subject, "PUT", "/v1/policies/no-payroll", DENYING);
    const message = expect.stringMatching(/^policy no-payroll denies that topic payroll goes .*; ask whoever keeps/);
    expect(await subject.call("POST", MAPPINGS, { source: "payroll", mode: "append" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/source", message }] },
    });
    const whole = { ...LINK, name: "other", mappings: [{ source: "orders" }, { source: "payroll" }] };
    expect(await subject.call("POST", "/v1/links", whole)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/mappings/1/source", message }] },
    });
    expect(await accepted(subject, "GET", MAPPINGS)).toEqual({ mappings: [] });
  });

  test("that no policy names is refused where the region's default is deny", async () => {
    await using subject = await betweenRegions();
    await accepted(subject, "PUT", "/v1/regions/eu", { default: "deny" });
    expect(await subject.call("POST", MAPPINGS, { source: "clicks" })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("the default of region eu is deny") },
    });
    await accepted(subject, "PUT", "/v1/policies/clicks", { ...DENYING, topics: ["clicks"], rule: "allow" });
    expect((await subject.call("POST", MAPPINGS, { source: "clicks" })).status).toBe(201);
  });

  test("that stays within its region is none of the policies' business", async () => {
    await using subject = await betweenRegions();
    await putCluster(subject, "west", "eu");
    await accepted(subject, "PUT", "/v1/policies/no-payroll", { ...DENYING, to: ["*"] });
    await accepted(subject, "PUT", "/v1/regions/*", { default: "deny" });
    expect(await subject.call("POST", MAPPINGS, { source: "payroll" })).toMatchObject({
      status: 201,
      body: { policyFilters: [], refusal: null },
    });
  });

  test("shows what policies put before its own filters, which no operator can remove", async () => {
    await using subject = await betweenRegions({ source: "orders", mode: "append", filters: [KEEP_ID] });
    await accepted(subject, "PUT", "/v1/policies/eu-redact", FILTERING);
    const shown = { policyFilters: [{ policy: "eu-redact", ...KEEP_ID }], filters: [KEEP_ID] };
    expect(await accepted(subject, "GET", "/v1/links/eu-to-us")).toMatchObject({ mappings: [shown] });
    const without = { filters: [], policyFilters: [] };
    expect(await subject.call("PATCH", `${MAPPINGS}/orders`, without)).toMatchObject({
      status: 200,
      body: { ...shown, filters: [] },
    });
    expect(subject.control.supervisor.snapshot("eu-to-us")?.link.mappings[0]).not.toHaveProperty("policyFilters");
  });

  test("as it was shown may be sent back", async () => {
    await using subject = await betweenRegions({ source: "orders" });
    await accepted(subject, "PUT", "/v1/policies/eu-redact", FILTERING);
    const shown = await accepted(subject, "GET", `${MAPPINGS}/orders`);
    expect(await subject.call("PATCH", `${MAPPINGS}/orders`, shown)).toEqual({ status: 200, body: shown });
  });

  test("that was there is not in the way of a policy, and says why it stands", async () => {
    await using subject = await betweenRegions({ source: "payroll", mode: "append" }, { source: "orders" });
    await accepted(subject, "PUT", "/v1/policies/no-payroll", DENYING);
    const refusal = "policy no-payroll denies that topic payroll goes from region eu to us";
    expect(await accepted(subject, "GET", `${MAPPINGS}/payroll`)).toMatchObject({ refusal });
    expect(await accepted(subject, "GET", `${MAPPINGS}/orders`)).toMatchObject({ refusal: null });
    await accepted(subject, "DELETE", "/v1/policies/no-payroll");
    expect(await accepted(subject, "GET", `${MAPPINGS}/payroll`)).toMatchObject({ refusal: null });
  });

  test("that is denied can be paused and removed, not changed; what is beside it can be changed", async () => {
    await using subject = await betweenRegions({ source: "payroll", mode: "append" }, { source: "orders" });
    await accepted(subject, "PUT", "/v1/policies/no-payroll", DENYING);
    const change = { onFailure: "quarantine" };
    expect(pathsOf(await subject.call("PATCH", `${MAPPINGS}/payroll`, change))).toEqual(["/source"]);
    await accepted(subject, "POST", `${MAPPINGS}/payroll/pause`);
    await accepted(subject, "PATCH", `${MAPPINGS}/payroll`, { paused: false });
    await accepted(subject, "PATCH", `${MAPPINGS}/orders`, change);
    const { mappings } = await accepted(subject, "GET", MAPPINGS);
    await accepted(subject, "PATCH", "/v1/links/eu-to-us", { paused: true, mappings });
    const changed = (mappings as object[]).map((each) => ({ ...each, onFailure: "quarantine" }));
    const patched = await subject.call("PATCH", "/v1/links/eu-to-us", { mappings: changed });
    expect(pathsOf(patched)).toEqual(["/mappings/0/source"]);
    await accepted(subject, "DELETE", `${MAPPINGS}/payroll`);
  });

  test("is judged anew when a cluster moves to another region", async () => {
    await using subject = await betweenRegions({ source: "payroll", mode: "append" });
    await accepted(subject, "PUT", "/v1/policies/no-payroll", { ...DENYING, to: ["uk"] });
    expect(await accepted(subject, "GET", `${MAPPINGS}/payroll`)).toMatchObject({ refusal: null });
    await putCluster(subject, "west", "uk");
    expect(await accepted(subject, "GET", `${MAPPINGS}/payroll`)).toMatchObject({
      refusal: "policy no-payroll denies that topic payroll goes from region eu to uk",
    });
  });

  test("has the policies that name it in its evidence", async () => {
    await using subject = await betweenRegions({ source: "orders", mode: "append" });
    const { digest } = await accepted(subject, "PUT", "/v1/policies/eu-redact", FILTERING);
    await until("a status", () => subject.control.supervisor.snapshot("eu-to-us")?.status);
    expect(await accepted(subject, "GET", "/v1/links/eu-to-us/evidence")).toMatchObject({
      mappings: [{ mapping: "orders", policies: [{ name: "eu-redact", version: 1, digest }] }],
    });
  });
});

describe("/v1/policies/explain", () => {
  test("says which policies count, in which order, what comes of it, and why the others do not count", async () => {
    await using subject = await betweenRegions();
    const policies = { "b-redact": FILTERING, "a-orders": { ...DENYING, topics: ["*"], rule: "allow" }, no: DENYING };
    await accepted(subject, "PATCH", "/v1/policies", { policies, regions: { eu: { default: "deny" } } });
    expect(await accepted(subject, "GET", "/v1/policies/explain?from=eu&to=us&topic=orders")).toMatchObject({
      from: "eu",
      to: "us",
      topic: "orders",
      outcome: "allowed",
      reason: "by policy b-redact, topic orders goes from region eu to us, through its filters",
      default: "deny",
      policies: [
        { name: "a-orders", rule: "allow", version: 1 },
        { name: "b-redact", rule: "filters" },
      ],
      filters: [{ policy: "b-redact", ...KEEP_ID }],
      others: [{ name: "no", why: "none of its patterns is topic orders" }],
      notes: [],
    });
    const denied = await accepted(subject, "GET", "/v1/policies/explain?from=eu&to=us&topic=payroll");
    expect(denied).toMatchObject({ outcome: "denied", reason: expect.stringContaining("policy no denies") });
    const within = await accepted(subject, "GET", "/v1/policies/explain?from=eu&to=eu&topic=payroll");
    expect(within).toMatchObject({ outcome: "same-region", policies: [], filters: [] });
  });

  test("points at regions that no cluster is in", async () => {
    await using subject = await betweenRegions();
    await accepted(subject, "PUT", "/v1/policies/p", { ...DENYING, from: ["EU"] });
    expect(await accepted(subject, "GET", "/v1/policies/explain?from=eu&to=us&topic=payroll")).toMatchObject({
      outcome: "allowed",
      notes: ["no cluster is in region EU; did you mean `eu`?"],
    });
  });

  test.each(["from=eu&to=us", "from=*&to=us&topic=a", "from=eu&to=us&topic=a*"])("refuses %s", async (query) => {
    await using subject = await controlUnderTest();
    expect((await subject.call("GET", `/v1/policies/explain?${query}`)).status).toBe(400);
  });
});

describe("a configuration file", () => {
  const cluster = (region: string) => ({ region, properties: { "bootstrap.servers": `${region}:1` } });
  const file = (changes: object, ...mappings: object[]) =>
    ({
      clusters: { east: cluster("eu"), west: cluster("us") },
      links: { "eu-to-us": { source: "east", destination: "west", mappings } },
      ...changes,
    }) as ConfigurationFile;
  const orders = { source: "orders", mode: "append" };

  test("brings policies and regions, and takes them away again", async () => {
    const regions = { eu: { default: "deny" } };
    await using subject = await controlUnderTest({ file: file({ policies: { redact: FILTERING }, regions }, orders) });
    await accepted(subject, "PUT", "/v1/policies/by-hand", DENYING);
    expect(await accepted(subject, "GET", "/v1/policies")).toMatchObject({
      policies: [{ name: "by-hand" }, { name: "redact", version: 1 }],
      regions: [{ name: "eu", default: "deny" }],
    });
    await subject.restart(file({ policies: { redact: { ...FILTERING, rule: "allow" } }, regions }, orders));
    expect(await accepted(subject, "GET", "/v1/policies/redact")).toMatchObject({ version: 2, rule: "allow" });
    await subject.restart(file({}, orders));
    expect(await accepted(subject, "GET", "/v1/policies")).toMatchObject({
      policies: [{ name: "by-hand" }],
      regions: [],
    });
    const { entries } = await accepted(subject, "GET", "/v1/audit");
    const actions = (entries as { action: string; resource: string }[]).map(({ action, resource }) => [
      action,
      resource,
    ]);
    expect(actions.filter(([, resource]) => resource === "policies/redact")).toHaveLength(3);
    expect(actions).toContainEqual(["region.apply", "regions/eu"]);
  });

  test("with a mapping that its own or earlier policies deny is refused whole", async () => {
    await using subject = await betweenRegions();
    await accepted(subject, "PUT", "/v1/policies/no-payroll", DENYING);
    const refused = subject.restart(file({ policies: { a: FILTERING } }, orders, { source: "payroll" }));
    await expect(refused).rejects.toMatchObject({ errors: [{ path: "/links/eu-to-us/mappings/1/source" }] });
    await subject.restart();
    expect(await accepted(subject, "GET", "/v1/policies")).toMatchObject({ policies: [{ name: "no-payroll" }] });
  });

  test("with a policy against a mapping that was there stops the mapping, and nothing else", async () => {
    const payroll = { source: "payroll", mode: "append" };
    await using subject = await controlUnderTest({ file: file({}, orders, payroll) });
    await subject.restart(file({ policies: { "no-payroll": DENYING } }, orders, payroll));
    expect(await accepted(subject, "GET", MAPPINGS)).toMatchObject({
      mappings: [{ refusal: null }, { refusal: expect.stringContaining("no-payroll") }],
    });
  });
});
