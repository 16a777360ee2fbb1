/** The compiler and what is made of its words; what filter files make of it is in test/control/filter-inspection.test.ts. */

import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkTypes } from "../../src/runner/type-check.ts";
import { readCompilerOutput } from "../../src/runner/type-check-output.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe("checkTypes", () => {
  test("checks nothing and says so where there is no compiler", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "wrong.ts");
    writeFileSync(file, "export const a: number = 'x';\n");
    expect(await checkTypes([file], { known: [], timeoutMs: 1000, compiler: null })).toEqual({
      mistakes: [],
      clean: [],
      skipped: "types of filter files were not checked: the package typescript is not installed",
      failed: null,
    });
  });

  test("fails where the compiler cannot work", async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "right.ts");
    writeFileSync(file, "export const a = 1;\n");
    const compiler = { script: join(directory.path, "none"), typeRoot: directory.path };
    const { failed, clean } = await checkTypes([file], { known: [], timeoutMs: 10_000, compiler });
    expect(failed).toStartWith("its types could not be checked: ");
    expect(clean).toEqual([]);
  });
});

test("readCompilerOutput tells mistakes with their details, complaints and files apart", () => {
  const output = `../home/a (1).ts(3,14): error TS2322: Type 'A' is not assignable to type 'B'.
  Types of property 'x' are incompatible.
    Type 'string' is not assignable to type 'number'.
      deeper
        too deep
../home/b.ts(1,1): error TS1109: Expression expected.
error TS2688: Cannot find type definition file for 'bun-types'.
/home/a (1).ts
/home/b.ts
`;
  const details = "Types of property 'x' are incompatible. Type 'string' is not assignable to type 'number'. deeper";
  expect(readCompilerOutput(output, "/tmp")).toEqual({
    mistakes: [
      {
        file: "/home/a (1).ts",
        line: 3,
        column: 14,
        message: `Type 'A' is not assignable to type 'B'. (TS2322) ${details}`,
      },
      { file: "/home/b.ts", line: 1, column: 1, message: "Expression expected. (TS1109)" },
    ],
    others: ["TS2688: Cannot find type definition file for 'bun-types'."],
    files: ["/home/a (1).ts", "/home/b.ts"],
  });
});
