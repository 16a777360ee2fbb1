/** `/v1/links/{link}/verify`, without brokers: what is refused before anything is compared. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { addClusters, type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";

const path = "/v1/links/eu-to-us/verify";

let subject: ControlUnderTest;
beforeAll(async () => {
  subject = await controlUnderTest();
  await addClusters(subject);
  const link = (name: string, ...mappings: object[]) =>
    subject.call("POST", "/v1/links", { name, source: "east", destination: "west", mappings });
  await link("eu-to-us", { source: "orders" }, { source: "clicks", mode: "append" });
  await link("appends", { source: "clicks", mode: "append" });
});
afterAll(() => subject[Symbol.asyncDispose]());

describe("POST /v1/links/{link}/verify", () => {
  test.each<[string, string, object, string, string]>([
    [
      "a mapping of mode append",
      path,
      { mapping: "clicks" },
      "/mapping",
      "clicks is of mode append: its offsets differ from the source's by design",
    ],
    [
      "an unknown mapping",
      path,
      { mapping: "order" },
      "/mapping",
      "link eu-to-us has no mapping `order`; did you mean `orders`?",
    ],
    [
      "a link without mirrors",
      "/v1/links/appends/verify",
      {},
      "",
      "link appends has no mapping of mode mirror, and of mode append offsets differ by design",
    ],
    [
      "an unknown field",
      path,
      { partitions: 1 },
      "/partitions",
      "unknown field `partitions`; did you mean `partition`?",
    ],
    ["a negative offset", path, { from: -1 }, "/from", "must be >= 0"],
    ["an empty range", path, { from: 5, to: 5 }, "/to", "must be above `from`: it is behind the last offset"],
  ])("refuses %s", async (_title, at, body, field, message) => {
    const answer = await subject.call("POST", at, body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: field, message }] } });
  });

  test("refuses an unknown link, naming the nearest", async () => {
    expect(await subject.call("POST", "/v1/links/eu-to-uk/verify")).toMatchObject({
      status: 404,
      body: { detail: "no link `eu-to-uk`; did you mean `eu-to-us`?" },
    });
  });

  test("refuses a body that is no JSON", async () => {
    expect((await subject.call("POST", path, "{")).status).toBe(400);
  });

  test("answers where the verification is to be found, and refuses another while it runs", async () => {
    const response = await fetch(`${subject.control.url}${path}`, { method: "POST" });
    const started = (await response.json()) as { id: string };
    const location = response.headers.get("location");
    expect({ status: response.status, location }).toEqual({ status: 202, location: `${path}/${started.id}` });
    expect(started).toMatchObject({ link: "eu-to-us", state: "running", skipped: ["clicks"] });

    expect((await subject.call("POST", path)).status).toBe(409);
    expect(await subject.call("GET", location ?? "")).toMatchObject({ status: 200, body: { id: started.id } });
    expect((await subject.call("GET", path)).body).toMatchObject({ verifications: [{ id: started.id }] });
  });
});

describe("GET /v1/links/{link}/verify/{id}", () => {
  test("is 404 for one that never was", async () => {
    expect(await subject.call("GET", `${path}/none`)).toMatchObject({
      status: 404,
      body: { detail: "link eu-to-us has no verification `none`; the last 5 are kept" },
    });
  });
});
