/**
 * Runs all cases in this process and prints one JSON line for each as it ends. STRAIT_TEST_BOOTSTRAP names the cluster.
 * Started by binding-deno.test.ts.
 */

import process from "node:process";
import { allCases } from "./all-cases.ts";
import { openContext } from "./binding-case.ts";

/** What became of a case; `failure` is the error with its stack, or null. */
export interface CaseResult {
  readonly title: string;
  readonly failure: string | null;
}

const context = await openContext(process.env["STRAIT_TEST_BOOTSTRAP"] ?? "");
for (const { title, run } of allCases) {
  const result: CaseResult = { title, failure: await failureOf(() => run(context)) };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
context.close();

async function failureOf(work: () => void | Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
