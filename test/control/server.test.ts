import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigurationFile } from "../../src/config/resource-inputs.ts";
import { COMMAND_LINE, withStoredTokens } from "../../src/control/security/stored-tokens.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { addClusters, addLink, controlUnderTest } from "./control-under-test.ts";

const CLUSTER = { region: "eu", properties: { "bootstrap.servers": "down:1" } };
const CLUSTER_THAT_ANSWERS = { region: "eu", properties: { "bootstrap.servers": "east:1" } };
const FILE: ConfigurationFile = {
  clusters: { east: CLUSTER, west: { ...CLUSTER, properties: { "bootstrap.servers": "down:2" } } },
  links: { l: { source: "east", destination: "west", mappings: [{ source: "orders", mode: "append" }] } },
};

function fileWith(...topics: string[]): ConfigurationFile {
  const mappings = topics.map((source) => ({ source, mode: "append" as const }));
  return { ...FILE, links: { l: { source: "east", destination: "west", mappings } } };
}

describe("startControl", () => {
  test("answers over the network at its address", async () => {
    await using subject = await controlUnderTest();
    expect(await (await fetch(`${subject.control.url}/healthz`)).json()).toEqual({ status: "alive" });
  });

  test.each([["0.0.0.0"], ["192.0.2.1"], ["example.org"], ["[::]"]])("refuses to listen on %s", async (host) => {
    await expect(controlUnderTest({ listen: { host, port: 0 } })).rejects.toThrow(`refusing to listen on ${host}`);
  });

  test("needs an admin token that has not expired for an address that others can reach", async () => {
    using directory = temporaryDirectory();
    const listen = { host: "192.0.2.1", port: 0 };
    const start = () => controlUnderTest({ listen, stateDirectory: directory.path });
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const make = (now: number, token: object) =>
      withStoredTokens(directory.path, (tokens) => tokens.create(token, COMMAND_LINE), { now: () => now });
    make(Date.now() - 7_200_000, {
      name: "old",
      role: "admin",
      expires: new Date(Date.now() - 3_600_000).toISOString(),
    });
    await expect(start()).rejects.toThrow("there is no admin token");
    make(Date.now(), { name: "new", role: "admin", expires });
    await expect(start()).rejects.toThrow("cannot listen on 192.0.2.1");
  });

  test("an address in use is said, and the state directory is free again", async () => {
    await using first = await controlUnderTest();
    using directory = temporaryDirectory();
    const port = Number(new URL(first.control.url).port);
    const listen = { host: "127.0.0.1", port };
    await expect(controlUnderTest({ listen, stateDirectory: directory.path })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}`,
    );
    await using _later = await controlUnderTest({ stateDirectory: directory.path });
  });

  test("a damaged state is refused at start", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "state.json"), "{");
    await expect(controlUnderTest({ stateDirectory: directory.path })).rejects.toThrow("is damaged");
  });

  test("a change that cannot be stored is not made, and the audit log says so", async () => {
    await using subject = await controlUnderTest();
    mkdirSync(join(subject.stateDirectory, "state.json.new"));
    const { status } = await subject.call("PUT", "/v1/clusters/east", CLUSTER_THAT_ANSWERS);
    expect(status).toBe(500);
    expect((await subject.call("GET", "/v1/clusters")).body["clusters"]).toEqual([]);
    expect((await subject.call("GET", "/v1/audit")).body["entries"]).toMatchObject([
      { action: "cluster.put", before: null },
      { action: "cluster.put.failed", after: null },
    ]);
  });

  test("closing may be asked for twice", async () => {
    await using subject = await controlUnderTest();
    await Promise.all([subject.control.close(), subject.control.close()]);
  });
});

describe("a configuration file", () => {
  test("is taken over without waiting for clusters that are down", async () => {
    await using subject = await controlUnderTest({ file: FILE });
    expect((await subject.call("GET", "/v1/links/l")).body).toMatchObject({ mappings: [{ name: "orders" }] });
  });

  test("wins for what it names and leaves what the API added", async () => {
    await using subject = await controlUnderTest({ file: FILE });
    await subject.call("PATCH", "/v1/links/l/mappings/orders", { onFailure: "quarantine" });
    await subject.call("POST", "/v1/links/l/mappings", { source: "clicks", mode: "append" });
    await subject.restart(FILE);
    expect((await subject.call("GET", "/v1/links/l")).body["mappings"]).toMatchObject([
      { name: "orders", onFailure: "stop" },
      { name: "clicks" },
    ]);
  });

  test("does not resume what an operator paused, unless it says so", async () => {
    await using subject = await controlUnderTest({ file: FILE });
    await subject.call("POST", "/v1/links/l/pause");
    await subject.call("POST", "/v1/links/l/mappings/orders/pause");
    await subject.restart(FILE);
    expect((await subject.call("GET", "/v1/links/l")).body).toMatchObject({
      paused: true,
      mappings: [{ paused: true }],
    });
    const link = { source: "east", destination: "west", paused: false };
    await subject.restart({ ...FILE, links: { l: link } });
    expect((await subject.call("GET", "/v1/links/l")).body).toMatchObject({ paused: false });
  });

  test("deletes what an earlier version of it named, and nothing else", async () => {
    await using subject = await controlUnderTest({ file: fileWith("orders", "payments") });
    await subject.call("POST", "/v1/links/l/mappings", { source: "clicks", mode: "append" });
    await subject.restart(fileWith("orders"));
    expect((await subject.call("GET", "/v1/links/l")).body["mappings"]).toMatchObject([
      { name: "orders" },
      { name: "clicks" },
    ]);
    await subject.restart({ clusters: FILE.clusters ?? {} });
    expect((await subject.call("GET", "/v1/links")).body["links"]).toEqual([]);
  });

  test("leaves links of the API alone", async () => {
    await using subject = await controlUnderTest();
    await addLink(subject);
    await subject.restart({});
    expect((await subject.call("GET", "/v1/links/eu-to-us")).status).toBe(200);
  });

  test("is refused whole, with paths, when something in it is wrong", async () => {
    await using subject = await controlUnderTest();
    await addClusters(subject);
    const link = { source: "eat", destination: "west", mappings: [{ source: "a", transaction: "off" as const }] };
    const file = { links: { "Bad Name": link }, clusters: { x: { region: "eu", properties: {} } } };
    await expect(subject.restart(file)).rejects.toMatchObject({
      errors: [
        { path: "/clusters/x/properties/bootstrap.servers" },
        { path: "/links/Bad Name" },
        { path: "/links/Bad Name/mappings/0/transaction" },
      ],
    });
    await subject.restart();
    expect((await subject.call("GET", "/v1/clusters")).body["clusters"]).toHaveLength(2);
  });

  test("is in the audit log", async () => {
    await using subject = await controlUnderTest({ file: FILE });
    const { body } = await subject.call("GET", "/v1/audit");
    expect(body["entries"]).toMatchObject([
      { via: "file", action: "cluster.apply", resource: "clusters/east" },
      { resource: "clusters/west" },
      { action: "link.apply", resource: "links/l", before: null },
    ]);
  });
});
