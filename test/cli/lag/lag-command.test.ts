import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { LinkLag } from "../../../src/control/lag.ts";
import { addLink, controlUnderTest } from "../../control/control-under-test.ts";
import { until } from "../../control/until.ts";
import { freePort } from "../../support/kafka/free-port.ts";
import { cli, onTerminal, piped, untilRunning } from "../command-line.ts";

setDefaultTimeout(60_000);

/** What a picture begins with. */
const HOME = "\u001b[H";

describe("strait lag", () => {
  test("narrows to a topic and a partition, and ends with the total", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const known = await until("the lag to be known", async () => {
      const { out } = await cli(subject, "lag", "eu-to-us", "--topic", "orders", "--partition", "1");
      return out.includes("total: 10 records behind") && out;
    });
    expect(known.split("\n")[1]).toMatch(/^eu-to-us +orders +1 +retrying +- +10 +10 /);
    expect((await cli(subject, "lag", "--json", "--topic", "clicks")).out).toContain('"partitions":[]');
    expect((await cli(subject, "lag", "eu-to-us", "--topic", "ordres")).err).toContain("did you mean `orders`?");
  });
});

describe("strait lag --watch without a terminal", () => {
  test("prints a line for each change of a partition until Ctrl-C", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await untilRunning(subject);
    await using run = piped(["lag", "eu-to-us", "--watch"], { url: subject.control.url });
    await until(
      "both partitions",
      () => run.lines.some((line) => /orders\/0 running/.test(line)) && run.lines.length >= 2,
    );
    await subject.call("POST", "/v1/links/eu-to-us/pause");
    await until("the change", () => run.lines.some((line) => /orders\/0 paused/.test(line)));
    run.interrupt();
    expect(await run.ended).toBe(0);
    expect(run.err).toBe("");
    for (const line of run.lines) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z eu-to-us orders\/[01] (running|retrying|paused|seeding), /);
    }
    // Partition 1 stands still: that is said when it begins, and not every second.
    const still = run.lines.filter((line) => line.includes("orders/1 retrying"));
    expect(new Set(still.map((line) => line.slice(line.indexOf("Z ")))).size).toBe(still.length);
  });

  test("with --json prints what the API answers, a line for each link and second", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await using run = piped(["lag", "--watch", "--json", "--partition", "1"], { url: subject.control.url });
    await until("two lines", () => run.lines.filter((line) => line.includes('"partition":1')).length >= 2);
    run.interrupt();
    expect(await run.ended).toBe(0);
    const all = run.lines.map((line) => JSON.parse(line) as LinkLag);
    expect(all.map(({ link }) => link)).toEqual(all.map(() => "eu-to-us"));
    expect(all.at(-1)?.partitions.map(({ partition }) => partition)).toEqual([1]);
  });

  test("fails at once where there is no such link, or no strait", async () => {
    await using subject = await controlUnderTest();
    expect(await cli(subject, "lag", "eu-to-uk", "--watch")).toMatchObject({ code: 1, err: "no link `eu-to-uk`\n" });
    expect((await cli(null, "--url", "http://127.0.0.1:1", "lag", "--watch")).code).toBe(1);
  });
});

describe("strait lag --watch on a terminal", () => {
  test("draws in place, and leaves the last picture and the terminal as it was", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await untilRunning(subject);
    await using run = onTerminal(["lag", "--watch"], { url: subject.control.url, columns: 72, rows: 12 });
    await until("three pictures", () => run.out.split(HOME).length > 4 && run.out.includes("orders/1"));
    run.interrupt();
    expect(await run.ended).toBe(0);
    const [pictures = "", rest = ""] = run.out.split("\u001b[?1049l");
    expect(pictures).toStartWith("\u001b[?1049h\u001b[?25l\u001b[?7l");
    expect(pictures).toEndWith("\u001b[?7h\u001b[?25h");
    const lines = Bun.stripANSI(pictures.split(HOME).at(-1) ?? "").split("\r\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter((line) => [...line.replace("^C", "")].length > 72)).toEqual([]);
    expect(Bun.stripANSI(rest)).toMatch(/eu-to-us \w+: 10 records behind/);
    expect(Bun.stripANSI(rest)).toMatch(/orders\/1 +retrying +10 .*█/);
    expect(rest).toContain("\u001b[");
  });

  test("with NO_COLOR there are no colours", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const environment = { NO_COLOR: "1" };
    await using run = onTerminal(["link", "ls"], { url: subject.control.url, environment });
    expect(await run.ended).toBe(0);
    expect(run.out).toContain("eu-to-us");
    expect(run.out).not.toContain("\u001b");
  });

  test("goes on when strait comes back", async () => {
    await using subject = await controlUnderTest({ listen: { host: "127.0.0.1", port: await freePort() } });
    await addLink(subject);
    await untilRunning(subject);
    await using run = onTerminal(["lag", "eu-to-us", "--watch"], { url: subject.control.url });
    await until("a picture", () => run.out.includes("orders/0"));
    await subject.restart();
    await until("the loss to be said", () => run.out.includes("no news: "));
    const seen = run.out.length;
    await until("news again", () => {
      const [, ...pictures] = run.out.slice(seen).split(HOME);
      return pictures.some((picture) => picture.includes("orders/0") && !picture.includes("no news"));
    });
    run.interrupt();
    expect(await run.ended).toBe(0);
  });
});

describe("strait events", () => {
  test("says once that no news comes, and when it comes again", async () => {
    await using subject = await controlUnderTest({ listen: { host: "127.0.0.1", port: await freePort() } });
    await addLink(subject);
    await using run = piped(["events", "--only", "state"], { url: subject.control.url });
    await until("an event", () => run.lines.length > 0);
    await subject.control.close();
    await until("the loss to be said", () => run.err.includes("no news: "));
    await subject.restart();
    await until("news again", () => run.err.includes("news again"));
    run.interrupt();
    expect(await run.ended).toBe(0);
    expect(run.err).toMatch(/^no news: .*; trying again\nnews again\n$/);
  });

  test("tells states as they change, for people and for scripts", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await untilRunning(subject);
    const { url } = subject.control;
    await using people = piped(["events", "--only", "state"], { url });
    await using script = piped(["events", "--json"], { url });
    await until("both to follow", () => people.lines.length > 0 && script.lines.length > 1);
    await subject.call("POST", "/v1/links/eu-to-us/pause");
    await until("the change", () => people.lines.at(-1)?.endsWith("eu-to-us is paused: paused by an operator"));
    await until("the change", () => script.lines.some((line) => line.includes('"paused"')));
    people.interrupt();
    script.interrupt();
    expect([await people.ended, await script.ended]).toEqual([0, 0]);
    const kinds = new Set(script.lines.map((line) => JSON.parse(line).event));
    expect(kinds).toEqual(new Set(["state", "lag"]));
    expect(people.out).not.toContain("behind");
  });
});
