/** The one place where requests to a cluster are tried again, and cut off. */

import { setTimeout as delay } from "node:timers/promises";
import { StraitError } from "../model/errors.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Tries until `attempt` succeeds, fails for good, or `timeoutMs` are over, and never takes longer: an attempt still under
 * way then is abandoned. `attempt` starts from scratch each time, so whatever was stale is looked up anew. Rejects with
 * the last failure, or with `timeout` where nothing was answered at all; `waitingFor` is whose answer that was.
 */
export async function retryFor<T>(timeoutMs: number, waitingFor: string, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let failure = noAnswer(waitingFor, timeoutMs);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await beforeDeadline(deadline, failure, attempt);
    } catch (error) {
      if (!(error instanceof StraitError) || !error.retriable) throw error;
      failure = error;
    }
    if (Date.now() + pauseMs >= deadline) throw failure;
    await delay(pauseMs);
  }
}

/** Tries once, with `timeoutMs` for it. Rejects with `timeout` where there is no answer by then. */
export function within<T>(timeoutMs: number, waitingFor: string, attempt: () => Promise<T>): Promise<T> {
  return beforeDeadline(Date.now() + timeoutMs, noAnswer(waitingFor, timeoutMs), attempt);
}

async function beforeDeadline<T>(deadline: number, late: StraitError, attempt: () => Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), Math.max(0, deadline - Date.now()));
  try {
    return await Promise.race([attempt(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(waitingFor: string, timeoutMs: number): StraitError {
  return new StraitError("timeout", `no answer from ${waitingFor} within ${timeoutMs} ms`, { retriable: true });
}
