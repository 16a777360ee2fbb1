import { describe, expect, test } from "bun:test";
import { builtInFilters } from "../../../filters/index.ts";
import { addLink, type ControlUnderTest, controlUnderTest } from "../control-under-test.ts";
import { until } from "../until.ts";

async function reporting(subject: ControlUnderTest): Promise<void> {
  await addLink(subject);
  await until("a status", () => subject.control.supervisor.snapshot("eu-to-us")?.status);
}

describe("/v1/links/{link}/evidence", () => {
  test("shows what the runner counted and the digest of the filters", async () => {
    await using subject = await controlUnderTest();
    await reporting(subject);
    const mapping = await until("evidence of both partitions", async () => {
      const { body } = await subject.call("GET", "/v1/links/eu-to-us/evidence");
      const [first] = body["mappings"] as Record<string, unknown>[];
      return first !== undefined && first["evidence"] !== null && first;
    });
    expect(mapping).toMatchObject({
      mapping: "orders",
      filterDigest: "d1",
      partitions: [
        { topic: "orders", partition: 0, evidence: { quarantined: 2 } },
        { topic: "orders", partition: 1, evidence: { read: 0 } },
      ],
    });
    expect(mapping["evidence"]).toMatchObject({ changed: { redact: { "$.email": expect.any(Number) } } });
  });
});

describe("/v1/filters", () => {
  test("has each built-in filter with a schema of its options", async () => {
    await using subject = await controlUnderTest();
    const { body } = await subject.call("GET", "/v1/filters");
    const filters = body["filters"] as { name: string; description: string; options: object }[];
    expect(filters.map(({ name }) => name)).toEqual(builtInFilters.map(({ name }) => name));
    for (const { description, options } of filters) {
      expect(description).toBeString();
      expect(Object.keys(options).length).toBeGreaterThan(0);
    }
  });
});

const EAST = { "bootstrap.servers": "east:1" };

describe("/v1/audit", () => {
  test("has every change with what was before and after, secrets masked", async () => {
    await using subject = await controlUnderTest();
    const cluster = { region: "eu", properties: { "bootstrap.servers": "east:1", "sasl.password": "${env:PW}" } };
    await subject.call("PUT", "/v1/clusters/east", cluster);
    await subject.call("PUT", "/v1/clusters/east", { ...cluster, region: "us" });
    await subject.call("DELETE", "/v1/clusters/east");
    const { body } = await subject.call("GET", "/v1/audit?after=1");
    expect(body["entries"]).toMatchObject([
      {
        sequence: 2,
        token: null,
        via: "http",
        action: "cluster.put",
        resource: "clusters/east",
        before: { region: "eu" },
        after: { region: "us" },
      },
      { sequence: 3, action: "cluster.delete", after: null },
    ]);
    expect(JSON.stringify(body)).not.toContain("${env:PW}");
  });

  test("is read in pages, from either end", async () => {
    await using subject = await controlUnderTest();
    for (let i = 0; i < 5; i++) await subject.call("PUT", "/v1/clusters/east", { region: `r${i}`, properties: EAST });
    const sequences = async (query: string) => {
      const { body } = await subject.call("GET", `/v1/audit${query}`);
      return (body["entries"] as { sequence: number }[]).map(({ sequence }) => sequence);
    };
    expect(await sequences("")).toEqual([1, 2, 3, 4, 5]);
    expect(await sequences("?limit=2")).toEqual([1, 2]);
    expect(await sequences("?after=2&limit=2")).toEqual([3, 4]);
    expect(await sequences("?order=newest&limit=2")).toEqual([5, 4]);
    expect(await sequences("?order=newest&limit=3&before=4")).toEqual([3, 2, 1]);
    expect(await sequences("?order=newest&before=1")).toEqual([]);
    expect(await sequences("?after=1&before=4")).toEqual([2, 3]);
    expect(await sequences("?after=5&before=2")).toEqual([]);
    expect(await sequences("?before=100")).toEqual([1, 2, 3, 4, 5]);
  });

  test.each(["after=x", "before=0", "order=up", "limit=1001"])("refuses %s", async (query) => {
    await using subject = await controlUnderTest();
    expect((await subject.call("GET", `/v1/audit?${query}`)).status).toBe(400);
  });
});

describe("/v1/events", () => {
  test("sends states at once and when they change, and lag", async () => {
    await using subject = await controlUnderTest();
    await reporting(subject);
    const response = await subject.request("GET", "/v1/events");
    expect(response.headers.get("content-type")).toStartWith("text/event-stream");
    const reader = (response.body ?? new ReadableStream()).getReader();
    let text = "";
    const readUntil = async (what: string) =>
      await until(what, async () => {
        text += new TextDecoder().decode((await reader.read()).value);
        return text.includes(what);
      });
    await readUntil('event: state\ndata: {"link":"eu-to-us","state":"running","reason":null}');
    await readUntil('event: lag\ndata: {"link":"eu-to-us",');
    await subject.call("POST", "/v1/links/eu-to-us/pause");
    await readUntil('"state":"paused"');
    await reader.cancel();
  });

  test("end when strait does", async () => {
    const subject = await controlUnderTest();
    const response = await subject.request("GET", "/v1/events");
    const text = response.text();
    await subject[Symbol.asyncDispose]();
    expect(await text).toBe(": still here\n\n");
  });
});

describe("/metrics", () => {
  test("has every number by its name", async () => {
    await using subject = await controlUnderTest();
    await reporting(subject);
    await until("the lag", async () => {
      const { body } = await subject.call("GET", "/v1/links/eu-to-us/lag");
      return (body["total"] as Record<string, unknown>)["lagMs"] !== null;
    });
    const response = await subject.request("GET", "/metrics");
    const text = await response.text();
    expect(response.headers.get("content-type")).toStartWith("text/plain");
    const labels = 'link="eu-to-us",mapping="orders"';
    for (const line of [
      `strait_lag_records{${labels},topic="orders",partition="1"} 10`,
      `strait_lag_seconds{${labels},topic="orders",partition="0"} `,
      `strait_records_total{${labels}} `,
      `strait_bytes_total{${labels}} `,
      `strait_quarantined_total{${labels}} 2`,
      `strait_redactions_total{${labels},filter="redact",path="$.email"} `,
      'strait_link_state{link="eu-to-us",state="running"} 1',
      'strait_link_state{link="eu-to-us",state="failed"} 0',
      "# TYPE strait_latency_seconds histogram",
      `strait_latency_seconds_bucket{${labels},le="0.002"} 1`,
      `strait_latency_seconds_bucket{${labels},le="0.005"} 3`,
      `strait_latency_seconds_bucket{${labels},le="+Inf"} 4`,
      `strait_latency_seconds_sum{${labels}} 4000`,
      `strait_latency_seconds_count{${labels}} 4`,
    ]) {
      expect(text).toContain(line);
    }
  });
});
