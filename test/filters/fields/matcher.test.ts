import { describe, expect, test } from "bun:test";
import { compileMatcher, elementState, memberState } from "../../../filters/fields/matcher.ts";
import { parsePath } from "../../../filters/fields/path.ts";

function compile(paths: readonly string[], below = false): ReturnType<typeof compileMatcher> {
  return compileMatcher(paths.map(parsePath), { below });
}

function step(state: ReturnType<typeof compile>, name: string): ReturnType<typeof compile> {
  const bytes = new TextEncoder().encode(`"${name}"`);
  return memberState(state, bytes, 0, bytes.length);
}

describe("the matcher", () => {
  test("finds each of a thousand names and no other", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `field${index}`);
    const root = compile(names.map((name) => `$.${name}`));
    for (const [index, name] of names.entries()) expect(step(root, name).matches).toEqual([index]);
    for (const name of ["field", "field1000", "Field1", "field1 ", ""]) expect(step(root, name).matches).toEqual([]);
  });

  test("tells names of prototypes apart from what nobody asked for", () => {
    const root = compile(["$.a"]);
    for (const name of ["constructor", "__proto__", "toString"]) expect(step(root, name).live).toBe(false);
  });

  test("lists every path that ends at a value, in their order", () => {
    const root = compile(["$..b", "$.a.b", "$.*.b", "$.a.c"]);
    expect(step(step(root, "a"), "b").matches).toEqual([0, 1, 2]);
  });

  test("does not look below a match unless asked to", () => {
    expect(step(compile(["$..a"]), "a").live).toBe(false);
    expect(step(compile(["$..a"], true), "a").live).toBe(true);
  });

  test("takes indexes for elements only and names for members only", () => {
    const root = compile(["$[0]", "$['1']"]);
    expect(elementState(root, 0).matches).toEqual([0]);
    expect(elementState(root, 1).matches).toEqual([]);
    expect(step(root, "1").matches).toEqual([1]);
    expect(step(root, "0").matches).toEqual([]);
  });

  test("takes a thousand paths of any depth", () => {
    const root = compile(Array.from({ length: 1000 }, (_, index) => `$..field${index}`));
    expect(step(step(root, "x"), "field999").matches).toEqual([999]);
  }, 20_000);

  test("refuses paths that need exponentially many states, and says so at once", () => {
    expect(() => compile([`$..a${".*".repeat(40)}`])).toThrow("too many");
    expect(() => compile([`$..a${".*".repeat(40)}`], true)).toThrow("too many");
  }, 20_000);
});
