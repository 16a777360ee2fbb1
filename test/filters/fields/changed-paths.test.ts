import { describe, expect, test } from "bun:test";
import { ChangedPaths } from "../../../filters/fields/changed-paths.ts";

function listOf(changed: ChangedPaths, rules: readonly number[]): readonly string[] {
  changed.clear();
  for (const rule of rules) changed.add(rule);
  return changed.list;
}

describe("the list of changed paths", () => {
  test("has an entry for each change, in order", () => {
    const changed = new ChangedPaths(["$.a", "$.b"]);
    expect(listOf(changed, [1, 0, 1, 1])).toEqual(["$.b", "$.a", "$.b", "$.b"]);
    expect(listOf(changed, [])).toEqual([]);
  });

  test("is shared between records that were changed in the same places", () => {
    const changed = new ChangedPaths(["$.a", "$.b"]);
    expect(listOf(changed, [0, 1])).toBe(listOf(changed, [0, 1]));
  });

  test("cannot be spoilt by whoever holds a shared one", () => {
    const list = listOf(new ChangedPaths(["$.a"]), [0]) as string[];
    expect(() => list.push("$.b")).toThrow(TypeError);
  });

  test("stays right when it grows too long or too various to be shared", () => {
    const changed = new ChangedPaths(["$.a", "$.b"]);
    const long = Array.from({ length: 10_000 }, (_, index) => index % 2);
    const expected = long.map((rule) => (rule === 0 ? "$.a" : "$.b"));
    expect(listOf(changed, long)).toEqual(expected);
    for (let pattern = 0; pattern < 20_000; pattern++) {
      const rules = Array.from({ length: 14 }, (_, bit) => (pattern >> bit) & 1);
      const list = listOf(changed, rules);
      if (list.join() !== rules.map((rule) => (rule === 0 ? "$.a" : "$.b")).join())
        throw new Error(`${rules} is wrong`);
    }
    const first = listOf(changed, long);
    listOf(changed, [0]);
    expect(first).toEqual(expected);
  });
});
