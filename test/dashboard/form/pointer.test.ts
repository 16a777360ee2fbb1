import { expect, test } from "bun:test";
import fc from "fast-check";
import { below, byFirstPart, firstPart, hintFor } from "../../../src/dashboard/client/form/pointer.js";

test("what is put into a pointer comes out again", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (first, others) => {
      const pointer = [first, ...others].reduce(below, "");
      expect(firstPart(pointer)).toEqual({ part: first, rest: others.reduce(below, "") });
    }),
  );
});

test("mistakes go to the field they are about, those about no field stay", () => {
  const errors = [
    { path: "/filters/0/use", message: "a" },
    { path: "/other", message: "b" },
    { path: "", message: "c" },
  ];
  const { own, inside } = byFirstPart(errors, new Set(["filters"]));
  expect(own).toEqual([
    { path: "/other", message: "b" },
    { path: "", message: "c" },
  ]);
  expect(inside.get("filters")).toEqual([{ path: "/0/use", message: "a" }]);
});

test("a hint for any index counts for each, unless there is one of its own", () => {
  const hints = { "/mappings/*/source": { label: "any" }, "/mappings/1/source": { label: "second" } };
  expect(hintFor(hints, "/mappings/0/source").label).toBe("any");
  expect(hintFor(hints, "/mappings/1/source").label).toBe("second");
  expect(hintFor(hints, "/mappings/0")).toEqual({});
});
