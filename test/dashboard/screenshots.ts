/**
 * Makes the pictures of docs/dashboard.md: `bun test/dashboard/screenshots.ts [DIRECTORY]`. Real brokers, real links, and
 * orders that somebody made up.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { order } from "../../src/demo/orders.ts";
import { Strait } from "../end-to-end/strait.ts";
import { closeClusters, clusters, type TestClusters } from "../support/clusters.ts";
import { produce } from "../support/produce.ts";
import { createNamedTopic } from "../support/topics.ts";
import { launchBrowser, openPage } from "./browser.ts";

const PARTITIONS = 4;
/** So much of the charts is filled. */
const WATCHED_MS = 75_000;

const directory = process.argv[2] ?? join(import.meta.dirname, "../../docs/images");
await mkdir(directory, { recursive: true });
const brokers = await clusters();
const strait = await Strait.start();
const browser = await launchBrowser();
const orders = await keepMakingOrders(brokers);
try {
  await setUp(strait, brokers);
  await takePictures(browser, strait.control.url);
} finally {
  orders.stop();
  await browser.close();
  await strait.close();
  await closeClusters();
}

async function setUp(strait: Strait, { east, west }: TestClusters): Promise<void> {
  const places = [
    ["frankfurt", "eu", east],
    ["dublin", "eu", east],
    ["virginia", "us", west],
    ["tokyo", "jp", west],
  ] as const;
  for (const [name, region, { bootstrap }] of places)
    await strait.send("PUT", `/clusters/${name}`, { region, properties: { "bootstrap.servers": bootstrap } });
  await strait.send("PUT", "/policies/eu-customers", {
    from: ["eu"],
    to: ["*"],
    topics: ["orders*"],
    rule: { filters: [{ use: "redact", options: { fields: [{ path: "$.iban", action: "replace", value: null }] } }] },
  });
  await strait.send("PUT", "/policies/eu-payroll", { from: ["eu"], to: ["*"], topics: ["*payroll*"], rule: "deny" });
  const masked = { path: "$.customer.email", action: "mask", first: 1 };
  const redact = { use: "redact", options: { fields: [{ path: "$.customer.name", action: "drop" }, masked] } };
  const mirrored = [{ source: "orders", filters: [redact] }, { source: "clicks" }, { source: "payments" }];
  const links = [
    ["frankfurt-to-virginia", "frankfurt", "virginia", mirrored],
    [
      "virginia-to-frankfurt",
      "virginia",
      "frankfurt",
      [{ source: "stock", mode: "append", destination: "us.{topic}" }],
    ],
    ["dublin-to-tokyo", "dublin", "tokyo", [{ source: "clicks", mode: "append", destination: "eu.{topic}" }]],
    [
      "frankfurt-to-tokyo",
      "frankfurt",
      "tokyo",
      [
        { source: "notes", destination: "eu.{topic}", filters: [redact] },
        { source: "payments", destination: "eu.{topic}" },
      ],
    ],
  ] as const;
  for (const [name, source, destination, mappings] of links)
    await strait.send("POST", "/links", { name, source, destination, mappings });
  await strait.send("POST", "/links/dublin-to-tokyo/pause");
  await strait.linkUntil("frankfurt-to-virginia", ({ state }) => state === "running");
  await strait.linkUntil("frankfurt-to-tokyo", ({ state }) => state === "degraded");
}

async function takePictures(browser: Browser, url: string): Promise<void> {
  const show = async (path: string, options: BrowserContextOptions): Promise<Page> => {
    const { page } = await openPage(browser, options);
    await page.goto(`${url}/#${path}`);
    await page.locator("main[aria-busy=false] h1").waitFor();
    return page;
  };
  const wide = { viewport: { width: 1280, height: 840 } };
  const link = "/links/frankfurt-to-virginia";
  const [links, charts, filters, narrow] = await Promise.all([
    show("/", { ...wide, colorScheme: "light" }),
    show(link, { ...wide, colorScheme: "dark" }),
    show(`${link}/mappings/orders`, { viewport: { width: 1320, height: 800 }, colorScheme: "light" }),
    show("/", { viewport: { width: 360, height: 1000 }, colorScheme: "dark" }),
  ]);
  // A chart of a time is there after that time.
  await charts.waitForTimeout(WATCHED_MS);
  await filters.getByRole("button", { name: "Preview" }).click();
  await filters.getByText(/Nothing was written\.$/).waitFor();
  await filters.getByRole("heading", { name: "Filters" }).evaluate("(heading) => heading.scrollIntoView()");
  const pictures = { links, link: charts, filters, narrow };
  for (const [name, page] of Object.entries(pictures)) {
    await page.evaluate("document.getElementById('toasts').replaceChildren()");
    await page.screenshot({ path: join(directory, `dashboard-${name}.png`) });
  }
}

/** Orders and clicks all the time, and now and then more than can be copied at once. */
async function keepMakingOrders({ east, west }: TestClusters): Promise<{ stop(): void }> {
  for (const topic of ["orders", "clicks", "payments"]) await createNamedTopic(east, topic, { partitions: PARTITIONS });
  await createNamedTopic(east, "notes", { partitions: 2 });
  // No JSON, so that the filter fails on it: what needs somebody is to be seen as well.
  await produce(east, "notes", [{ partition: 0, value: "call Ada back" }]);
  await createNamedTopic(west, "stock", { partitions: PARTITIONS });
  let made = 0;
  const make = (cluster: typeof east, topic: string, count: number) =>
    produce(
      cluster,
      topic,
      Array.from({ length: count }, () => {
        const id = ++made;
        return { partition: id % PARTITIONS, key: String(id), value: JSON.stringify(order(id, new Date())) };
      }),
    );
  await make(east, "orders", 200);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
    const some = ticks % 60 === 0 ? 20_000 : 40 + (ticks % 20) * 6;
    for (const [cluster, topic, count] of [
      [east, "orders", some],
      [east, "clicks", 3 * some],
      [east, "payments", 10],
      [west, "stock", 25],
    ] as const)
      make(cluster, topic, count).catch((error) => process.stderr.write(`no more orders: ${error}\n`));
  }, 250);
  return { stop: () => clearInterval(timer) };
}
