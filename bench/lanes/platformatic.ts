/** `@platformatic/kafka` as a plain copy loop. */

import { startCopyLoop } from "./copy-process.ts";
import type { Lane } from "./lane.ts";

export const platformatic: Lane = {
  name: "platformatic",
  label: "@platformatic/kafka, copy loop",
  transactional: false,
  redacts: false,
  keepsOffsets: false,
  makesTopic: false,
  start: (job) => startCopyLoop("platformatic-loop.ts", job),
};
