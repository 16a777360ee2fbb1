/** The picture of `strait lag --watch`. */

import type { PartitionLag } from "../../control/lag.ts";
import { inkOfState, type Paint } from "../paint.ts";
import { cut } from "../printable.ts";
import { bytes, count, duration } from "../quantity.ts";
import { copiedShare } from "./copied-share.ts";
import { totalOf } from "./lag-scope.ts";
import { totalWords } from "./lag-words.ts";
import type { LiveLink, LiveModel } from "./live-model.ts";

export interface Frame {
  /** Letters in a line, and lines. */
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Where the strait is. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Row {
  readonly name: string;
  readonly partition: PartitionLag;
  /** Null where it says nothing more than its link does. */
  readonly reason: string | null;
}

const STATE_WIDTH = "quarantined".length;
const LEAST_BAR = 6;
/** Rather than cut the name of a partition shorter, columns are left out. */
const LEAST_NAME = 24;

/** Lines, none longer and not more than the frame takes: links, then partitions with the most lag first, then the total. */
export function liveLines(model: LiveModel, frame: Frame): string[] {
  const { columns, paint } = frame;
  const links = [...model.links.values()].sort((a, b) => a.lag.link.localeCompare(b.lag.link));
  const rows = links.flatMap((link) => rowsOf(link, links.length > 1)).sort(byLag);
  const clock = new Date(frame.now).toISOString().slice(0, 19).replace("T", " ");
  const head = [
    paint.faint(cut(`strait lag --watch   ${frame.url}   ${clock} UTC   Ctrl-C ends it`, columns)),
    ...(model.disconnected === null ? [] : [paint.bad(cut(`no news: ${model.disconnected}; trying again`, columns))]),
    "",
  ];
  const total = totalLine(links, frame);
  const room = Math.max(2, frame.rows - head.length - 3);
  const linkLines = withRest(
    [...links].sort(byTrouble).map((link) => linkLine(link, frame)),
    Math.max(1, Math.floor(room / (rows.length === 0 ? 1 : 3))),
    "links",
    frame,
  );
  const partitionLines = partitionsIn(rows, room - linkLines.length, frame);
  return [...head, ...linkLines, ...(partitionLines.length === 0 ? [] : ["", ...partitionLines]), "", total];
}

function linkLine({ lag, state }: LiveLink, { columns, paint }: Frame): string {
  const word = state?.state ?? "starting";
  const why = state?.reason ?? lag.reason;
  const name = cut(lag.link, 64);
  const text = cut(
    `: ${totalWords(lag.total)}${why === null ? "" : `; ${why}`}`,
    columns - name.length - word.length - 1,
  );
  return `${paint.strong(name)} ${inkOfState(paint, word)(word)}${text}`;
}

function totalLine(links: readonly LiveLink[], { columns, paint }: Frame): string {
  const partitions = links.flatMap(({ lag }) => lag.partitions);
  const rate = partitions.reduce((sum, each) => sum + each.recordsPerSecond, 0);
  const flow = partitions.reduce((sum, each) => sum + each.bytesPerSecond, 0);
  if (links.length === 0) return cut("no link to show", columns);
  const words = totalWords(totalOf(links.map(({ lag }) => lag.total)));
  return paint.strong(cut(`total: ${words}, ${count(rate)} records/s, ${bytes(flow)}/s`, columns));
}

/** The columns behind the state, the ones that can be missed most last. */
const COLUMNS: readonly { readonly title: string; readonly cell: (partition: PartitionLag) => string }[] = [
  { title: "LAG", cell: ({ lagRecords }) => (lagRecords === null ? "-" : count(lagRecords)) },
  { title: "AGE", cell: ({ lagMs }) => (lagMs === null ? "-" : duration(lagMs)) },
  { title: "COPIED", cell: (partition) => copiedShare([partition]) ?? "-" },
  { title: "RECORDS/S", cell: ({ recordsPerSecond }) => count(recordsPerSecond) },
  { title: "BYTES/S", cell: ({ bytesPerSecond }) => bytes(bytesPerSecond) },
];

/** The table: its head, and for each partition a row and, where there is one, the reason below. */
function partitionsIn(rows: readonly Row[], room: number, frame: Frame): string[] {
  if (rows.length === 0 || room < 2) return [];
  const { columns, paint } = frame;
  const shown = COLUMNS.map(({ title, cell }) => {
    const cells = rows.map(({ partition }) => cell(partition));
    return { title, cells, width: Math.max(title.length, ...cells.map((each) => each.length)) };
  });
  const longest = Math.max("PARTITION".length, ...rows.map(({ name }) => name.length));
  const taken = () => 2 + STATE_WIDTH + shown.reduce((sum, { width }) => sum + 2 + width, 0);
  while (shown.length > 1 && taken() + Math.min(longest, LEAST_NAME) > columns) shown.pop();
  const nameWidth = Math.min(longest, Math.max(columns - taken(), 1));
  const barWidth = columns - nameWidth - taken() - 2;
  const most = Math.max(...rows.map(({ partition }) => partition.lagRecords ?? 0));
  const line = (name: string, state: string, numbers: readonly string[], bar: string) => {
    const padded = numbers.map((each, index) => each.padStart(shown[index]?.width ?? 0));
    return [cut(name, nameWidth).padEnd(nameWidth), state, ...padded, ...(bar === "" ? [] : [bar])].join("  ");
  };
  const blocks = rows.map(({ name, partition, reason }, index) => {
    const ink = inkOfState(paint, partition.state);
    const bar = barWidth < LEAST_BAR ? "" : ink(barOf(partition.lagRecords ?? 0, most, barWidth));
    const numbers = shown.map(({ cells }) => cells[index] ?? "");
    return [
      line(name, ink(partition.state.padEnd(STATE_WIDTH)), numbers, bar),
      // What several have is said once.
      ...(reason === null || reason === rows[index - 1]?.reason ? [] : [paint.faint(cut(`  ${reason}`, columns))]),
    ];
  });
  const titles = shown.map(({ title }) => title);
  const head = line("PARTITION", "STATE".padEnd(STATE_WIDTH), titles, "");
  return [paint.faint(head), ...fitting(blocks, room - 1, frame)];
}

/** As long as the share of the largest lag; what is not 0 is never nothing. */
function barOf(lag: number, most: number, width: number): string {
  if (lag === 0) return "";
  const eighths = Math.max(1, Math.round((lag / most) * width * 8));
  return "█".repeat(Math.floor(eighths / 8)) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
}

/** Whole partitions, and how many are left out where not all fit. */
function fitting(blocks: readonly (readonly string[])[], room: number, frame: Frame): string[] {
  const lines = blocks.flat();
  if (lines.length <= room) return lines;
  const shown: string[] = [];
  let fit = 0;
  for (const block of blocks) {
    if (shown.length + block.length > room - 1) break;
    shown.push(...block);
    fit++;
  }
  return [
    ...shown,
    frame.paint.faint(cut(`… and ${blocks.length - fit} partitions that are less behind`, frame.columns)),
  ];
}

function withRest(lines: readonly string[], room: number, what: string, { columns, paint }: Frame): string[] {
  if (lines.length <= room) return [...lines];
  const fit = Math.max(0, room - 1);
  return [...lines.slice(0, fit), paint.faint(cut(`… and ${lines.length - fit} ${what} more`, columns))];
}

function rowsOf({ lag, state }: LiveLink, several: boolean): Row[] {
  return lag.partitions.map((partition) => ({
    name: `${several ? `${lag.link} ` : ""}${partition.topic}/${partition.partition}`,
    partition,
    reason: [lag.reason, state?.reason].includes(partition.reason) ? null : partition.reason,
  }));
}

/** What is not known first, then the most behind. */
function byLag(a: Row, b: Row): number {
  const lag = ({ partition }: Row) => partition.lagRecords ?? Number.POSITIVE_INFINITY;
  return lag(a) === lag(b) ? a.name.localeCompare(b.name, "en", { numeric: true }) : lag(b) - lag(a);
}

/** Links that do not run first, then the most behind. */
function byTrouble(a: LiveLink, b: LiveLink): number {
  const rank = ({ state, lag }: LiveLink) => (state?.state === "running" ? 0 : 1e18) + (lag.total.lagRecords ?? 1e17);
  return rank(b) - rank(a) || a.lag.link.localeCompare(b.lag.link);
}
