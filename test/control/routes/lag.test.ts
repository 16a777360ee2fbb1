import { describe, expect, test } from "bun:test";
import { addLink, controlUnderTest } from "../control-under-test.ts";
import { until } from "../until.ts";

describe("lag", () => {
  test("of a link is by partition and in total", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { status, body } = await subject.call("GET", "/v1/links/eu-to-us/lag");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      link: "eu-to-us",
      partitions: [
        { mapping: "orders", topic: "orders", partition: 0, destinationTopic: "orders", sourceEndOffset: 10 },
        { partition: 1, sourceStartOffset: 0 },
      ],
    });
  });

  test("of all links has a total too", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const body = await until("the lag of both partitions", async () => {
      const answer = (await subject.call("GET", "/v1/lag")).body;
      return (answer["total"] as Record<string, unknown>)["lagRecords"] !== null && answer;
    });
    const [link] = body["links"] as { total: object }[];
    expect(body).toMatchObject({ links: [{ link: "eu-to-us" }], total: link?.total ?? {} });
  });

  test("is narrowed by topic and partition", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const { body } = await subject.call("GET", "/v1/links/eu-to-us/lag?topic=orders&partition=1");
    expect(body["partitions"]).toMatchObject([{ topic: "orders", partition: 1 }]);
  });

  test.each<[string, number, string | undefined]>([
    ["partition=x", 400, "/partition"],
    ["partition=-1", 400, "/partition"],
    ["partition=1.5", 400, "/partition"],
    ["partition=99999999999", 400, "/partition"],
    ["partition=", 400, "/partition"],
    ["topic=a%20b", 400, "/topic"],
    ["topic=", 400, "/topic"],
    ["topc=orders", 400, "/topc"],
    ["topic=orders&topic=clicks", 400, "/topic"],
    ["topic=oders", 404, undefined],
  ])("with ?%s is answered %p", async (query, status, path) => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const answer = await subject.call("GET", `/v1/links/eu-to-us/lag?${query}`);
    expect(answer.status).toBe(status);
    expect((answer.body["errors"] as { path: string }[] | undefined)?.[0]?.path).toBe(path as never);
  });
});
