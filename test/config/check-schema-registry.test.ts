import { expect, test } from "bun:test";
import { checkSchemaRegistry } from "../../src/config/check-schema-registry.ts";
import type { SchemaRegistryAccess } from "../../src/config/resources.ts";

const URL = "https://registry.example.org:8081/apis/ccompat/v7";

test.each<[string, SchemaRegistryAccess]>([
  ["a URL", { url: URL }],
  ["a user name and a password", { url: URL, username: "u", password: "${env:PW}" }],
  ["a token that is stored", { url: URL, token: "***" }],
  ["its own authorities", { url: URL, caFile: "/etc/ca.pem" }],
])("%s is right", (_title, access) => {
  expect(checkSchemaRegistry(access)).toEqual([]);
});

test.each<[string, SchemaRegistryAccess, string]>([
  ["no URL", { url: "registry" }, "url"],
  ["another protocol", { url: "ftp://registry" }, "url"],
  ["a password in the URL", { url: "https://u:hunter2@registry" }, "url"],
  ["a key in the URL", { url: "https://registry/?key=hunter2" }, "url"],
  ["a literal password", { url: URL, username: "u", password: "hunter2" }, "password"],
  ["a literal token", { url: URL, token: "hunter2" }, "token"],
  ["a password without user name", { url: URL, password: "${env:PW}" }, "username"],
  ["a user name without password", { url: URL, username: "u" }, "password"],
  ["both ways to log in", { url: URL, username: "u", password: "${env:PW}", token: "${env:T}" }, "token"],
  ["authorities for http", { url: "http://registry", caFile: "/etc/ca.pem" }, "caFile"],
])("%s is a mistake of one field, said without its value", (_title, access, field) => {
  const errors = checkSchemaRegistry(access);
  expect(errors.map(({ path }) => path)).toEqual([`/schemaRegistry/${field}`]);
  expect(JSON.stringify(errors)).not.toContain("hunter2");
});
