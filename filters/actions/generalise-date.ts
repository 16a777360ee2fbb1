/** Dates and timestamps, generalised to a period they lie in. */

import type { FieldAction, NumberShape } from "../fields/change.ts";
import { daysIn, firstDay, type Period } from "./calendar.ts";
import { cannot } from "./cannot.ts";
import { fitsShape } from "./number-range.ts";

/** RFC 3339 full-date or date-time; the offset, which some leave out, changes nothing: the date is taken as it is spelt. */
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]([01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/** How much of `YYYY-MM-DD` says the period. */
const LENGTHS: Readonly<Record<Period, number>> = { year: 4, month: 7, day: 10 };

/** Units of a day by Avro's logical types. */
const UNITS: Readonly<Record<string, bigint>> = {
  date: 1n,
  "timestamp-millis": 86_400_000n,
  "timestamp-micros": 86_400_000_000n,
  "timestamp-nanos": 86_400_000_000_000n,
  "local-timestamp-millis": 86_400_000n,
  "local-timestamp-micros": 86_400_000_000n,
  "local-timestamp-nanos": 86_400_000_000_000n,
};

/** Text becomes `2026`, `2026-11` or `2026-11-22`; a number of a logical type the first instant of the period, in UTC. */
export function generaliseDate(to: Period, label: string): FieldAction {
  return {
    name: "generalise",
    text(value) {
      const [, year, month, day] = DATE.exec(value) ?? [];
      if (!isDate(Number(year), Number(month), Number(day)))
        return cannot("generalise", label, "there is no RFC 3339 date or timestamp");
      return value.length === LENGTHS[to] ? null : value.slice(0, LENGTHS[to]);
    },
    number: (decimal, shape) => firstInstant(decimal, shape, to, label),
  };
}

function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function firstInstant(decimal: string, shape: NumberShape, to: Period, label: string): string {
  const perDay = UNITS[shape.logical ?? ""];
  if (perDay === undefined || shape.kind !== "integer")
    return cannot("generalise", label, "its schema calls the number neither a date nor a timestamp");
  const value = BigInt(decimal);
  const rest = value % perDay;
  const days = (value - (rest < 0n ? rest + perDay : rest)) / perDay;
  const first = BigInt(firstDay(Number(days), to)) * perDay;
  if (!fitsShape(first, shape)) cannot("generalise", label, "the period begins before what the type can hold");
  return String(first);
}
