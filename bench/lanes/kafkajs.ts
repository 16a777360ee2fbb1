/** kafkajs as a plain copy loop. */

import { startCopyLoop } from "./copy-process.ts";
import type { Lane } from "./lane.ts";

export const kafkajs: Lane = {
  name: "kafkajs",
  label: "kafkajs, copy loop",
  transactional: false,
  redacts: false,
  keepsOffsets: false,
  makesTopic: false,
  start: (job) => startCopyLoop("kafkajs-loop.ts", job),
};
