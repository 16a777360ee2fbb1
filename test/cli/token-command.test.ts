import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCertificate } from "../../src/control/security/certificate.ts";
import { controlUnderTest } from "../control/control-under-test.ts";
import { securedControl } from "../control/security/secured-control.ts";
import { makeCertificate } from "../support/certificate.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { cli, piped } from "./command-line.ts";

const TOKEN = /^strait_[\w-]{43}\n$/;

afterEach(() => {
  delete process.env["STRAIT_TOKEN"];
});

describe("strait token", () => {
  test("new prints the token alone, for a shell to take; ls and rm do without it", async () => {
    await using secured = await securedControl();
    const { subject, send } = secured;
    process.env["STRAIT_TOKEN"] = secured.tokens.admin;
    const made = await cli(subject, "token", "new", "ci", "--role", "viewer", "--expires", "90d");
    expect([made.code, made.err]).toEqual([0, expect.stringContaining("not shown")]);
    expect(made.out).toMatch(TOKEN);
    const token = made.out.trim();
    expect((await send("GET", "/v1/links", { token })).status).toBe(200);

    const listed = await cli(subject, "token", "ls", "--json");
    const { tokens } = JSON.parse(listed.out) as { tokens: { name: string; expires: string }[] };
    const days = (Date.parse(tokens.find(({ name }) => name === "ci")?.expires ?? "") - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
    expect(listed.out).not.toContain(token);
    expect((await cli(subject, "token", "ls")).out).toMatch(/^TOKEN +ROLE +CREATED +EXPIRES\nadmin +admin +\S+ +-\n/);

    expect((await cli(subject, "token", "rm", "ci")).code).toBe(0);
    expect((await send("GET", "/v1/links", { token })).status).toBe(401);
  });

  test("new on a directory makes the first one, and strait takes it", async () => {
    using directory = temporaryDirectory();
    const state = join(directory.path, "state");
    const made = await cli(null, "token", "new", "root", "--role", "admin", "--state", state);
    expect(made.out).toMatch(TOKEN);
    await using subject = await controlUnderTest({ stateDirectory: state });
    const headers = { authorization: `Bearer ${made.out.trim()}` };
    expect((await subject.request("GET", "/v1/tokens", undefined, headers)).status).toBe(200);
    const { entries } = (await (await subject.request("GET", "/v1/audit", undefined, headers)).json()) as {
      entries: unknown[];
    };
    expect(entries).toMatchObject([{ via: "cli", action: "token.create", resource: "tokens/root" }]);
    expect(readFileSync(join(state, "tokens.json"), "utf8")).not.toContain(made.out.trim());
  });

  test("ls and rm work on a directory too, and make none", async () => {
    using directory = temporaryDirectory();
    const at = ["--state", directory.path];
    await cli(null, "token", "new", "root", "--role", "admin", ...at);
    expect((await cli(null, "token", "ls", ...at)).out).toContain("root");
    expect((await cli(null, "token", "rm", "root", ...at)).code).toBe(0);
    expect((await cli(null, "token", "ls", ...at)).out).not.toContain("root");
    const missing = await cli(null, "token", "ls", "--state", join(directory.path, "none"));
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("ENOENT") });
  });

  test("leaves a directory alone that a strait runs on, and says what to do", async () => {
    await using subject = await controlUnderTest();
    const made = await cli(null, "token", "new", "root", "--role", "admin", "--state", subject.stateDirectory);
    expect(made).toMatchObject({ code: 1, out: "", err: expect.stringContaining("leave out --state to ask it") });
  });

  test.each<[string, string[]]>([
    ["no role", ["new", "ci"]],
    ["an unknown role", ["new", "ci", "--role", "root"]],
    ["a time without a unit", ["new", "ci", "--role", "viewer", "--expires", "90"]],
    ["no time at all", ["new", "ci", "--role", "viewer", "--expires", "0d"]],
  ])("with %s is used wrongly", async (_title, args) => {
    expect((await cli(null, "token", ...args)).code).toBe(2);
  });

  test("refused words of the server are told", async () => {
    await using secured = await securedControl();
    process.env["STRAIT_TOKEN"] = secured.tokens.viewer;
    const { code, err } = await cli(secured.subject, "token", "new", "ci", "--role", "admin");
    expect([code, err]).toEqual([1, expect.stringContaining("admin")]);
  });
});

describe("strait up", () => {
  test("refuses an address that others can reach as long as there is no admin token, and says how to make one", async () => {
    using directory = temporaryDirectory();
    await using up = piped(["up", "--listen", "192.0.2.1:0", "--state", directory.path], { url: "" });
    expect(await up.ended).toBe(1);
    expect(up.err).toContain(`strait token new NAME --role admin --state ${directory.path}`);
  });

  test.each<[string, string[]]>([
    ["half of what TLS needs", ["--tls-cert", "cert.pem"]],
    ["a public address that is none", ["--public-url", "strait.example.org"]],
    ["a public address with a path", ["--public-url", "https://example.org/strait"]],
  ])("with %s is used wrongly", async (_title, args) => {
    using directory = temporaryDirectory();
    expect((await cli(null, "up", "--state", directory.path, ...args)).code).toBe(2);
  });
});

test("--ca has the command line trust a strait with a certificate of its own", async () => {
  using directory = temporaryDirectory();
  const { certFile, keyFile } = makeCertificate(directory.path, "strait");
  await using subject = await controlUnderTest({ certificate: readCertificate(certFile, keyFile) });
  expect((await cli(subject, "link", "ls")).code).toBe(1);
  expect((await cli(subject, "--ca", certFile, "link", "ls")).code).toBe(0);
});
