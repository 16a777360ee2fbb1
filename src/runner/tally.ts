/** What filters did with the records of one batch, counted. */

import { NO_EVIDENCE } from "../model/evidence.ts";
import type { Evidence } from "../model/status.ts";

/** Of records that no filter looked at. */
export function keptEvidence(records: number): Evidence {
  return records === 0 ? NO_EVIDENCE : { ...NO_EVIDENCE, read: records, kept: records };
}

export class Tally {
  replaced = 0;
  quarantined = 0;
  #dropped = 0;
  readonly #droppedBy: Record<string, number> = {};
  readonly #changed: Record<string, Record<string, number>> = {};

  drop(filter: string): void {
    this.#dropped++;
    this.#droppedBy[filter] = (this.#droppedBy[filter] ?? 0) + 1;
  }

  change(filter: string, paths: readonly string[]): void {
    let counts = this.#changed[filter];
    if (counts === undefined) {
      counts = {};
      this.#changed[filter] = counts;
    }
    for (const path of paths) counts[path] = (counts[path] ?? 0) + 1;
  }

  evidence(read: number): Evidence {
    return {
      read,
      kept: read - this.replaced - this.#dropped - this.quarantined,
      replaced: this.replaced,
      changed: this.#changed,
      dropped: this.#droppedBy,
      monitored: {},
      quarantined: this.quarantined,
      expired: 0,
    };
  }
}
