/** Pictures that go with words. They say nothing by themselves: screen readers leave them out. */

import { svg } from "./el.js";

/** Strokes in a box of 16 by 16. */
const PATHS = {
  running: "M3 8.5 6.5 12 13 4.5",
  starting: "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M3.4 3.4l2.1 2.1M10.5 10.5l2.1 2.1M3.4 12.6l2.1-2.1M10.5 5.5l2.1-2.1",
  paused: "M5.5 3v10M10.5 3v10",
  degraded: "M8 2 14.5 13.5h-13zM8 6.5v3M8 11.3v.4",
  failed: "M4 4l8 8M12 4l-8 8",
  stopped: "M3.5 3.5h9v9h-9z",
  seeding: "M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11",
  retrying: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  quarantined: "M8 1.5 14 4v4c0 3.5-2.5 5.5-6 6.5C4.5 13.5 2 11.5 2 8V4z",
  diverged: "M3 8h4M7 8c3 0 3-4 6-4M7 8c3 0 3 4 6 4M11 2l2 2-2 2M11 10l2 2-2 2",
  unknown: "M5.5 6a2.5 2.5 0 1 1 3.5 2.300C8.3 8.7 8 9.2 8 10M8 12.300v.4",
  add: "M8 3v10M3 8h10",
  remove: "M3 4.500h10M6.5 4.500v-2h3v2M4.5 4.500l.7 9h5.600l.7-9",
  up: "M8 13V3M3.5 7.5 8 3l4.5 4.5",
  down: "M8 3v10M3.5 8.5 8 13l4.5-4.5",
  lock: "M4 7.500h8v6H4zM5.5 7.500V5a2.5 2.5 0 0 1 5 0v2.5",
  arrow: "M2 8h11M9 4l4 4-4 4",
  info: "M8 1.800a6.2 6.2 0 1 1 0 12.400A6.2 6.2 0 0 1 8 1.800M8 7.200v4M8 4.700v.4",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * @param {string} name one of the names above; any other is a question mark
 */
export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: pathOf(name) }),
  );
}

/** @param {string} name */
export function pathOf(name) {
  return PATHS[/** @type {IconName} */ (name)] ?? PATHS.unknown;
}
