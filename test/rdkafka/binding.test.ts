import { afterAll, beforeAll, setDefaultTimeout, test } from "bun:test";
import { BROKER_TEST_MS, clusters } from "../support/clusters.ts";
import { allCases } from "./suite/all-cases.ts";
import { type OpenContext, openContext } from "./suite/binding-case.ts";

setDefaultTimeout(BROKER_TEST_MS);

let context: OpenContext;

beforeAll(async () => {
  context = await openContext((await clusters()).east.bootstrap);
});
afterAll(() => context.close());

for (const { title, run } of allCases) test(title, () => run(context));
