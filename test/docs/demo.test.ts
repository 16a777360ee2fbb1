/** The quick start, but for what downloads: the demo prints what the README shows, and what it points at answers. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { freePort } from "../support/kafka/free-port.ts";
import { codeBlocks, ROOT } from "./documents.ts";

const DEMO_MS = 60_000;
setDefaultTimeout(DEMO_MS * 2);

test("the demo prints what the README shows, answers where it says, and ends with 0 on Ctrl-C", async () => {
  const port = await freePort();
  const command = [process.execPath, join(ROOT, "src/cli.ts"), "demo", "--listen", `127.0.0.1:${port}`];
  const demo = Bun.spawn(command, { stdout: "pipe", stderr: "inherit", stdin: "ignore" });
  try {
    const output = await outputUntil(demo.stdout, "Ctrl-C.\n");
    const shown = codeBlocks("README.md").find(({ text }) => text.startsWith("strait demo:"));
    expect(comparable(output)).toBe(comparable(shown?.text ?? ""));

    const [, before = ""] = /^in east {2}(.*)$/m.exec(output) ?? [];
    const [, after = ""] = /^in west {2}(.*)$/m.exec(output) ?? [];
    const { customer, iban, ...rest } = JSON.parse(before);
    expect(JSON.parse(after)).toEqual({
      ...rest,
      iban: null,
      customer: { ...customer, name: undefined, email: expect.stringMatching(/^.\*+$/) },
    });
    for (const secret of [customer.name, customer.email, iban]) expect(after).not.toContain(secret);

    const urls = [...output.matchAll(/http:\S+/g)].map(([url]) => url);
    expect(urls).toHaveLength(5);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
    const lag = (await (await fetch(urls[1] ?? "")).json()) as { partitions: unknown[] };
    expect(lag.partitions).toHaveLength(4);
  } finally {
    demo.kill("SIGINT");
  }
  expect(await demo.exited).toBe(0);
});

async function outputUntil(stream: ReadableStream<Uint8Array>, end: string): Promise<string> {
  let output = "";
  const decoder = new TextDecoder();
  const timer = setTimeout(() => void stream.cancel().catch(() => undefined), DEMO_MS);
  for await (const chunk of stream) {
    output += decoder.decode(chunk, { stream: true });
    if (output.endsWith(end)) break;
  }
  clearTimeout(timer);
  return output;
}

/** Without port and time, which differ from run to run. */
function comparable(output: string): string {
  return output
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/"placedAt":"[^"]+"/g, '"placedAt":"TIME"');
}
