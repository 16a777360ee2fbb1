/** A clock that two processes on a machine share. */

/** Milliseconds since the epoch with microseconds behind the point; never goes back within a process. */
export function wallClock(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}
