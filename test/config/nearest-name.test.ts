import { describe, expect, test } from "bun:test";
import { nearestName } from "../../src/config/nearest-name.ts";

describe("nearestName", () => {
  test.each<[string, string[], string | null]>([
    ["mod", ["mode", "name"], "mode"],
    ["sasl.pasword", ["sasl.password", "sasl.username"], "sasl.password"],
    ["soucre", ["source", "start"], "source"],
    ["ORDERS", ["orders"], "orders"],
    ["orders", ["clicks"], null],
    ["a", ["b"], "b"],
    ["", ["mode"], null],
    ["x".repeat(200), ["x".repeat(201)], null],
  ])("%p among %p is %p", (name, known, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });
});
