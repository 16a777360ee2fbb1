import { describe, expect, test } from "bun:test";
import { Type } from "typebox";
import { LinkInput, MappingInput } from "../../src/config/resource-inputs.ts";
import { validate } from "../../src/config/validate.ts";

function errorsOf(schema: Parameters<typeof validate>[0], input: unknown): string[] {
  const result = validate(schema, input);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
}

describe("validate", () => {
  test("valid input comes back typed and unchanged", () => {
    const input = { source: "orders", mode: "append" };
    const result = validate(MappingInput, input);
    expect(result).toEqual({ ok: true, value: input } as never);
  });

  test.each<[string, unknown, string[]]>([
    ["null", null, [" must be an object"]],
    ["a list", [], [" must be an object"]],
    ["a missing field", {}, ["/source is required"]],
    ["a mistyped field", { source: "o", mod: "append" }, ["/mod unknown field `mod`; did you mean `mode`?"]],
    ["a wrong type", { source: 7 }, ["/source must be a string"]],
    [
      "a bad constant",
      { source: "o", mode: "apend" },
      ['/mode must be one of "mirror", "append"; did you mean `append`?'],
    ],
    [
      "a bad alternative",
      { source: "o", start: "erliest" },
      ['/start must be one of "earliest", "latest", { timestamp }; did you mean `earliest`?'],
    ],
    [
      "a bad time",
      { source: "o", start: { timestamp: "yesterday" } },
      ["/start/timestamp must be a date-time (RFC 3339, as 2026-11-22T00:00:00Z)"],
    ],
    [
      "a field of an alternative",
      { source: "o", start: { timestmp: "x" } },
      ["/start/timestamp is required", "/start/timestmp unknown field `timestmp`; did you mean `timestamp`?"],
    ],
    ["a nested filter", { source: "o", filters: [{ use: "" }] }, ["/filters/0/use must not be empty"]],
    [
      "an inherited name",
      { source: "o", ["__proto__x"]: 1 },
      [
        "/__proto__x unknown field `__proto__x`; known fields are name, source, destination, mode, start, filters, onFailure, monitorOnly, onExpired, transaction, trim, paused",
      ],
    ],
  ])("%s is said in words", (_title, input, expected) => {
    expect(errorsOf(MappingInput, input)).toEqual(expected);
  });

  test("all mistakes are found at once, with their paths", () => {
    const input = { name: "Bad Name", source: "east", mappings: [{ source: "a/b" }, { mode: "append" }] };
    expect(errorsOf(LinkInput, input).map((each) => each.split(" ")[0])).toEqual([
      "/destination",
      "/name",
      "/mappings/0/source",
      "/mappings/1/source",
    ]);
  });

  test("of several object shapes the one with the matching constant is meant", () => {
    const schema = Type.Array(
      Type.Union([
        Type.Object({ action: Type.Literal("drop") }, { additionalProperties: false }),
        Type.Object({ action: Type.Literal("mask"), first: Type.Integer() }, { additionalProperties: false }),
      ]),
    );
    expect(
      errorsOf(schema, [
        { action: "drop", first: 1 },
        { action: "mask", first: "1" },
      ]),
    ).toEqual(["/0/first unknown field `first`; known fields are action", "/1/first must be an integer"]);
  });

  test("the value itself is never repeated", () => {
    expect(errorsOf(LinkInput, { name: "S3CRET!", source: "S3CRET!", destination: 5 }).join()).not.toContain("S3CRET");
  });
});
