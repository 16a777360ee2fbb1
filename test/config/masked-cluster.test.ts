import { expect, test } from "bun:test";
import { maskedCluster, unmaskedCluster } from "../../src/config/masked-cluster.ts";
import type { Cluster } from "../../src/config/resources.ts";

const CLUSTER: Cluster = {
  name: "east",
  region: "eu",
  properties: { "bootstrap.servers": "a:1", "sasl.username": "u", "sasl.password": "${env:PW}" },
};

test("a secret property is shown masked and nothing else is", () => {
  expect(maskedCluster(CLUSTER).properties).toEqual({ ...CLUSTER.properties, "sasl.password": "***" });
});

test("what was shown may be sent back", () => {
  expect(unmaskedCluster(maskedCluster(CLUSTER), CLUSTER)).toEqual(CLUSTER);
});

test("a mask that keeps nothing is refused", () => {
  expect(() => unmaskedCluster(maskedCluster(CLUSTER), undefined)).toThrow("/properties/sasl.password");
});

const WITH_REGISTRY: Cluster = {
  ...CLUSTER,
  schemaRegistry: { url: "https://r", username: "u", password: "${env:REGISTRY_PW}" },
};

test("so it is with what a schema registry lets us in by", () => {
  const masked = maskedCluster(WITH_REGISTRY);
  expect(masked.schemaRegistry).toEqual({ url: "https://r", username: "u", password: "***" });
  expect(unmaskedCluster(masked, WITH_REGISTRY)).toEqual(WITH_REGISTRY);
  expect(() => unmaskedCluster(masked, CLUSTER)).toThrow("/schemaRegistry/password");
  const token: Cluster = { ...CLUSTER, schemaRegistry: { url: "https://r", token: "${file:/t}" } };
  expect(maskedCluster(token).schemaRegistry).toEqual({ url: "https://r", token: "***" });
});
