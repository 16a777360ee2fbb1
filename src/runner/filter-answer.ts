/** What filters answer: checked, merged, and applied to what the next filter sees. */

import type { FilterResult, Replace } from "../model/filter.ts";
import type { KafkaRecord } from "../model/record.ts";

/** Why a result cannot be used, fit for logs, or null. A filter written in JavaScript may return anything. */
export function problemOf(result: unknown): string | null {
  const verb = typeof result === "object" && result !== null && "verb" in result ? result.verb : undefined;
  if (verb === "keep" || verb === "drop") return null;
  if (verb !== "replace") return "its answer is none of keep, drop and replace(...)";
  const { key, value, headers, changed } = result as Partial<Record<"key" | "value" | "headers" | "changed", unknown>>;
  for (const [name, bytes] of [["key", key] as const, ["value", value] as const]) {
    if (bytes !== undefined && bytes !== null && !(bytes instanceof Uint8Array)) {
      return `its answer's ${name} is neither a Uint8Array nor null`;
    }
  }
  if (headers !== undefined && !(Array.isArray(headers) && headers.every(isHeader))) {
    return "its answer's headers are not a list of { name, value }";
  }
  if (!Array.isArray(changed)) return "its answer lacks the list of what was changed; use replace(...)";
  return null;
}

function isHeader(header: unknown): boolean {
  if (typeof header !== "object" || header === null) return false;
  const { name, value } = header as { name?: unknown; value?: unknown };
  return typeof name === "string" && !name.includes("\0") && (value === null || value instanceof Uint8Array);
}

/** Whether an answer is still to come. */
export function isPromise(value: unknown): value is Promise<FilterResult> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/**
 * Both edits as one. A part the later one leaves out stays as the earlier one made it, also where it is there as
 * `undefined`, as JavaScript has it easily: the record's own would be what the earlier filter took out.
 */
export function merged(earlier: Replace | null, later: Replace): Replace {
  if (earlier === null) return later;
  const { key = earlier.key, value = earlier.value, headers = earlier.headers, changed } = later;
  return {
    verb: "replace",
    changed,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(headers === undefined ? {} : { headers }),
  };
}

/** What the record looks like to the next filter. */
export function replaced(record: KafkaRecord, edit: Replace): KafkaRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: edit.key === undefined ? record.key : edit.key,
    value: edit.value === undefined ? record.value : edit.value,
    // Reading headers costs, and few filters do.
    get headers() {
      return edit.headers ?? record.headers;
    },
  };
}
