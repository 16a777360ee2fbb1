import { describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { Denials } from "../../../src/control/security/denials.ts";

const TOKEN = `strait_${"x".repeat(43)}`;
const START = Date.parse("2026-11-22T08:00:00Z");

/** An app that refuses everything. */
function refusing() {
  const lines: Record<string, unknown>[] = [];
  const clock = { now: START };
  const warn = (facts: object, message: string) => lines.push({ ...facts, message });
  const denials = new Denials({ warn: warn as never }, () => clock.now);
  const app = new Hono();
  app.onError((error) => new Response(error.message, { status: 401 }));
  app.all("*", (context) => {
    throw denials.refuse(context, { status: 401, reason: "wrong-token", detail: "no", token: "ci" });
  });
  return { app, denials, lines, clock };
}

describe("a refused request", () => {
  test("is counted and logged with who and what, without any token", async () => {
    const { app, denials, lines } = refusing();
    const headers = { authorization: `Bearer ${TOKEN}`, cookie: "strait_session=abc" };
    await app.request(`/v1/links/${TOKEN}?token=${TOKEN}`, { headers }, { address: "192.0.2.1" });
    expect(denials.counts.get("wrong-token")).toBe(1);
    expect(lines).toEqual([
      {
        reason: "wrong-token",
        status: 401,
        method: "GET",
        path: "/v1/links/strait_***",
        client: "192.0.2.1",
        token: "ci",
        message: "request refused",
      },
    ]);
  });

  test("is logged sixty times a minute at most; then the log says how many there were", async () => {
    const { app, denials, lines, clock } = refusing();
    for (let request = 0; request < 100; request++) await app.request("/v1/links");
    expect(lines).toHaveLength(60);
    expect(denials.counts.get("wrong-token")).toBe(100);
    clock.now = START + 60_000;
    await app.request("/v1/links");
    expect(lines.slice(60)).toMatchObject([{ omitted: 40 }, { reason: "wrong-token" }]);
  });

  test("with a very long path is logged with its beginning", async () => {
    const { app, lines } = refusing();
    await app.request(`/${"a".repeat(10_000)}`);
    expect(lines[0]?.["path"]).toHaveLength(200);
  });
});

test("every reason is there from the start, so that nobody has to guess their names", () => {
  expect([...refusing().denials.counts.values()].every((count) => count === 0)).toBe(true);
});
