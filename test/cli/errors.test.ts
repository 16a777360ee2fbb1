/** What somebody reads when something went wrong. */

import { afterEach, describe, expect, test } from "bun:test";
import { fieldName, refusalText } from "../../src/cli/refusal-text.ts";
import { addLink, controlUnderTest } from "../control/control-under-test.ts";
import { cli, piped } from "./command-line.ts";

/** Set by some tests, and by whoever runs them. */
const given = process.env["STRAIT_TOKEN"];

afterEach(() => {
  if (given === undefined) delete process.env["STRAIT_TOKEN"];
  else process.env["STRAIT_TOKEN"] = given;
});

describe("a strait that does not answer", () => {
  test("is told with how to start one, and what names another", async () => {
    const { code, err } = await cli(null, "--url", "http://127.0.0.1:1", "link", "ls");
    expect({ code, err }).toEqual({
      code: 1,
      err:
        "no strait answers at http://127.0.0.1:1: nothing listens there; start one with `strait up`, " +
        "or name another with --url or STRAIT_URL\n",
    });
  });

  test("is told apart from an address that is none, which is wrong usage", async () => {
    const { code, err } = await cli(null, "--url", "localhost:7070", "link", "ls");
    expect({ code, err }).toEqual({
      code: 2,
      err: '--url takes an address such as http://127.0.0.1:7070, not "localhost:7070"\n',
    });
  });

  test.each<[string, number]>([
    ["another program", 404],
    ["a program that likes everything", 200],
  ])("is told apart from %s", async (_title, status) => {
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => new Response("<h1>hello</h1>", { status }),
    });
    const { code, err } = await cli(null, "--url", `http://127.0.0.1:${server.port}`, "link", "ls");
    expect(code).toBe(1);
    expect(err).toMatch(/not as a strait does|is not a strait/);
  });
});

describe("mistakes on the command line", () => {
  test.each<[string, string[], string, string]>([
    ["a command", ["lnk"], "Did you mean link?", "see `strait --help`"],
    ["a command of a group", ["map", "ad"], "Did you mean add?", "see `strait map --help`"],
    ["an option", ["lag", "--wacth"], "Did you mean --watch?", "see `strait lag --help`"],
  ])("%s that is misspelt is told with the nearest and where help is", async (_title, args, nearest, help) => {
    const { code, out, err } = await cli(null, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(nearest);
    expect(err).toContain(help);
  });

  test.each<[string, string[]]>([
    ["a number that is none", ["lag", "--partition", "one"]],
    ["a number out of range", ["await", "l", "t/0", "1", "--timeout", "301"]],
    ["a partition that is none", ["await", "l", "orders", "1"]],
    ["an offset that is none", ["await", "l", "orders/0", "-1"]],
    ["a kind of event that is none", ["events", "--only", "lags"]],
    ["a shell that is not known", ["completion", "tcsh"]],
    ["a method that is none", ["api", "FETCH", "/v1/links"]],
    ["a path that is none", ["api", "GET", "v1/links"]],
    ["a file of authorities that is not there", ["--ca", "/nowhere.pem", "link", "ls"]],
  ])("%s is wrong usage", async (_title, args) => {
    const { code, out, err } = await cli(null, "--url", "http://127.0.0.1:1", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).not.toBe("");
  });
});

describe("problem documents", () => {
  test.each([
    ["/mappings/0/mode", "mappings[0].mode: "],
    ["/properties/security.protocol", 'properties["security.protocol"]: '],
    ["/a~1b/0", '["a/b"][0]: '],
    ["", ""],
  ])("%s is field %s", (pointer, name) => {
    expect(fieldName(pointer)).toBe(name);
  });

  test("each mistake has a line", () => {
    const errors = [
      { path: "/mode", message: "is wrong" },
      { path: "", message: "the whole is wrong" },
    ];
    const text = JSON.stringify({ status: 422, detail: "no", errors });
    const refusal = { status: 422, text, url: "http://x", hasToken: false };
    expect(refusalText(refusal)).toBe("mode: is wrong\nthe whole is wrong");
  });
});

describe("tokens", () => {
  test("who has none hears which role is needed and where it goes; who has too small a one, which it has", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    const tokenOf = async (role: string) => (await cli(subject, "token", "new", role, "--role", role)).out.trim();
    const admin = await tokenOf("admin");
    const none = await cli(subject, "link", "pause", "eu-to-us");
    expect(none).toEqual({
      code: 1,
      out: "",
      err:
        `${subject.control.url}: this needs a token with role operator or admin: send it as ` +
        "`Authorization: Bearer TOKEN` (STRAIT_TOKEN for the command line), or log in\n" +
        "(who is admin makes one with `strait token new NAME --role ROLE`)\n",
    });
    expect((await cli(subject, "lag")).err).toContain("with role viewer or any other");

    process.env["STRAIT_TOKEN"] = admin;
    const viewer = await tokenOf("viewer");
    expect((await cli(subject, "link", "pause", "eu-to-us")).code).toBe(0);

    process.env["STRAIT_TOKEN"] = viewer;
    expect((await cli(subject, "link", "ls")).code).toBe(0);
    const refused = await cli(subject, "link", "resume", "eu-to-us");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/token viewer has role viewer; this needs role operator or admin; .* STRAIT_TOKEN\n$/);

    process.env["STRAIT_TOKEN"] = `${viewer}x`;
    const wrong = await cli(subject, "link", "ls");
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("the token was taken from STRAIT_TOKEN");
    expect(wrong.err).not.toContain(viewer);
  });
});

test("a command that found something wrong ends with 1, in a process of its own, too", async () => {
  await using run = piped(["link", "ls"], { url: "http://127.0.0.1:1" });
  expect([await run.ended, run.out]).toEqual([1, ""]);
  expect(run.err).toStartWith("no strait answers");
});
