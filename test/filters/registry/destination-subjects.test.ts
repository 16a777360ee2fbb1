import { expect, test } from "bun:test";
import { destinationSubjects, subjectsBesideTheSource } from "../../../filters/registry/destination-subjects.ts";

const renamed = { topic: "orders", destinationTopic: "eu.orders", target: "value" } as const;
const same = { topic: "orders", destinationTopic: "orders", target: "value" } as const;

test.each<[string, string[], string[]]>([
  ["the topic's own subject", ["orders-value"], ["eu.orders-value"]],
  ["the topic's own among those of others", ["payments-value", "orders-value", "shop.Order"], ["eu.orders-value"]],
  ["a subject of topic and record", ["orders-shop.Order", "other-shop.Order"], ["eu.orders-shop.Order"]],
  ["subjects of records", ["shop.Order", "shop.Base"], ["shop.Base", "shop.Order"]],
  ["the subject of another topic", ["payments-value"], ["payments-value"]],
  ["the subject of a topic whose name begins alike", ["orders-eu-value"], ["orders-eu-value"]],
  ["the subject of the keys", ["orders-key"], ["orders-key"]],
  ["none", [], ["eu.orders-value"]],
])("%s", (_title, subjects, expected) => {
  expect(destinationSubjects(subjects, renamed)).toEqual(expected);
});

test("keys have subjects of their own", () => {
  const keys = { ...renamed, target: "key" } as const;
  expect(destinationSubjects(["orders-key", "orders-value"], keys)).toEqual(["eu.orders-key"]);
});

test("in a shared registry a reduced schema is beside the source's subjects, never in them", () => {
  expect(subjectsBesideTheSource(["orders-value"], renamed)).toEqual(["eu.orders-value"]);
  expect(subjectsBesideTheSource(["orders-value"], same)).toEqual(["orders-value.strait-reduced"]);
  expect(subjectsBesideTheSource(["shop.Order"], renamed)).toEqual(["shop.Order.strait-reduced"]);
  expect(subjectsBesideTheSource([], same)).toEqual(["orders-value.strait-reduced"]);
});
