import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { isSecretProperty } from "../../src/config/secret-properties.ts";

test("every librdkafka property for a password, secret, passphrase or key text is secret", async () => {
  const reference = new URL(import.meta.resolve("@confluentinc/kafka-javascript/deps/librdkafka/CONFIGURATION.md"));
  const names = (await readFile(reference, "utf8")).matchAll(/^([a-z][a-z0-9._]+) +\|/gm);
  const secret = [...names]
    .map(([, name = ""]) => name)
    .filter((name) => /(password|secret|passphrase|key\.pem)$/.test(name));
  expect({ some: secret.length > 5, missed: secret.filter((name) => !isSecretProperty(name)) }).toEqual({
    some: true,
    missed: [],
  });
});

test("what an operator needs to see is not secret", () => {
  const names = ["bootstrap.servers", "sasl.username", "sasl.mechanism", "ssl.ca.pem", "ssl.key.location"];
  expect(names.filter(isSecretProperty)).toEqual([]);
});
