/** Every page, light and dark, narrow and wide: nobody is kept out, and nothing sticks out. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type Strait, straitBetweenClusters } from "../end-to-end/strait.ts";
import { BROKER_TEST_MS } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { overflow, seriousViolations } from "./accessibility.ts";
import { chromiumPath, launchBrowser, openPage } from "./browser.ts";

setDefaultTimeout(BROKER_TEST_MS);

const LONG_NAME = `a-link-with-the-longest-name-there-may-be-${"x".repeat(22)}`;

describe.skipIf(chromiumPath() === null)("every page", () => {
  let strait: Strait;
  let browser: Browser;
  /** Its address, and what is there once it has what it shows. */
  let pages: (readonly [path: string, ready: (page: Page) => Promise<unknown>])[];
  beforeAll(async () => {
    const started = await straitBetweenClusters();
    strait = started.strait;
    const { east } = started.brokers;
    const topics = await Promise.all(["orders", "refused"].map((name) => createTopic(east, name, { partitions: 3 })));
    const [orders = "", refused = ""] = topics;
    const value = JSON.stringify({ id: 1, email: "ada@example.com", lines: [{ sku: "chair" }] });
    for (const topic of topics)
      await produce(
        east,
        topic,
        [0, 1, 2].map((partition) => ({ partition, key: "a", value })),
      );
    const filters = [{ use: "redact", options: { fields: [{ path: "$.email", action: "mask", first: 1 }] } }];
    const mappings = [
      { name: "orders", source: orders, filters },
      { name: "refused", source: refused },
    ];
    await strait.send("POST", "/links", { name: "eu-to-us", source: "east", destination: "west", mappings });
    await strait.send("POST", "/links", { name: LONG_NAME, source: "west", destination: "east", paused: true });
    await strait.send("PUT", "/policies/no-refused", { from: ["eu"], to: ["*"], topics: ["refused*"], rule: "deny" });
    await strait.send("PUT", "/policies/eu-orders", {
      from: ["eu"],
      to: ["*"],
      topics: ["orders*"],
      rule: { filters: [{ use: "redact", options: { keep: ["$.id", "$.email"] } }] },
    });
    const settled = ({ state }: { state: string }) => state === "degraded";
    await strait.linkUntil("eu-to-us", settled);
    browser = await launchBrowser();
    const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();
    pages = [
      ["/", (page) => page.getByRole("link", { name: /^eu-to-us from east to west: degraded/ }).waitFor()],
      ["/links/eu-to-us", (page) => page.getByRole("img", { name: /Lag in records, now: orders/ }).waitFor()],
      [
        "/links/eu-to-us/mappings/orders",
        async (page) => {
          await page.getByRole("img", { name: /Lag in records, now: partition 0/ }).waitFor();
          await page.getByRole("button", { name: "Preview" }).click();
          await page.getByText(/Nothing was written\.$/).waitFor();
        },
      ],
      ["/links/eu-to-us/mappings/refused", text(/denies that topic/)],
      ["/links/eu-to-us/add-mapping", (page) => page.getByRole("button", { name: "Add filter" }).click()],
      ["/add-link", (page) => page.getByRole("button", { name: "Add mapping" }).click()],
      ["/clusters", text("west")],
      ["/clusters/east", (page) => page.getByRole("cell", { name: "yes" }).first().waitFor()],
      ["/add-cluster", text("Region")],
      ["/policies", text("eu-orders")],
      ["/policies/eu-orders", text(/^Version 1/)],
      ["/add-policy", text("Save policy")],
      [
        "/audit",
        async (page) => {
          await page.locator(".audit summary").first().click();
          await page.getByText(/^hash /).waitFor();
        },
      ],
      ["/nowhere", text("There is no such page")],
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await strait?.close();
  });

  /** What is found on each page where anything is. */
  async function findings(
    options: Parameters<typeof openPage>[1],
    look: (page: Page) => Promise<readonly string[]>,
  ): Promise<Record<string, readonly string[]>> {
    const { context, page } = await openPage(browser, options);
    const found: Record<string, readonly string[]> = {};
    await page.goto(strait.control.url);
    for (const [path, ready] of pages) {
      await page.goto(`${strait.control.url}/#${path}`);
      await page.locator("main[aria-busy=false] h1").waitFor();
      await ready(page);
      const here = await look(page);
      if (here.length > 0) found[path] = here;
    }
    await context.close();
    return found;
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has no serious violation of accessibility rules, ${colorScheme}`, async () => {
      expect(await findings({ colorScheme }, seriousViolations)).toEqual({});
    });
  }

  for (const width of [360, 950, 1280, 2560]) {
    test(`fits into a window of ${width} pixels`, async () => {
      const tooWide = async (page: Page) => {
        const pixels = await overflow(page);
        return pixels > 0 ? [`${pixels} pixels too wide`] : [];
      };
      expect(await findings({ viewport: { width, height: 900 } }, tooWide)).toEqual({});
    });
  }

  test("colours that were chosen by hand are kept, and nothing else is", async () => {
    const { context, page } = await openPage(browser, { colorScheme: "light" });
    await page.goto(strait.control.url);
    await page.getByLabel("Colours").selectOption("dark");
    await page.reload();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await page.evaluate("JSON.stringify(localStorage)")).toBe('{"strait-theme":"dark"}');
    expect(await page.evaluate("sessionStorage.length + document.cookie.length")).toBe(0);
    await context.close();
  });

  test("can be used with the keyboard: the first stop leads to the content, dialogs close with Escape", async () => {
    const { context, page } = await openPage(browser);
    await page.goto(`${strait.control.url}/#/links/eu-to-us`);
    await page.getByRole("heading", { name: "eu-to-us" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    const remove = page.getByRole("button", { name: "Remove link eu-to-us" });
    await remove.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Remove link eu-to-us?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await strait.link("eu-to-us")).state).toBe("degraded");
    await context.close();
  });
});
