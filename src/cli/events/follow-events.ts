/** Follows the events of a strait, also through restarts of it. */

import { clearTimeout, setTimeout } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";
import { Observable } from "rxjs";
import type { LinkLag } from "../../control/lag.ts";
import { messageOf } from "../../model/errors.ts";
import { type ApiClient, RequestFailed } from "../api-client.ts";
import { serverSentEvents } from "./server-sent-events.ts";

export interface StateEvent {
  readonly link: string;
  readonly state: string;
  readonly reason: string | null;
}

export type Update =
  | { readonly type: "state"; readonly state: StateEvent }
  | { readonly type: "lag"; readonly lag: LinkLag }
  /** Events come, from now on. */
  | { readonly type: "connected" }
  /** None come; it is tried again. */
  | { readonly type: "disconnected"; readonly reason: string };

export interface FollowOptions {
  /** Something comes every 15 s at least, so a connection that is silent for longer is dead. Default 40,000. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Never completes. Fails with {@link RequestFailed} where the first connection cannot be made, and later where strait
 * refuses (a token that is no longer good); connections that break are made again.
 */
export function followEvents(client: ApiClient, { silenceMs = SILENCE_MS }: FollowOptions = {}): Observable<Update> {
  return new Observable((subscriber) => {
    const over = new AbortController();
    const follow = async () => {
      let wasConnected = false;
      for (let retryMs = FIRST_RETRY_MS; !over.signal.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
        try {
          await readOnce(client, over.signal, silenceMs, (update) => {
            if (update.type === "connected") {
              wasConnected = true;
              retryMs = FIRST_RETRY_MS;
            }
            subscriber.next(update);
          });
          subscriber.next({ type: "disconnected", reason: "strait ended the stream" });
        } catch (error) {
          if (!wasConnected || isFinal(error)) throw error;
          if (!over.signal.aborted) subscriber.next({ type: "disconnected", reason: messageOf(error) });
        }
        await delay(retryMs, undefined, { signal: over.signal });
      }
    };
    follow().catch((error) => {
      if (!over.signal.aborted) subscriber.error(error);
    });
    return () => over.abort();
  });
}

/** Resolves when the stream ends. */
async function readOnce(
  client: ApiClient,
  over: AbortSignal,
  silenceMs: number,
  tell: (update: Update) => void,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`nothing was heard for ${silenceMs / 1000} s`)), silenceMs);
  try {
    const signal = AbortSignal.any([over, silence.signal]);
    const { body } = await client.open("GET", "/v1/events", undefined, { signal, timeoutMs: null });
    if (body === null) throw new Error("the stream of events is empty");
    tell({ type: "connected" });
    for await (const event of serverSentEvents(body)) {
      timer.refresh();
      if (event?.event === "state") tell({ type: "state", state: JSON.parse(event.data) as StateEvent });
      else if (event?.event === "lag") tell({ type: "lag", lag: JSON.parse(event.data) as LinkLag });
    }
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether trying again cannot help: strait answered, and does not want this. Statuses of a moment are no such answer. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof RequestFailed) || error.status === null) return false;
  return error.status < 500 && error.status !== 429;
}
