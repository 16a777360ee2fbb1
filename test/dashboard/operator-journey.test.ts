/** What an operator does on the first day, from the dashboard alone, with real brokers. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { Strait } from "../end-to-end/strait.ts";
import { BROKER_TEST_MS, clusters, type TestClusters } from "../support/clusters.ts";
import { readTopic } from "../support/consume.ts";
import { produce } from "../support/produce.ts";
import { createTopic } from "../support/topics.ts";
import { chromiumPath, launchBrowser, type OpenedPage, openPage } from "./browser.ts";

setDefaultTimeout(BROKER_TEST_MS);

/** A machine without Chromium skips this; CI installs it. */
describe.skipIf(chromiumPath() === null)("from the dashboard alone", () => {
  let brokers: TestClusters;
  let strait: Strait;
  let browser: Browser;
  let opened: OpenedPage;
  let page: Page;
  let topic: string;
  beforeAll(async () => {
    brokers = await clusters();
    topic = await createTopic(brokers.east, "orders", { partitions: 2 });
    await produceOrders(0, 40);
    strait = await Strait.start();
    browser = await launchBrowser();
    opened = await openPage(browser);
    page = opened.page;
    await page.goto(strait.control.url);
  });
  afterAll(async () => {
    await browser?.close();
    await strait?.close();
  });

  const produceOrders = (from: number, count: number) =>
    produce(
      brokers.east,
      topic,
      Array.from({ length: count }, (_, index) => {
        const id = from + index;
        const value = JSON.stringify({ id, name: "Ada Lovelace", email: `ada${id}@example.com` });
        return { partition: id % 2, key: String(id), value };
      }),
    );
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

  const addCluster = async (name: string, region: string, bootstrap: string) => {
    await page.getByRole("link", { name: "Add cluster" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Region").fill(region);
    await page.getByLabel("Value of bootstrap.servers").fill(bootstrap);
    await button("Add cluster").click();
  };

  test("what the server says of a field is shown at the field", async () => {
    await addCluster("East!", "eu", brokers.east.bootstrap);
    await page.getByText("must match", { exact: false }).first().waitFor();
    expect(await page.locator("[aria-invalid]").count()).toBeGreaterThan(0);
    await page.getByRole("link", { name: "strait, all links" }).click();
  });

  test("two clusters are added, after strait has connected to them", async () => {
    await addCluster("east", "eu", brokers.east.bootstrap);
    await heading("Clusters").waitFor();
    await addCluster("west", "us", brokers.west.bootstrap);
    await page.getByRole("row", { name: /west us/ }).waitFor();
  });

  test("a link with a mapping is added, and its lag goes to 0", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Links" }).click();
    await page.getByRole("link", { name: "Add link" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("eu-to-us");
    await page.getByLabel("From").selectOption("east");
    await page.getByLabel("To", { exact: true }).selectOption("west");
    await button("Add mapping").click();
    await page.getByLabel("Source topic").fill(topic);
    await button("Add link").click();
    await heading("eu-to-us").waitFor();
    const row = page.getByRole("row", { name: new RegExp(topic) }).first();
    await row.getByText("running").waitFor();
    await page.getByRole("img", { name: /Lag in records, now: .* 0$/ }).waitFor();
    expect(await recordsAtTheDestination()).toHaveLength(40);
  });

  test("the map shows the link, and leads to it", async () => {
    await page.goto(`${strait.control.url}/#/`);
    const arrow = page.getByRole("link", { name: /^eu-to-us from east to west: running/ });
    await arrow.focus();
    await page.keyboard.press("Enter");
    await heading("eu-to-us").waitFor();
  });

  test("a redaction is written, and previewed before and after", async () => {
    await page.getByRole("link", { name: topic }).click();
    await button("Add filter").click();
    await page.getByLabel("Options", { exact: true }).selectOption("fields");
    await page.getByLabel("field 1").selectOption("mask");
    await page.getByLabel(/^Path/).fill("$.email");
    await page.getByLabel(/^First/).fill("1");
    await button("Preview").click();
    await page.getByText("10 records through 1 filter: 10 changed. Nothing was written.").waitFor();
    const [record] = await page.getByRole("article").all();
    const before = await record?.getByRole("region", { name: "Before" }).locator("del").allTextContents();
    const after = await record?.getByRole("region", { name: "After" }).locator("ins").allTextContents();
    expect(before?.join()).toMatch(/^"ada\d+@example.com"$/);
    expect(after?.join()).toMatch(/^"a\*+"$/);
  });

  test("a mistake in a filter is shown at its field", async () => {
    await page.getByLabel(/^Path/).fill("email");
    await button("Save filters").click();
    await page.locator(".mistake", { hasText: "$" }).waitFor();
    await page.getByLabel(/^Path/).fill("$.email");
  });

  test("saved, the filter is at work from the next record on", async () => {
    await button("Save filters").click();
    await page.getByText("The filters are saved and at work from the next record on").waitFor();
    await produceOrders(40, 10);
    await strait.lagUntil("eu-to-us", ({ partitions }) => partitions.every(({ nextOffset }) => nextOffset === 25));
    const values = await recordsAtTheDestination();
    expect(values.slice(0, 40).every((value) => value.includes("@example.com"))).toBe(true);
    expect(values.slice(40).filter((value) => value.includes("@"))).toEqual([]);
  });

  test("the evidence is counted, and its chain is whole", async () => {
    await page.getByRole("row", { name: /\b50 40 10 0 0 0\b/ }).waitFor();
    await button("Check the chain of evidence").click();
    await page.getByText(/^The chain is whole/).waitFor();
  });

  test("a mapping and a link are paused and resumed", async () => {
    await button(/^Pause mapping/).click();
    await page.locator(".page-head").getByText("paused").waitFor();
    await button(/^Resume mapping/).click();
    await page.locator(".page-head").getByText("running").waitFor();
    await page.getByRole("link", { name: "eu-to-us", exact: true }).click();
    await button("Pause link eu-to-us").click();
    await page.locator(".page-head").getByText("paused").waitFor();
    await page.getByText("What to do: Resume it when it may go on.").waitFor();
    await button("Resume link eu-to-us").click();
    await page.locator(".page-head").getByText("running").waitFor();
  });

  test("a verification finds what was copied before the filter was there", async () => {
    await button("Verify eu-to-us").click();
    await page.getByText(/^40 differences in 50 records/).waitFor();
  });

  test("the audit log has it all, the newest first", async () => {
    await page.getByRole("link", { name: "Audit log" }).click();
    await heading("Audit log").waitFor();
    const actions = await page.locator(".audit summary strong").allTextContents();
    expect(actions.slice(0, 2)).toEqual(["link.resume", "link.pause"]);
    expect(actions.at(-1)).toBe("cluster.put");
    const patched = page.getByRole("listitem").filter({ hasText: "mapping.patch" }).first();
    await patched.locator("summary").click();
    await patched.locator("ins", { hasText: "mask" }).waitFor();
  });

  test("a link is removed only after one was asked", async () => {
    await page.goto(`${strait.control.url}/#/links/eu-to-us`);
    await button("Remove link eu-to-us").click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await strait.link("eu-to-us");
    await button("Remove link eu-to-us").click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove link" }).click();
    await heading("Links").waitFor();
    await page.getByText("There are no links yet.").waitFor();
    expect(await strait.send<{ links: unknown[] }>("GET", "/links")).toEqual({ links: [] });
  });

  test("nothing went wrong in the browser on the way", () => {
    // What the server refuses, browsers write down as an error too.
    const refusals = opened.mistakes.filter((each) => each.includes("status of 422"));
    expect(opened.mistakes.filter((each) => !refusals.includes(each))).toEqual([]);
  });

  async function recordsAtTheDestination(): Promise<string[]> {
    const records = [...(await readTopic(brokers.west, topic)).values()].flat();
    const values = records.map(({ value }) => new TextDecoder().decode(value ?? undefined));
    return values.sort((a, b) => JSON.parse(a).id - JSON.parse(b).id);
  }
});
