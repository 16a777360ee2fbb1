import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OWN_DASHBOARD, OWN_PROCESSES, OWN_THREADS } from "../src/own-modules.ts";

const ROOT = join(import.meta.dirname, "..");

/** What these look for is not there in an executable, and they do without it. */
const DO_WITHOUT = [
  "filters/protobuf/confluent-file.ts",
  "src/cli/filter/new-filter.ts",
  "src/config/generate-librdkafka-properties.ts",
  "src/control/openapi/generate-examples.ts",
  "src/dashboard/assets.ts",
  "src/packaging/compile.ts",
  "src/rdkafka/find-library.ts",
  "src/runner/type-check.ts",
];

test.each(Object.entries({ ...OWN_PROCESSES, ...OWN_THREADS, dashboard: OWN_DASHBOARD }))(
  "%s is there",
  (_name, url) => {
    expect(existsSync(url)).toBe(true);
  },
);

test.each(Object.entries(OWN_PROCESSES))("%s has a main for the executable to call", (_name, url) => {
  expect(readFileSync(fileURLToPath(url), "utf8")).toContain("export function main(): void {");
});

test("nothing else is looked for at run time: an executable would not have it", () => {
  const sources = ["src", "filters", "plugins"].flatMap((folder) => [
    ...new Bun.Glob(`${folder}/**/*.ts`).scanSync({ cwd: ROOT }),
  ]);
  const looking = sources.filter((file) =>
    /import\.meta\.(?!main\b)|createRequire\(/.test(readFileSync(join(ROOT, file), "utf8")),
  );
  expect(looking.toSorted()).toEqual([...DO_WITHOUT, "src/own-modules.ts"].toSorted());
});
