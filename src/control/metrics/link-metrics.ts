/** How links and their runners are. */

import type { LinkState } from "../../model/status.ts";
import type { Control } from "../control.ts";
import type { Exposition, Metric, Sample } from "./exposition.ts";

const LINK_STATES: readonly LinkState[] = ["starting", "running", "paused", "degraded", "failed", "stopped"];

const STATE: Metric = {
  name: "strait_link_state",
  type: "gauge",
  help: "1 for the state a link is in, 0 for the others.",
  labels: ["link", "state"],
};
const RESTARTS: Metric = {
  name: "strait_runner_restarts_total",
  type: "counter",
  help: "How often the runner of a link ended without being asked to, since strait started.",
  labels: ["link"],
};
const MEMORY: Metric = {
  name: "strait_runner_resident_memory_bytes",
  type: "gauge",
  help: "Resident memory of the runner of a link, in bytes; absent while it does not report.",
  labels: ["link"],
};
const ANSWERED: Metric = {
  name: "strait_source_answered_age_seconds",
  type: "gauge",
  help: "How long ago the source cluster of a link last told its offsets; absent before it did.",
  labels: ["link"],
};

export function addLinks(exposition: Exposition, { configuration, lag, supervisor }: Control): void {
  const snapshots = supervisor.snapshots();
  const states = snapshots.flatMap(({ link, state }) =>
    LINK_STATES.map((each): Sample => [[link.name, each], each === state ? 1 : 0]),
  );
  const reporting = snapshots.filter(({ pid, statusPid }) => pid !== null && pid === statusPid);
  exposition.add(STATE, states);
  exposition.add(
    RESTARTS,
    snapshots.map(({ link, restarts }) => [[link.name], restarts]),
  );
  exposition.add(
    MEMORY,
    reporting.flatMap(({ link, status }) => (status === null ? [] : [[[link.name], status.residentBytes] as const])),
  );
  const now = Date.now();
  exposition.add(
    ANSWERED,
    configuration.state.links.flatMap((link): Sample[] => {
      const answeredAt = lag.sourceAnsweredAt(link);
      return answeredAt === null ? [] : [[[link.name], Math.max(0, now - answeredAt) / 1_000]];
    }),
  );
}
