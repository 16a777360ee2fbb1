/** strait's numbers for Prometheus, taken at the moment they are asked for. */

import type { Control } from "./control.ts";
import { CountedEvidence } from "./metrics/counted-evidence.ts";
import { Exposition, type Metric } from "./metrics/exposition.ts";
import { addLinks } from "./metrics/link-metrics.ts";
import { addMappings } from "./metrics/mapping-metrics.ts";
import { addPartitions } from "./metrics/partition-metrics.ts";
import { addProcess } from "./metrics/process-metrics.ts";

const DENIED: Metric = {
  name: "strait_http_denied_total",
  type: "counter",
  help: "Requests refused because of who asked, since strait started.",
  labels: ["reason"],
};

export class Metrics {
  readonly #control: Control;
  readonly #counted = new CountedEvidence();

  constructor(control: Control) {
    this.#control = control;
  }

  /** All of them, in the text format of Prometheus. */
  render(): string {
    const { access, configuration, lag } = this.#control;
    const { links } = configuration.state;
    this.#counted.keepOnly(new Set(links.map(({ name }) => name)));
    const exposition = new Exposition();
    addLinks(exposition, this.#control);
    addPartitions(
      exposition,
      links.map((link) => lag.last(link)),
    );
    addMappings(exposition, this.#control, this.#counted);
    exposition.add(
      DENIED,
      [...access.denials.counts].map(([reason, count]) => [[reason], count]),
    );
    addProcess(exposition);
    return exposition.toString();
  }
}
