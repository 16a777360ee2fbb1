import { expect, test } from "bun:test";
import { once } from "../../src/runner/once.ts";

test("works once for all who ask, before and after it is done", async () => {
  let calls = 0;
  const work = once(async () => ++calls);
  expect(await Promise.all([work(), work()])).toEqual([1, 1]);
  expect(await work()).toBe(1);
});

test("a failure is everybody's who waited, and who asks later has it tried again", async () => {
  let calls = 0;
  const work = once(async () => {
    if (++calls === 1) throw new Error("not yet");
    return calls;
  });
  const outcomes = await Promise.allSettled([work(), work()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await work()).toBe(2);
});
