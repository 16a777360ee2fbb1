/** Days since 1970-01-01 in the proleptic Gregorian calendar, for years beyond those of `Date` too. */

export interface CivilDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

export type Period = "year" | "month" | "day";

/** Years of 400 repeat, and begin in March so that a leap day is the last of its year. */
const DAYS_OF_ERA = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const EPOCH = 719_468;

export function civilDate(days: number): CivilDate {
  const since = days + EPOCH;
  const era = Math.floor(since / DAYS_OF_ERA);
  const dayOfEra = since - era * DAYS_OF_ERA;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months of 31, 30, 31, 30, 31 days from March on, twice and a bit.
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** The first day of the period that `days` lies in. */
export function firstDay(days: number, period: Period): number {
  if (period === "day") return days;
  const { year, month, day } = civilDate(days);
  const firstOfMonth = days - (day - 1);
  if (period === "month") return firstOfMonth;
  return firstOfMonth - daysBefore(year, month);
}

/** Days of the year before a month. */
function daysBefore(year: number, month: number): number {
  let days = 0;
  for (let each = 1; each < month; each++) days += daysIn(year, each);
  return days;
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
