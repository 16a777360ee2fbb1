import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { CONFIGURATION_MD, renderPropertyTable } from "../../src/config/generate-librdkafka-properties.ts";

test("the table of properties is that of the installed librdkafka", async () => {
  const committed = await readFile(new URL("../../src/config/librdkafka-properties.ts", import.meta.url), "utf8");
  expect(committed).toBe(renderPropertyTable(await readFile(CONFIGURATION_MD, "utf8")));
});
