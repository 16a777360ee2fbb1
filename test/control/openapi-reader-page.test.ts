/** The page at /docs in a real browser. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { overflow, seriousViolations } from "../dashboard/accessibility.ts";
import { chromiumPath, launchBrowser, type OpenedPage, openPage } from "../dashboard/browser.ts";
import { type ControlUnderTest, controlUnderTest } from "./control-under-test.ts";
import { Contract } from "./openapi-contract.ts";

// The whole document is on the page, and axe-core looks at every element of it.
setDefaultTimeout(120_000);

if (chromiumPath() === null) console.warn("skipped: there is no Chromium; name one with STRAIT_TEST_CHROMIUM");

describe.skipIf(chromiumPath() === null)("/docs", () => {
  let subject: ControlUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    subject = await controlUnderTest();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await subject?.[Symbol.asyncDispose]();
  });

  const open = async (path = "/docs", options: Parameters<typeof openPage>[1] = {}): Promise<OpenedPage> => {
    const opened = await openPage(browser, options);
    await opened.page.goto(`${subject.control.url}${path}`);
    await opened.page.waitForSelector("main article, main form");
    return opened;
  };

  test("shows every operation with its role, and every schema", async () => {
    const { page } = await open();
    const { operations, document } = await Contract.of(subject);
    const shown = await page
      .locator("main section:not(#schemas) article")
      .evaluateAll((all) => all.map(({ id }) => id));
    expect(shown.toSorted()).toEqual([...operations.values()].map(({ operationId }) => operationId).toSorted());
    expect(await page.locator("#post-links .role").textContent()).toBe("Needs the role operator.");
    expect(await page.locator("#post-links pre").first().textContent()).toContain('"eu-to-us"');
    expect(await page.locator("#schemas article").count()).toBe(Object.keys(document.components.schemas).length);
  });

  test("asks for nothing from elsewhere, and the browser has nothing against it", async () => {
    const { page, mistakes } = await openPage(browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${subject.control.url}/docs`);
    await page.waitForSelector("main article");
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((url) => !url.startsWith(subject.control.url) && !url.startsWith("data:"))).toEqual([]);
    expect(mistakes).toEqual([]);
  });

  test("is searched and walked through by keyboard alone", async () => {
    const { page } = await open();
    await page.keyboard.press("/");
    await page.keyboard.type("verify post");
    expect(await page.locator("#found").textContent()).toMatch(/^1 of \d+$/);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForFunction("document.activeElement?.id === 'post-links-link-verify'");
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    expect(await page.locator("main article[hidden]").count()).toBe(0);
  });

  test("opens at what the address names", async () => {
    const { page } = await open("/docs#schema-Problem");
    await page.waitForFunction("document.activeElement?.id === 'schema-Problem'");
    expect(await page.locator("#schema-Problem").isVisible()).toBe(true);
  });

  test.each<["light" | "dark", number]>([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
  ])("has no serious accessibility problem, %s, %d pixels wide", async (colorScheme, width) => {
    const { page } = await open("/docs", { colorScheme, viewport: { width, height: 900 } });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  test("asks for a token where one is needed, and goes on once it has it", async () => {
    const { body } = await subject.call("POST", "/v1/tokens", { name: "root", role: "admin" });
    const { page } = await open();
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button").click();
    await page.getByText("there is no such token").waitFor();
    await page.getByLabel("Token").fill(String(body["token"]));
    await page.getByRole("button").click();
    await page.waitForSelector("main article");
    expect(await page.locator("main article").count()).toBeGreaterThan(50);
  });
});
