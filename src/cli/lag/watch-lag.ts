/** `strait lag --watch` */

import { auditTime, lastValueFrom, scan, takeUntil, tap } from "rxjs";
import type { ApiClient } from "../api-client.ts";
import type { CommandContext } from "../command-context.ts";
import { followEvents, type Update } from "../events/follow-events.ts";
import { outageNotice } from "../events/outage-notice.ts";
import { interruption } from "../interruption.ts";
import { type LagScope, lagPath, narrowed } from "./lag-scope.ts";
import { partitionLine } from "./lag-words.ts";
import { after, type LiveModel, NOTHING_HEARD } from "./live-model.ts";
import { liveLines } from "./live-view.ts";
import { Screen } from "./screen.ts";

export interface WatchContext extends Pick<CommandContext, "print" | "complain" | "terminal"> {
  /** Writes to the terminal, as it is. */
  readonly write: (text: string) => void;
}

/** The events of all links come one by one, once a second: they make one picture. */
const REDRAW_MS = 100;

/**
 * Resolves when it is interrupted. On a terminal a picture; elsewhere a line for each change of a partition, or with `json`
 * a line for each lag of a link. Rejects where strait cannot be asked in the beginning, or refuses.
 */
export async function watchLag(
  client: ApiClient,
  scope: LagScope,
  json: boolean,
  context: WatchContext,
): Promise<void> {
  // Says that there is no such link or topic, which events do not.
  await client.request("GET", lagPath(scope));
  const columns = context.terminal.columns();
  if (json) return await follow(client, jsonLines(scope, context));
  return columns === null ? await follow(client, changeLines(scope, context)) : await drawing(client, scope, context);
}

async function follow(client: ApiClient, take: (update: Update) => void): Promise<void> {
  const updates = followEvents(client).pipe(tap(take), takeUntil(interruption()));
  await lastValueFrom(updates, { defaultValue: undefined });
}

function jsonLines(scope: LagScope, { print, complain }: WatchContext): (update: Update) => void {
  const notice = outageNotice(complain);
  return (update) => {
    notice(update);
    const lag = update.type === "lag" ? narrowed(update.lag, scope) : null;
    if (lag !== null) print(JSON.stringify(lag));
  };
}

function changeLines(scope: LagScope, { print, complain }: WatchContext): (update: Update) => void {
  const notice = outageNotice(complain);
  const said = new Map<string, string>();
  return (update) => {
    notice(update);
    const lag = update.type === "lag" ? narrowed(update.lag, scope) : null;
    for (const partition of lag?.partitions ?? []) {
      const line = partitionLine(lag?.link ?? "", partition);
      // An age that grows is no change by itself.
      const change = partitionLine(lag?.link ?? "", { ...partition, lagMs: null });
      const key = `${lag?.link}/${partition.mapping}/${partition.partition}`;
      if (said.get(key) === change) continue;
      said.set(key, change);
      print(`${lag?.at} ${line}`);
    }
  };
}

async function drawing(client: ApiClient, scope: LagScope, context: WatchContext): Promise<void> {
  const { terminal, write } = context;
  const screen = new Screen(write);
  const linesOf = (model: LiveModel) =>
    liveLines(model, {
      columns: terminal.columns() ?? 80,
      rows: terminal.rows() ?? 24,
      paint: terminal.paint,
      url: client.url,
      now: Date.now(),
    });
  const models = followEvents(client).pipe(
    scan((model, update) => after(model, update, scope, Date.now()), NOTHING_HEARD),
    auditTime(REDRAW_MS),
    tap((model) => screen.draw(linesOf(model))),
    takeUntil(interruption()),
  );
  let last: LiveModel;
  try {
    last = await lastValueFrom(models, { defaultValue: NOTHING_HEARD });
  } finally {
    screen.close();
  }
  // What was seen last stays readable.
  if (last !== NOTHING_HEARD) context.print(linesOf(last).slice(1).join("\n").trim());
}
