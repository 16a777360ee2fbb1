import { expect, setDefaultTimeout, test } from "bun:test";
import { addLink, controlUnderTest } from "../control/control-under-test.ts";
import { SCRIPT } from "./command-line.ts";

setDefaultTimeout(30_000);

/** Runs a command into `head -n 1`. Resolves to the line, the exit code of the command, and its complaints. */
async function firstLine(url: string, command: string): Promise<[line: string, code: string, complaints: string]> {
  const line = `"${process.execPath}" "${SCRIPT}" --url "${url}" ${command} | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const child = Bun.spawn(["bash", "-c", line], { stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const [first = "", code = ""] = out.split("\n");
  return [first, code, err];
}

test("a command that goes on ends when nobody reads any more", async () => {
  await using subject = await controlUnderTest();
  await addLink(subject);
  const [line, ...rest] = await firstLine(subject.control.url, "lag --watch --json");
  expect(line).toStartWith('{"link":"eu-to-us"');
  expect(rest).toEqual(["0", ""]);
});

test("a long answer that nobody reads to its end is no failure", async () => {
  using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("metric 1\n".repeat(100_000)) });
  expect(await firstLine(`http://127.0.0.1:${server.port}`, "metrics")).toEqual(["metric 1", "0", ""]);
});
