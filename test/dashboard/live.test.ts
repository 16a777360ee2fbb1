/** What is shown stays live, whatever happens to strait meanwhile. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Strait } from "../end-to-end/strait.ts";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { chromiumPath, launchBrowser, openPage } from "./browser.ts";

setDefaultTimeout(BROKER_TEST_MS);

describe.skipIf(chromiumPath() === null)("the dashboard", () => {
  let browser: Browser;
  let stateDirectory: string;
  let strait: Strait;
  beforeAll(async () => {
    stateDirectory = await mkdtemp(join(tmpdir(), "strait-dashboard-"));
    strait = await Strait.start({ stateDirectory });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await strait?.close();
    await rm(stateDirectory, { recursive: true, force: true });
  });

  test("goes on by itself after strait was restarted, and says that it was not live meanwhile", async () => {
    const { east, west } = await clusters();
    const topic = await createTopic(east, "orders");
    const value = JSON.stringify({ id: 1 });
    await produce(east, topic, [{ value }]);
    await strait.addClusters(east.bootstrap, west.bootstrap);
    const mappings = [{ name: "orders", source: topic }];
    await strait.send("POST", "/links", { name: "eu-to-us", source: "east", destination: "west", mappings });
    const { page } = await openPage(browser);
    await page.goto(`${strait.control.url}/#/links/eu-to-us`);
    const chart = (words: string) => page.getByRole("img", { name: `Lag in records, now: orders ${words}` }).waitFor();
    await chart("0");

    await strait.close();
    await page.getByText("Not live: reconnecting…").waitFor();
    await chart("unknown");

    strait = await Strait.start({ stateDirectory, port: Number(new URL(strait.control.url).port) });
    await page.getByText("Live", { exact: true }).waitFor();
    await chart("0");
    await strait.send("POST", "/links/eu-to-us/pause");
    await page.locator(".page-head").getByText("paused").waitFor();
    await produce(east, topic, [{ value }, { value }]);
    await chart("2");
  });

  test("shows links that somebody else adds, changes and removes", async () => {
    const { page } = await openPage(browser);
    await page.goto(strait.control.url);
    await page.getByRole("heading", { name: "Map" }).waitFor();
    await strait.send("POST", "/links", { name: "back", source: "west", destination: "east", paused: true });
    await page.getByRole("link", { name: /^back from west to east: paused/ }).waitFor();
    await strait.send("DELETE", "/links/back");
    await page.getByRole("link", { name: /^back from west to east/ }).waitFor({ state: "detached" });
    expect(await page.getByRole("link", { name: "back", exact: true }).count()).toBe(0);
  });
});
