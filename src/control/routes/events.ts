/** `/v1/events` */

import { streamSSE } from "hono/streaming";
import type { Control } from "../control.ts";
import { LAG_INTERVAL_MS, LagFeed } from "../lag-feed.ts";
import { HttpProblem } from "../problem.ts";
import type { RouteTable } from "../route-table.ts";
import { principalOf } from "../security/principal.ts";
import type { LinkSnapshot } from "../supervised-link.ts";

/** Proxies that close silent connections see something this often even without links. */
const COMMENT_INTERVAL_MS = 15_000;

const MAX_STREAMS = 64;

export function eventRoutes(routes: RouteTable, { configuration, supervisor, lag, closing }: Control): void {
  const feed = new LagFeed(() => configuration.state, lag);
  let streams = 0;
  routes.add(
    {
      method: "get",
      path: "/v1/events",
      summary: "Server-sent events: `state` at once and when a link's state changes, `lag` of each link every second.",
      role: "viewer",
      answers: { 200: { description: "The events, data in JSON.", mediaType: "text/event-stream" } },
      problems: [503],
    },
    (context) => {
      if (streams >= MAX_STREAMS) throw new HttpProblem(503, `there are ${MAX_STREAMS} readers of events already`);
      streams++;
      return streamSSE(context, async (stream) => {
        // Only the latest state of a link waits for a slow reader, so what waits is bounded.
        const waiting = new Map<string, LinkSnapshot>();
        for (const snapshot of supervisor.snapshots()) waiting.set(snapshot.link.name, snapshot);
        let wake: () => void = () => undefined;
        const changes = supervisor.changes$.subscribe((snapshot) => {
          waiting.set(snapshot.link.name, snapshot);
          wake();
        });
        const stop = () => wake();
        stream.onAbort(stop);
        closing.addEventListener("abort", stop);
        const principal = principalOf(context);
        const isOver = () => stream.aborted || closing.aborted || !principal.isCurrent();
        let lagAt = 0;
        // The first goes out at once: before there is something to read, no reader learns that it is connected.
        let commentAt = 0;
        try {
          while (!isOver()) {
            for (const [name, { state, reason }] of [...waiting]) {
              waiting.delete(name);
              await stream.writeSSE({ event: "state", data: JSON.stringify({ link: name, state, reason }) });
            }
            if (Date.now() >= lagAt) {
              lagAt = Date.now() + LAG_INTERVAL_MS;
              await stream.write(feed.events());
            }
            if (Date.now() >= commentAt + COMMENT_INTERVAL_MS) {
              commentAt = Date.now();
              await stream.write(": still here\n\n");
            }
            if (waiting.size > 0 || isOver()) continue;
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, Math.max(0, lagAt - Date.now()));
              wake = () => {
                clearTimeout(timer);
                resolve();
              };
            });
          }
        } finally {
          streams--;
          changes.unsubscribe();
          closing.removeEventListener("abort", stop);
        }
      });
    },
  );
}
