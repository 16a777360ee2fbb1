/** A record before and after its filters, for people. */

import type { ShownBytes, ShownContent } from "../../preview/content.ts";
import type { FilteredRecord } from "../../preview/protocol.ts";
import { type Differences, differences, type Piece } from "./differences.ts";
import type { Palette } from "./palette.ts";

const LABEL_WIDTH = "headers".length;
/** Under what comes after the label and the sign. */
const INDENT = " ".repeat(LABEL_WIDTH + 6);

/** Some lines: what happened, then the value, and key and headers where there is something to see. */
export function renderRecord(title: string, record: FilteredRecord, palette: Palette): string {
  const { before, after } = record;
  const parts: Part[] = [
    { label: "key", before: bytesText(before.key), after: after && bytesText(after.key) },
    { label: "value", before: bytesText(before.value), after: after && bytesText(after.value) },
    { label: "headers", before: headersText(before), after: after && headersText(after) },
  ];
  const looking = namesOf(record.monitored);
  return [
    `${title}: ${verdict(record, palette)}`,
    ...(looking === "" ? [] : [palette.faint(`  only looking on, ${looking}`)]),
    ...parts.filter(isWorthALine).flatMap((part) => renderPart(part, record, palette)),
  ].join("\n");
}

function verdict({ outcome, filter, reason, changed }: FilteredRecord, palette: Palette): string {
  if (outcome === "fail") return palette.failed(`failed in ${visible(filter ?? "")}: ${visible(reason ?? "")}`);
  if (outcome === "drop") return `dropped by ${filter}`;
  if (outcome === "keep") return "kept";
  const by = namesOf(changed);
  return by === "" ? "replaced" : `replaced by ${by}`;
}

interface Part {
  readonly label: "key" | "value" | "headers";
  readonly before: string;
  /** Null where the record does not cross. */
  readonly after: string | null;
}

/** The value always, a key where there is one, headers where something happens to them. */
function isWorthALine({ label, before, after }: Part): boolean {
  if (label === "value") return true;
  if (after === null) return before !== NOTHING;
  return before !== after || (label === "key" && before !== NOTHING);
}

function renderPart({ label, before, after }: Part, { outcome }: FilteredRecord, palette: Palette): string[] {
  const line = (name: string, sign: string, text: string) =>
    `  ${name.padEnd(LABEL_WIDTH)} ${sign} ${text.replaceAll("\n", `\n${INDENT}`)}`;
  if (after === null) return [line(label, outcome === "drop" ? "-" : " ", visible(before))];
  if (after === before) return [line(label, " ", visible(before))];
  // Nothing has no words in common with something.
  const marked = [before, after].includes(NOTHING) ? wholly(before, after) : differences(before, after);
  const paint = (pieces: readonly Piece[], mark: (text: string) => string) =>
    pieces.map(({ text, changed }) => (changed ? mark(visible(text)) : visible(text))).join("");
  return [line(label, "-", paint(marked.before, palette.removed)), line("", "+", paint(marked.after, palette.added))];
}

const NOTHING = "(none)";

function wholly(before: string, after: string): Differences {
  return { before: [{ text: before, changed: true }], after: [{ text: after, changed: true }] };
}

function bytesText(bytes: ShownBytes | null): string {
  if (bytes === null) return NOTHING;
  const cut = bytes.truncatedFrom === undefined ? "" : ` ... (the first of ${bytes.truncatedFrom} bytes)`;
  return "text" in bytes ? `${bytes.text}${cut}` : `bytes ${spelt(Buffer.from(bytes.base64, "base64"))}${cut}`;
}

/** What is ASCII in it as itself: of most formats the texts can be read then. */
function spelt(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      if (byte === 0x5c) return "\\\\";
      return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}

function headersText({ headers, headersTruncatedFrom }: ShownContent): string {
  if (headers.length === 0) return NOTHING;
  const lines = headers.map(({ name, value }) => `${name}: ${bytesText(value)}`);
  if (headersTruncatedFrom !== undefined) lines.push(`... (the first of ${headersTruncatedFrom} headers)`);
  return lines.join("\n");
}

function namesOf(byFilter: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(byFilter)
    .map(([filter, names]) => visible(`${filter}: ${names.join(", ")}`))
    .join("; ");
}

/** Content must not steer the terminal: what is not to be seen is spelt out, except line ends and tabs. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === "\n" || character === "\t") return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
