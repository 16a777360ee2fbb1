/** With 200 links of 5 mappings the dashboard stays usable. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { StartRunner } from "../../src/control/runner-process.ts";
import type { LinkPlan } from "../../src/model/runner-protocol.ts";
import type { RunnerStatus } from "../../src/model/status.ts";
import { type ControlUnderTest, controlUnderTest } from "../control/control-under-test.ts";
import { partitionStatus } from "../support/partition-status.ts";
import { chromiumPath, launchBrowser, openPage } from "./browser.ts";

setDefaultTimeout(120_000);

const LINKS = 200;
const CLUSTERS = 8;

describe.skipIf(chromiumPath() === null)(`with ${LINKS} links`, () => {
  let subject: ControlUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    const clusters = Object.fromEntries(
      Array.from({ length: CLUSTERS }, (_, index) => [
        `c${index}`,
        { region: `r${index % 4}`, properties: { "bootstrap.servers": `c${index}:9092` } },
      ]),
    );
    const mappings = Array.from({ length: 5 }, (_, index) => ({ source: `topic-${index}` }));
    const links = Object.fromEntries(
      Array.from({ length: LINKS }, (_, index) => {
        const source = `c${index % CLUSTERS}`;
        const destination = `c${(index + 1 + (index % 3)) % CLUSTERS}`;
        return [`link-${index}`, { source, destination, mappings }];
      }),
    );
    subject = await controlUnderTest({ file: { clusters, links }, supervisor: { startRunner: busyRunner } });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await subject?.[Symbol.asyncDispose]();
  });

  test("the page does not grow with them, is live, and finds one at once", async () => {
    const { page, mistakes } = await openPage(browser);
    await page.goto(subject.control.url);
    await page.getByText("Show more (50 of 200 shown)").waitFor();
    await page.getByText("2,000 records").waitFor();
    expect(Number(await page.evaluate("document.querySelectorAll('*').length"))).toBeLessThan(3_000);
    await page.getByLabel("Search").fill("link-137");
    await page.getByText("1 of 200 links").waitFor();
    await page.getByRole("link", { name: "link-137", exact: true }).click();
    await page.getByRole("heading", { name: "link-137" }).waitFor();
    expect(mistakes).toEqual([]);
  });

  test("the page has most of its time for people: what comes in is shown once a frame", async () => {
    const { page } = await openPage(browser);
    await page.goto(subject.control.url);
    await page.getByText("2,000 records").waitFor();
    // Ends after 5 s by the browser's own clock, with how long its thread could not have answered a click.
    const blockedMs = await page.evaluate(`new Promise((done) => {
      let blocked = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) blocked += duration - 50;
      }).observe({ entryTypes: ["longtask"] });
      setTimeout(() => done(blocked), 5000);
    })`);
    expect(Number(blockedMs)).toBeLessThan(2_500);
  });

  test("an arrow of several links leads to them in the list", async () => {
    const { page } = await openPage(browser);
    await page.goto(subject.control.url);
    const arrow = page.getByRole("button", { name: /^\d+ links from c0 to c1: running/ });
    await arrow.focus();
    await page.keyboard.press("Enter");
    await page.getByText(/^\d+ of 200 links$/).waitFor();
    expect(await page.getByRole("row", { name: /c0 \(r0\) → c1 \(r1\)/ }).count()).toBeGreaterThan(1);
    expect(await page.getByRole("row", { name: /c1 \(r1\) → c2/ }).count()).toBe(0);
  });
});

/** A runner without a process, of which 200 would be too much for a test: one record behind in every partition. */
const busyRunner: StartRunner = ({ onMessage }) => {
  const ended = Promise.withResolvers<string>();
  let plan: LinkPlan | null = null;
  let records = 0;
  const report = () => {
    if (plan === null) return;
    records += 50;
    onMessage({ type: "status", status: statusOf(plan, records) });
  };
  const timer = setInterval(report, 500);
  // Whoever starts it has to know it first.
  queueMicrotask(() => onMessage({ type: "ready" }));
  return {
    startedAt: Date.now(),
    pid: process.pid,
    ended: ended.promise,
    send: (command) => {
      if (command.type === "stop") return;
      plan = command.plan;
      report();
    },
    stop: async () => {
      clearInterval(timer);
      ended.resolve("stopped");
    },
  };
};

/** The stand-in clusters have 10 records in each of 2 partitions. */
function statusOf({ link }: LinkPlan, records: number): RunnerStatus {
  const partitions = link.mappings.flatMap((mapping) =>
    [0, 1].map((partition) =>
      partitionStatus({
        mapping: mapping.name,
        topic: mapping.source,
        partition,
        destinationTopic: mapping.destination,
        nextOffset: 9,
        oldestPendingTimestamp: Date.now() - 40,
        records,
        bytes: records * 200,
      }),
    ),
  );
  return { at: Date.now(), waitingFor: null, partitions, latency: {}, filterDigests: {}, residentBytes: 1 };
}
