import { expect, test } from "bun:test";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import { filterContext } from "../../src/runner/filter-context.ts";
import { failureOf } from "../support/failure-of.ts";
import { StandInRegistry } from "../support/schema-registry.ts";

const VARIABLE = "STRAIT_TEST_FILTER_CONTEXT";

const around = {
  link: "l",
  mapping: completeMapping({ source: "orders", destination: "eu.{topic}" }),
  directories: [],
};

test("a cluster without a schema registry has none", () => {
  const { topic, destinationTopic, registries } = filterContext({ ...around, source: {}, destination: {} });
  expect([topic, destinationTopic]).toEqual(["orders", "eu.orders"]);
  expect(registries).toEqual({ source: null, destination: null });
});

test("a registry is asked when a filter asks, and its secrets are looked up then", async () => {
  await using registry = new StandInRegistry({ authorization: "Bearer of-somebody" });
  const { id } = registry.add("orders-value", { schema: '"string"' });
  const schemaRegistry = { url: registry.url, token: `\${env:${VARIABLE}}` };
  const { source, destination } = filterContext({ ...around, source: { schemaRegistry }, destination: {} }).registries;
  expect(destination).toBeNull();
  expect(registry.requests).toEqual([]);
  expect((await failureOf(source?.byId(id) ?? Promise.resolve())).code).toBe("secret-unavailable");
  process.env[VARIABLE] = "of-somebody";
  try {
    expect((await source?.byId(id))?.text).toBe('"string"');
  } finally {
    delete process.env[VARIABLE];
  }
});
