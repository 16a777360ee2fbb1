import { expect, test } from "bun:test";
import { restartDelay } from "../../src/control/restart-delay.ts";

test.each<[number, number, number]>([
  [1, 250, 500],
  [2, 500, 1_000],
  [3, 1_000, 2_000],
  [7, 15_000, 30_000],
  [1_000, 15_000, 30_000],
])("after %p ends in a row a runner waits between %p and %p ms", (failures, least, most) => {
  expect([restartDelay(failures, () => 0), restartDelay(failures, () => 1)]).toEqual([least, most]);
});
