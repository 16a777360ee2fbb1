/** Filter files that are refused when a mapping names them, over HTTP. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { addClusters, controlUnderTest } from "../control-under-test.ts";

setDefaultTimeout(60_000);

const filterFile = (answer: string) => `import { defineFilter, keep, Type } from "strait";
export default defineFilter({
  name: "mine",
  description: "Mine.",
  options: Type.Object({ words: Type.Array(Type.String()) }, { additionalProperties: false }),
  create: () => ({ apply: () => ${answer} }),
});
`;

test("a filter whose types or options are wrong is 422, with file and line, and adds nothing", async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, "right.ts"), filterFile("keep"));
  writeFileSync(join(directory.path, "wrong.ts"), filterFile("({ verb: keep })"));
  await using subject = await controlUnderTest({ filterDirectories: [directory.path] });
  await addClusters(subject);
  await subject.call("POST", "/v1/links", { name: "l", source: "east", destination: "west" });
  const right = { use: "./right.ts", options: { words: [] } };
  const add = (...filters: object[]) => subject.call("POST", "/v1/links/l/mappings", { source: "orders", filters });

  expect(await add(right, { use: "./wrong.ts" })).toMatchObject({
    status: 422,
    body: {
      errors: [{ path: "/filters/1/use", message: expect.stringMatching(/^filter \.\/wrong\.ts:6:36: .*TS2322/) }],
    },
  });
  expect(await add({ use: "./right.ts", options: { words: [1] } })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/filters/0/options/words/0", message: "must be a string" }] },
  });
  expect((await subject.call("GET", "/v1/links/l/mappings")).body).toEqual({ mappings: [] });
  expect((await add(right)).status).toBe(201);
});
