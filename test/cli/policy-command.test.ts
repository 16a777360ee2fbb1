import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlUnderTest } from "../control/control-under-test.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { cli } from "./command-line.ts";

const CLUSTERS = `clusters:
  east: { region: eu, properties: { bootstrap.servers: "e:1" } }
  west: { region: us, properties: { bootstrap.servers: "w:1" } }
links:
  eu-to-us:
    source: east
    destination: west
    mappings:
      - source: orders
      - source: payroll
`;
const POLICIES = `policies:
  no-payroll: { from: [eu], to: ["*"], topics: ["payroll*"], rule: deny }
  eu-redact:
    from: [eu]
    to: [us, uk]
    topics: ["*"]
    rule: { filters: [{ use: redact, options: { keep: ["$.id"] } }] }
regions:
  eu: { default: deny }
`;

describe("strait policy", () => {
  test("set takes a file, ls and show have what is in it, rm takes away", async () => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "policies.yaml");
    writeFileSync(file, POLICIES);
    const { code, out } = await cli(subject, "policy", "set", file);
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.replaceAll(/ +/g, " ").replace(/[0-9a-f]{12}$/, "DIGEST"))).toEqual([
      "POLICY VERSION FROM TO TOPICS RULE DIGEST",
      "eu-redact 1 eu us, uk * redact DIGEST",
      "no-payroll 1 eu * payroll* deny DIGEST",
      "",
      "REGION DEFAULT",
      "eu deny",
      "",
    ]);
    expect((await cli(subject, "policy", "ls")).out).toBe(out);
    const json = JSON.parse((await cli(subject, "policy", "ls", "--json")).out);
    expect(json).toMatchObject({ policies: [{ name: "eu-redact" }, { name: "no-payroll" }], regions: [{}] });
    expect((await cli(subject, "policy", "show", "eu-redact")).out).toEndWith(
      'FILTER  OPTIONS\nredact  {"keep":["$.id"]}\n',
    );
    expect(JSON.parse((await cli(subject, "policy", "show", "eu-redact", "--json")).out)).toEqual(json.policies[0]);
    expect(await cli(subject, "policy", "rm", "no-payroll")).toEqual({ code: 0, out: "", err: "" });
    expect(await cli(subject, "policy", "show", "no-payroll")).toMatchObject({
      code: 1,
      err: "no policy `no-payroll`\n",
    });
  });

  test.each<[string, string, number, string]>([
    ["has more", `${CLUSTERS}${POLICIES}`, 2, "has `clusters`; `policy set` takes `policies` and `regions` only\n"],
    ["is wrong", "regions:\n  eu: { defualt: deny }\n", 1, ":2:9: /regions/eu/defualt: unknown field"],
    [
      "the server refuses",
      "policies:\n  p: { from: [eu], to: [us], topics: [a], rule: { filters: [{ use: x }] } }\n",
      1,
      "policies.p.rule.filters[0].use: no filter `x`",
    ],
  ])("set refuses a file that %s", async (_title, text, code, words) => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "policies.yaml");
    writeFileSync(file, text);
    const answer = await cli(subject, "policy", "set", file);
    expect(answer.err).toContain(words);
    expect(answer.code).toBe(code);
  });

  test("explain says what comes of it, why, and what stands in front", async () => {
    await using subject = await controlUnderTest();
    const file = join(subject.stateDirectory, "policies.yaml");
    writeFileSync(file, POLICIES);
    await cli(subject, "policy", "set", file);
    const allowed = await cli(subject, "policy", "explain", "--from", "eu", "--to", "us", "orders");
    expect(allowed.out.split("\n").map((line) => line.replaceAll(/ +/g, " "))).toEqual([
      "orders from eu to us: allowed",
      "by policy eu-redact, topic orders goes from region eu to us, through its filters",
      "",
      "POLICY VERSION RULE WHY",
      "eu-redact 1 filters counts",
      "no-payroll 1 deny none of its patterns is topic orders",
      "",
      "POLICY FILTER OPTIONS",
      'eu-redact redact {"keep":["$.id"]}',
      "",
      "note: no cluster is in region eu",
      "",
      "note: no cluster is in region us",
      "",
      "note: no cluster is in region uk",
      "",
    ]);
    const denied = await cli(subject, "policy", "explain", "--from", "eu", "--to", "us", "payroll.2026");
    expect(denied.out).toStartWith("payroll.2026 from eu to us: denied\npolicy no-payroll denies");
    expect(denied.out).not.toContain("FILTER");
    const json = await cli(subject, "policy", "explain", "--from", "eu", "--to", "us", "payroll", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ outcome: "denied", default: "deny" });
    expect((await cli(subject, "policy", "explain", "payroll", "--from", "eu")).code).toBe(2);
  });

  test("link show has the filters of policies with their names", async () => {
    await using subject = await controlUnderTest();
    for (const [name, region] of Object.entries({ east: "eu", west: "us" })) {
      await subject.call("PUT", `/v1/clusters/${name}`, { region, properties: { "bootstrap.servers": `${name}:1` } });
    }
    const filters = [{ use: "drop-records", options: { when: [{ header: "a", equals: "b" }] } }];
    const mappings = [{ source: "orders", filters }];
    await subject.call("POST", "/v1/links", { name: "l", source: "east", destination: "west", mappings });
    const file = join(subject.stateDirectory, "policies.yaml");
    writeFileSync(file, POLICIES);
    await cli(subject, "policy", "set", file);
    expect((await cli(subject, "link", "show", "l")).out).toContain("redact (eu-redact), drop-records");
  });
});

describe("strait check", () => {
  test("gives the line of a mapping that a policy denies, and of a mistake in a policy", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "strait.yaml");
    writeFileSync(file, `${CLUSTERS}${POLICIES}`);
    const { code, err } = await cli(null, "check", file);
    expect(code).toBe(1);
    expect(err).toStartWith(
      `${file}:10:9: /links/eu-to-us/mappings/1/source: policy no-payroll denies that topic payroll`,
    );
    writeFileSync(file, `${CLUSTERS}${POLICIES.replace('["$.id"]', '["id"]')}`);
    const wrong = await cli(null, "check", file);
    expect(wrong.err).toStartWith(`${file}:17:56: /policies/eu-redact/rule/filters/0/options/keep/0:`);
    writeFileSync(file, POLICIES.replace("no-payroll", "No Payroll"));
    expect((await cli(null, "check", file)).err).toStartWith(`${file}:2:3: /policies/No Payroll: must match`);
  });
});
