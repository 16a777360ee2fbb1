/** How the dashboard is served. */

import { describe, expect, test } from "bun:test";
import { readAssets } from "../../src/dashboard/assets.ts";
import { controlUnderTest } from "../control/control-under-test.ts";

const AS_BROWSER = { accept: "text/html,application/xhtml+xml" };

describe("the dashboard", () => {
  test("is what browsers get at /, and others get the list of paths", async () => {
    await using subject = await controlUnderTest();
    const page = await subject.request("GET", "/", undefined, AS_BROWSER);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toContain("/dashboard/main.js");
    const list = await subject.request("GET", "/");
    expect(await list.json()).toHaveProperty("links", "/v1/links");
  });

  test("has no script, style or address in its page that its policy would refuse", async () => {
    await using subject = await controlUnderTest();
    const page = await subject.request("GET", "/", undefined, AS_BROWSER);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    expect(html.match(/<script(?![^>]* src="\/dashboard\/)[^>]*>/g)).toBeNull();
    expect(html.match(/<style|style=|onclick|https?:\/\//g)).toBeNull();
  });

  test("every file that a file names is served, of the right kind", async () => {
    await using subject = await controlUnderTest();
    const kinds: Record<string, string> = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
    const named = new Set<string>();
    for (const [name, { body }] of readAssets()) {
      if (name.startsWith("vendor/")) continue;
      const text = new TextDecoder().decode(body);
      const paths = [
        ...[...text.matchAll(/(?:href|src)="(\/dashboard\/[^"]+)"/g)].map(([, path]) => path ?? ""),
        ...[...text.matchAll(/^(?:import .*|\} )from "(\.[^"]+)";$/gm)].map(
          ([, path]) => new URL(path ?? "", `http://strait/dashboard/${name}`).pathname,
        ),
      ];
      for (const path of paths) named.add(path);
    }
    expect(named.size).toBeGreaterThan(50);
    for (const path of named) {
      const answer = await subject.request("GET", path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-type")).toStartWith(kinds[path.split(".").at(-1) ?? ""] ?? "nothing");
    }
  });

  test("is not sent again while it is the same", async () => {
    await using subject = await controlUnderTest();
    const first = await subject.request("GET", "/dashboard/main.js");
    const etag = first.headers.get("etag") ?? "";
    const second = await subject.request("GET", "/dashboard/main.js", undefined, { "if-none-match": etag });
    expect([second.status, await second.text()]).toEqual([304, ""]);
    expect(first.headers.get("cache-control")).toBe("no-cache");
  });

  test.each([
    "/dashboard/../../package.json",
    "/dashboard/%2e%2e/assets.ts",
    "/dashboard/..%2fassets.ts",
    "/dashboard/types.d.ts",
    "/dashboard/tsconfig.json",
    "/dashboard/nothing.js",
    "/dashboard/",
  ])("nothing else is served: %s", async (path) => {
    await using subject = await controlUnderTest();
    expect((await subject.request("GET", path)).status).toBe(404);
  });
});
