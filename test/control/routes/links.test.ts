import { describe, expect, test } from "bun:test";
import { addClusters, addLink, controlUnderTest } from "../control-under-test.ts";
import { until } from "../until.ts";

const ORDERS = {
  name: "orders",
  source: "orders",
  destination: "orders",
  mode: "append",
  start: "earliest",
  filters: [],
  onFailure: "stop",
  monitorOnly: false,
  onExpired: "stop",
  transaction: "on",
  trim: false,
  paused: false,
  policyFilters: [],
  refusal: null,
};

describe("/v1/links", () => {
  test("a link may be posted whole and runs", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const running = await until("the link to run", async () => {
      const { body } = await subject.call("GET", "/v1/links/eu-to-us");
      return body["state"] === "running" && body;
    });
    expect(running).toEqual({
      name: "eu-to-us",
      source: "east",
      destination: "west",
      paused: false,
      mappings: [ORDERS],
      state: "running",
      reason: null,
      restarts: 0,
    });
    expect((await subject.call("GET", "/v1/links")).body["links"]).toHaveLength(1);
  });

  test("what was changed by the API is there after a restart", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await subject.call("POST", "/v1/links/eu-to-us/mappings", { source: "clicks", mode: "append" });
    await subject.restart();
    const { body } = await subject.call("GET", "/v1/links/eu-to-us/mappings");
    expect(body["mappings"]).toMatchObject([{ name: "orders" }, { name: "clicks" }]);
  });

  const base = { name: "l", source: "east", destination: "west" };
  test.each<[string, unknown, number, string[]]>([
    ["nothing", {}, 422, ["/name", "/source", "/destination"]],
    ["an unknown field", { ...base, mappngs: [] }, 422, ["/mappngs"]],
    ["an unknown cluster", { ...base, source: "eat" }, 422, ["/source"]],
    ["a bad mode", { ...base, mappings: [{ source: "a", mode: "copy" }] }, 422, ["/mappings/0/mode"]],
    [
      "a mirror without transactions",
      { ...base, mappings: [{ source: "a", transaction: "off" }] },
      422,
      ["/mappings/0/transaction"],
    ],
    [
      "a topic twice",
      {
        ...base,
        mappings: [
          { source: "a", mode: "append" },
          { source: "a", mode: "append", name: "b", destination: "b" },
        ],
      },
      422,
      ["/mappings/1/source"],
    ],
    [
      "an unknown filter",
      { ...base, mappings: [{ source: "a", mode: "append", filters: [{ use: "redct" }] }] },
      422,
      ["/mappings/0/filters/0/use"],
    ],
    [
      "a bad path",
      {
        ...base,
        mappings: [{ source: "a", mode: "append", filters: [{ use: "redact", options: { keep: ["nope"] } }] }],
      },
      422,
      ["/mappings/0/filters/0/options/keep/0"],
    ],
  ])("a post with %s is refused with the paths of the fields", async (_title, body, status, paths) => {
    await using subject = await controlUnderTest();
    await addClusters(subject);
    const answer = await subject.call("POST", "/v1/links", body);
    expect(answer.status).toBe(status);
    expect((answer.body["errors"] as { path: string }[]).map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect((await subject.call("GET", "/v1/links")).body["links"]).toEqual([]);
  });

  test("a name that exists is a conflict, a link that does not exist is not found", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    expect(
      (await subject.call("POST", "/v1/links", { name: "eu-to-us", source: "east", destination: "west" })).status,
    ).toBe(409);
    expect(await subject.call("GET", "/v1/links/eu-to-uk")).toMatchObject({
      status: 404,
      body: { detail: "no link `eu-to-uk`; did you mean `eu-to-us`?" },
    });
    expect((await subject.call("DELETE", "/v1/links/nope")).status).toBe(404);
    expect((await subject.call("POST", "/v1/links/nope/pause")).status).toBe(404);
  });

  test("pause and resume answer with the link and reach the runner", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    expect(await subject.call("POST", "/v1/links/eu-to-us/pause")).toMatchObject({
      status: 202,
      body: { paused: true },
    });
    const state = async () => (await subject.call("GET", "/v1/links/eu-to-us")).body["state"];
    await until("the pause", async () => (await state()) === "paused");
    const { body } = await subject.call("GET", "/v1/links/eu-to-us/lag");
    expect(body["partitions"]).toMatchObject([{ state: "paused" }, {}]);
    expect(await subject.call("POST", "/v1/links/eu-to-us/resume")).toMatchObject({
      status: 202,
      body: { paused: false },
    });
    await until("the end of the pause", async () => (await state()) === "running");
  });

  test("a patch changes what it names; name and clusters are fixed", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    expect(await subject.call("PATCH", "/v1/links/eu-to-us", { paused: true, source: "east" })).toMatchObject({
      status: 200,
      body: { paused: true, mappings: [ORDERS] },
    });
    expect(await subject.call("PATCH", "/v1/links/eu-to-us", { source: "west" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/source", message: "cannot be changed; delete the link and add another" }] },
    });
    const mappings = [{ source: "clicks", mode: "append" }];
    expect((await subject.call("PATCH", "/v1/links/eu-to-us", { mappings })).body["mappings"]).toMatchObject([
      { name: "clicks" },
    ]);
  });
});

describe("/v1/links/{link}/mappings", () => {
  test("a mapping added to a running link reaches the same runner", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const pid = await until("a runner", () => {
      const snapshot = subject.control.supervisor.snapshot("eu-to-us");
      return snapshot?.status && snapshot.pid;
    });
    const body = { source: "Clicks", destination: "eu.{topic}", mode: "append" };
    const added = await subject.call("POST", "/v1/links/eu-to-us/mappings", body);
    expect(added).toMatchObject({ status: 201, body: { name: "clicks", destination: "eu.Clicks" } });
    await until(
      "its partition",
      () => subject.control.supervisor.snapshot("eu-to-us")?.status?.partitions.length === 2,
    );
    expect(subject.control.supervisor.snapshot("eu-to-us")?.pid).toBe(pid);
  });

  test.each<[string, unknown, number, string[]]>([
    ["the same source", { source: "orders", name: "o2", destination: "o2", mode: "append" }, 409, ["/source"]],
    ["the same destination", { source: "o2", destination: "orders", mode: "append" }, 409, ["/destination"]],
    ["the same name", { source: "o2", name: "orders", mode: "append" }, 409, ["/name"]],
    ["a bad topic", { source: "a b", mode: "append" }, 422, ["/source"]],
    ["a bad start", { source: "o2", mode: "append", start: { timestamp: "now" } }, 422, ["/start/timestamp"]],
  ])("one with %s is refused", async (_title, body, status, paths) => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const answer = await subject.call("POST", "/v1/links/eu-to-us/mappings", body);
    expect(answer.status).toBe(status);
    expect((answer.body["errors"] as { path: string }[]).map(({ path }) => path)).toEqual(paths);
  });

  test("one can be read, changed, paused, resumed and deleted by itself", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const path = "/v1/links/eu-to-us/mappings/orders";
    expect(await subject.call("GET", path)).toEqual({ status: 200, body: ORDERS });
    const filters = [{ use: "redact", options: { keep: ["$.id"] } }];
    expect(await subject.call("PATCH", path, { filters, onFailure: "quarantine" })).toEqual({
      status: 200,
      body: { ...ORDERS, filters, onFailure: "quarantine" },
    });
    expect(await subject.call("PATCH", path, { destination: "other" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/destination" }] },
    });
    expect(await subject.call("POST", `${path}/pause`)).toMatchObject({ status: 202, body: { paused: true } });
    expect(await subject.call("POST", `${path}/resume`)).toMatchObject({ status: 202, body: { paused: false } });
    expect((await subject.call("DELETE", path)).status).toBe(204);
    expect((await subject.call("DELETE", path)).status).toBe(404);
    expect((await subject.call("GET", path)).status).toBe(404);
  });

  test("changes asked for at once are all made", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const topics = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const answers = await Promise.all(
      topics.map((source) => subject.call("POST", "/v1/links/eu-to-us/mappings", { source, mode: "append" })),
    );
    expect(answers.map(({ status }) => status)).toEqual(topics.map(() => 201));
    const { body } = await subject.call("GET", "/v1/links/eu-to-us/mappings");
    expect(body["mappings"]).toHaveLength(21);
  });
});
