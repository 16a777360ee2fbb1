import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSchemaRegistry } from "../../../plugins/schema-registry/schema-registry.ts";
import { StraitError } from "../../../src/model/errors.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { failureOf } from "../../support/failure-of.ts";
import { StandInRegistry } from "../../support/schema-registry.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { registryClient, SHORT_MS } from "./registry-under-test.ts";

const PASSWORD = { username: "strait", password: "${env:REGISTRY_PASSWORD}" };
const TOKEN = { token: "${env:REGISTRY_TOKEN}" };
const BASIC = `Basic ${Buffer.from("strait:hunter2 and more").toString("base64")}`;

describe("credentials", () => {
  test.each([
    ["a user name and a password", PASSWORD, BASIC],
    ["a token", TOKEN, "Bearer token-of-somebody"],
  ])("%s let us in", async (_title, access, authorization) => {
    await using registry = new StandInRegistry({ authorization });
    const { id } = registry.add("a-value", { schema: '"string"' });
    expect((await registryClient(registry.url, access).byId(id)).text).toBe('"string"');
  });

  test.each([
    ["a password", PASSWORD],
    ["a token", TOKEN],
  ])("%s that is wrong is said in the registry's words, without it", async (_title, access) => {
    await using registry = new StandInRegistry({ authorization: "Basic other" });
    const failure = await failureOf(registryClient(registry.url, access).byId(1));
    expect(failure.code).toBe("schema-unavailable");
    expect(failure.message).toContain("401");
    // The stand-in says what it was given.
    expect(failure.message).toContain("Unauthorized: ");
    const everything = `${failure.message} ${failure.stack} ${Bun.inspect(failure, { depth: 20 })}`;
    for (const secret of ["hunter2", "token-of-somebody", BASIC.slice(6)]) expect(everything).not.toContain(secret);
  });

  test("are read for each request, so that new ones are taken up", async () => {
    await using registry = new StandInRegistry({ authorization: "Bearer new" });
    const { id } = registry.add("a-value", { schema: '"string"' });
    let token = "old";
    const client = createSchemaRegistry(
      { url: registry.url, token: "${file:/t}" },
      { secret: async () => token, timeoutMs: SHORT_MS },
    );
    expect((await failureOf(client.byId(id))).code).toBe("schema-unavailable");
    token = "new";
    expect((await client.byId(id)).text).toBe('"string"');
  });

  test("that cannot be had fail as such, and nothing is asked", async () => {
    await using registry = new StandInRegistry();
    const secret = () => Promise.reject(new StraitError("secret-unavailable", "there is none"));
    const client = createSchemaRegistry({ url: registry.url, ...TOKEN }, { secret });
    expect((await failureOf(client.byId(1))).code).toBe("secret-unavailable");
    expect(registry.requests).toEqual([]);
  });
});

describe("TLS", () => {
  test("the authorities of caFile are trusted, and nobody else", async () => {
    using folder = temporaryDirectory();
    const { certFile, keyFile, pem } = makeCertificate(folder.path, "registry");
    await using registry = new StandInRegistry({ tls: { key: readFileSync(keyFile, "utf8"), cert: pem } });
    const { id } = registry.add("a-value", { schema: '"string"' });
    expect((await registryClient(registry.url, { caFile: certFile }).byId(id)).text).toBe('"string"');
    const failure = await failureOf(registryClient(registry.url).byId(id));
    expect(failure).toMatchObject({ code: "schema-unavailable", retriable: true });
    const missing = await failureOf(registryClient(registry.url, { caFile: join(folder.path, "none.pem") }).byId(id));
    expect(missing.message).toContain("none.pem");
  });
});
