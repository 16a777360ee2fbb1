import { expect, test } from "bun:test";
import { builtInFilters } from "../../filters/index.ts";

test("the catalogue lists each filter once, with a description and a schema", () => {
  expect(builtInFilters.map(({ name }) => name)).toEqual([
    "redact",
    "detect",
    "decrypt",
    "drop-records",
    "translate-schemas",
  ]);
  for (const { description, options } of builtInFilters) {
    expect(description).toEndWith(".");
    expect(JSON.parse(JSON.stringify(options))).toEqual(options as unknown);
  }
});
