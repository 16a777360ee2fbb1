/** Records and bytes per second and in total, from the counters that runners report. */

import type { Rates } from "./lag.ts";
import type { LinkSnapshot } from "./supervised-link.ts";

export interface Totals {
  readonly records: number;
  readonly bytes: number;
}

/** Rates are means over this long. */
const WINDOW_MS = 10_000;

interface Counter {
  /** Of the runner that last reported; another one starts at zero. */
  pid: number | null;
  statusAt: number;
  last: Totals;
  total: Totals;
  readonly since: number;
  readonly deltas: (Totals & { readonly at: number })[];
}

/** Remembers what was counted. Survives restarts of a runner: nothing is counted twice and no rate is negative. */
export class Throughput {
  /** By link, mapping and partition. */
  readonly #counters = new Map<string, Map<string, Map<number, Counter>>>();

  /** Takes note of a link's last status. Calling it again with the same one changes nothing. */
  observe(snapshot: LinkSnapshot): void {
    const { status, statusAt, statusPid: pid } = snapshot;
    const ofLink = this.#counters.get(snapshot.link.name) ?? new Map<string, Map<number, Counter>>();
    this.#counters.set(snapshot.link.name, ofLink);
    for (const { mapping, partition, records, bytes } of status?.partitions ?? []) {
      const counters = ofLink.get(mapping) ?? new Map<number, Counter>();
      ofLink.set(mapping, counters);
      const counter = counters.get(partition) ?? newCounter(statusAt);
      counters.set(partition, counter);
      if (statusAt === counter.statusAt) continue;
      const restarted = (pid !== null && counter.pid !== null && pid !== counter.pid) || records < counter.last.records;
      const base = restarted ? NOTHING : counter.last;
      const delta = { at: statusAt, records: records - base.records, bytes: Math.max(0, bytes - base.bytes) };
      counter.total = plus(counter.total, delta);
      counter.deltas.push(delta);
      while ((counter.deltas[0]?.at ?? statusAt) < statusAt - WINDOW_MS) counter.deltas.shift();
      counter.pid = pid ?? counter.pid;
      counter.statusAt = statusAt;
      counter.last = { records, bytes };
    }
  }

  /** Means over the last ten seconds, or since the first status but at least over one second. */
  rates(link: string, mapping: string, partition: number, now: number): Rates {
    const counter = this.#counters.get(link)?.get(mapping)?.get(partition);
    if (counter === undefined) return { recordsPerSecond: 0, bytesPerSecond: 0 };
    const sum = counter.deltas.filter(({ at }) => at > now - WINDOW_MS).reduce<Totals>(plus, NOTHING);
    const seconds = Math.min(WINDOW_MS, Math.max(1_000, now - counter.since)) / 1_000;
    return { recordsPerSecond: sum.records / seconds, bytesPerSecond: sum.bytes / seconds };
  }

  /** Acknowledged since strait started, over all partitions of a mapping. */
  totals(link: string, mapping: string): Totals {
    const counters = this.#counters.get(link)?.get(mapping)?.values() ?? [];
    return [...counters].reduce<Totals>((sum, { total }) => plus(sum, total), NOTHING);
  }

  /** Forgets links that are no more. */
  keepOnly(links: ReadonlySet<string>): void {
    for (const link of this.#counters.keys()) {
      if (!links.has(link)) this.#counters.delete(link);
    }
  }
}

const NOTHING: Totals = { records: 0, bytes: 0 };

function newCounter(since: number): Counter {
  return { pid: null, statusAt: 0, last: NOTHING, total: NOTHING, since, deltas: [] };
}

function plus(a: Totals, b: Totals): Totals {
  return { records: a.records + b.records, bytes: a.bytes + b.bytes };
}
