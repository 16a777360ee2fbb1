/** Everything that is compared, in the order of the tables. */

import { kafkajs } from "./kafkajs.ts";
import type { Lane } from "./lane.ts";
import { mirrormakerLanes } from "./mirrormaker.ts";
import { platformatic } from "./platformatic.ts";
import { straitLanes } from "./strait.ts";

export const LANES: readonly Lane[] = [...mirrormakerLanes, platformatic, kafkajs, ...straitLanes];
