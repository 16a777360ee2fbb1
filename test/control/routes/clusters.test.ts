import { describe, expect, test } from "bun:test";
import { StraitError } from "../../../src/model/errors.ts";
import { addLink, controlUnderTest, standInCluster } from "../control-under-test.ts";

const EAST = { region: "eu", properties: { "bootstrap.servers": "east:1", "sasl.password": "${env:PW}" } };
const EAST_SHOWN = {
  name: "east",
  region: "eu",
  properties: { "bootstrap.servers": "east:1", "sasl.password": "***" },
};

describe("/v1/clusters", () => {
  test("a cluster that was put is there, its secret masked", async () => {
    await using subject = await controlUnderTest();
    const put = await subject.call("PUT", "/v1/clusters/east", EAST);
    expect(put).toEqual({ status: 201, body: EAST_SHOWN });
    expect(await subject.call("GET", "/v1/clusters/east")).toMatchObject({ status: 200, body: EAST_SHOWN });
    expect((await subject.call("GET", "/v1/clusters")).body).toEqual({ clusters: [EAST_SHOWN] });
  });

  test("one cluster is shown with what it lets strait do, a list of them is not", async () => {
    await using subject = await controlUnderTest();
    await subject.call("PUT", "/v1/clusters/east", EAST);
    const { body } = await subject.call("GET", "/v1/clusters/east");
    const list = (await subject.call("GET", "/v1/clusters")).body["clusters"] as object[];
    expect([body, Object.keys(list[0] ?? {}).toSorted()]).toEqual([
      {
        ...EAST_SHOWN,
        capabilities: {
          markers: { usable: false, reason: "grant CLUSTER_ACTION on the cluster to write markers" },
          transactions: { usable: true, reason: null },
          deleteRecords: { usable: true, reason: null },
          topicIds: { usable: true, reason: null },
          producerStates: { usable: true, reason: null },
        },
        capabilitiesReason: null,
      },
      ["name", "properties", "region"],
    ]);
  });

  test("one that does not answer is shown without, with the reason", async () => {
    const silent = {
      ...standInCluster("east:1"),
      capabilities: () => Promise.reject(new StraitError("timeout", "no answer from cluster east within 5000 ms")),
    };
    await using subject = await controlUnderTest({ connect: () => silent });
    await subject.call("PUT", "/v1/clusters/east", EAST);
    expect(await subject.call("GET", "/v1/clusters/east")).toMatchObject({
      status: 200,
      body: { name: "east", capabilities: null, capabilitiesReason: "no answer from cluster east within 5000 ms" },
    });
  });

  test("a put is idempotent and what was shown may be put", async () => {
    await using subject = await controlUnderTest();
    await subject.call("PUT", "/v1/clusters/east", EAST);
    const { body } = await subject.call("GET", "/v1/clusters/east");
    expect((await subject.call("PUT", "/v1/clusters/east", body)).status).toBe(200);
    expect((await subject.call("GET", "/v1/audit")).body["entries"]).toHaveLength(1);
    await subject.restart();
    expect((await subject.call("PUT", "/v1/clusters/east", body)).status).toBe(200);
  });

  test.each<[string, string, unknown, string[]]>([
    ["a bad name", "East", EAST, ["/name"]],
    ["another name", "east", { ...EAST, name: "west" }, ["/name"]],
    ["no brokers", "east", { region: "eu", properties: {} }, ["/properties/bootstrap.servers"]],
    [
      "a mask without a secret",
      "east",
      { ...EAST, properties: { "bootstrap.servers": "e:1", "sasl.password": "***" } },
      ["/properties/sasl.password"],
    ],
    [
      "a literal secret",
      "east",
      { ...EAST, properties: { "bootstrap.servers": "e:1", "sasl.password": "hunter2" } },
      ["/properties/sasl.password"],
    ],
    [
      "a registry with a password",
      "east",
      { ...EAST, schemaRegistry: { url: "http://u:hunter2@r" } },
      ["/schemaRegistry/url"],
    ],
    [
      "an unreachable cluster",
      "east",
      { region: "eu", properties: { "bootstrap.servers": "down:1" } },
      ["/properties"],
    ],
    ["a wrong password", "east", { region: "eu", properties: { "bootstrap.servers": "denied:1" } }, ["/properties"]],
    ["a list", "east", [], [""]],
    ["a null", "east", null, [""]],
  ])("refuses %s with the paths of the fields", async (_title, name, body, paths) => {
    await using subject = await controlUnderTest();
    const response = await subject.request("PUT", `/v1/clusters/${name}`, body);
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(text).errors.map(({ path }: { path: string }) => path)).toEqual(paths);
    expect(text).not.toContain("hunter2");
  });

  test("an unreachable cluster is refused in the broker's words", async () => {
    await using subject = await controlUnderTest();
    const body = { region: "eu", properties: { "bootstrap.servers": "denied:1" } };
    expect((await subject.call("PUT", "/v1/clusters/east", body)).body["detail"]).toBe(
      "/properties: SASL: invalid credentials",
    );
  });

  test("a cluster that a link uses cannot be deleted, one that none uses can, a missing one is not found", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    expect(await subject.call("DELETE", "/v1/clusters/east")).toMatchObject({
      status: 409,
      body: { detail: "cluster east is used by eu-to-us; delete what uses it first" },
    });
    await subject.call("DELETE", "/v1/links/eu-to-us");
    expect((await subject.call("DELETE", "/v1/clusters/east")).status).toBe(204);
    expect((await subject.call("DELETE", "/v1/clusters/east")).status).toBe(404);
  });

  test("the topics of a cluster are listed in order", async () => {
    await using subject = await controlUnderTest();
    await subject.call("PUT", "/v1/clusters/east", EAST);
    expect((await subject.call("GET", "/v1/clusters/east/topics")).body).toEqual({
      topics: [
        { name: "__consumer_offsets", partitions: 1, internal: true },
        { name: "orders", partitions: 2, internal: false },
      ],
    });
  });
});
