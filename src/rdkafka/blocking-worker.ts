/** The worker thread of blocking-calls.ts: makes one call at a time and posts what it returned. */

import type { BlockingRequest } from "./blocking-calls.ts";
import { currentRuntime } from "./runtime.ts";
import { SYMBOLS } from "./symbols.ts";

type AnyFunction = (...args: readonly number[]) => number;

/** The worker's own global scope, of which the project's types know only the page's. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<BlockingRequest>) => void;
  postMessage(result: number): void;
};

let functions: Promise<Record<BlockingRequest["name"], unknown>> | undefined;

scope.onmessage = async ({ data }) => {
  functions ??= currentRuntime().then((runtime) => runtime.open(data.libraryPath, SYMBOLS));
  const call = (await functions)[data.name] as AnyFunction;
  scope.postMessage(call(...data.args));
};
