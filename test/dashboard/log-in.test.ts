/** Who has to log in, and what they may do then. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { chromiumPath, launchBrowser, openPage } from "./browser.ts";

setDefaultTimeout(60_000);

describe.skipIf(chromiumPath() === null)("where there are tokens", () => {
  let subject: ControlUnderTest;
  let browser: Browser;
  let admin: string;
  let viewer: string;
  beforeAll(async () => {
    subject = await controlUnderTest();
    for (const name of ["east", "west"]) {
      const cluster = { region: name, properties: { "bootstrap.servers": `${name}:9092` } };
      await subject.call("PUT", `/v1/clusters/${name}`, cluster);
    }
    const link = { name: "eu-to-us", source: "east", destination: "west", mappings: [{ source: "orders" }] };
    await subject.call("POST", "/v1/links", link);
    const newToken = async (name: string, role: string, by?: string): Promise<string> => {
      const headers: Record<string, string> = by === undefined ? {} : { authorization: `Bearer ${by}` };
      const answer = await subject.request("POST", "/v1/tokens", { name, role }, headers);
      return ((await answer.json()) as { token: string }).token;
    };
    admin = await newToken("root", "admin");
    viewer = await newToken("watcher", "viewer", admin);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await subject?.[Symbol.asyncDispose]();
  });

  const logIn = async (page: Page, token: string) => {
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Log in" }).click();
  };
  const open = async () => {
    const { page, context } = await openPage(browser);
    await page.goto(`${subject.control.url}/#/links/eu-to-us`);
    await page.getByRole("heading", { name: "Log in to strait" }).waitFor();
    return { page, context };
  };

  test("a wrong token is refused in the server's words", async () => {
    const { page, context } = await open();
    await logIn(page, "strait_wrong");
    await page.getByRole("alert").getByText("there is no such token").waitFor();
    await context.close();
  });

  test("a viewer sees everything, may change nothing, and is told why", async () => {
    const { page, context } = await open();
    await logIn(page, viewer);
    await page.getByRole("heading", { name: "eu-to-us" }).waitFor();
    await page.getByText("watcher, viewer").waitFor();
    const pause = page.getByRole("button", { name: /^Pause link eu-to-us \(this needs the role operator or admin/ });
    expect(await pause.getAttribute("aria-disabled")).toBe("true");
    await pause.click({ force: true });
    await page.getByText("Pause: this needs the role operator or admin, and yours is viewer").waitFor();
    const link = await subject.request("GET", "/v1/links/eu-to-us", undefined, { authorization: `Bearer ${admin}` });
    expect(((await link.json()) as { paused: boolean }).paused).toBe(false);
    expect(await page.evaluate("document.cookie + JSON.stringify(localStorage)")).toBe("{}");
    await context.close();
  });

  test("an admin may, and is out again after logging out", async () => {
    const { page, context } = await open();
    await logIn(page, admin);
    await page.getByRole("button", { name: "Pause link eu-to-us" }).click();
    await page.getByRole("button", { name: "Resume link eu-to-us" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Resume link eu-to-us" }).click();
    await page.getByRole("button", { name: "Pause link eu-to-us" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Log in to strait" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Log in to strait" }).waitFor();
    await context.close();
  });

  test("whose token is deleted has to log in again", async () => {
    const { page, context } = await open();
    await logIn(page, viewer);
    await page.getByText("watcher, viewer").waitFor();
    await subject.request("DELETE", "/v1/tokens/watcher", undefined, { authorization: `Bearer ${admin}` });
    await page.getByRole("heading", { name: "Log in to strait" }).waitFor();
    await context.close();
  });
});
