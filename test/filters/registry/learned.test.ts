import { expect, test } from "bun:test";
import { Learned } from "../../../filters/registry/learned.ts";

test("what was used last is kept, and no more than that", async () => {
  const learned = new Learned<number, string>(3);
  for (const key of [1, 2, 3]) await learned.learn(key, async () => `v${key}`);
  expect(learned.get(1)).toBe("v1");
  await learned.learn(4, async () => "v4");
  expect([1, 2, 3, 4].map((key) => learned.get(key))).toEqual(["v1", undefined, "v3", "v4"]);
  for (let key = 10; key < 2000; key++) await learned.learn(key, async () => "x");
  expect(learned.size).toBe(3);
});

test("many who wait for one thing wait for one answer, and for another after a failure", async () => {
  const learned = new Learned<string, number>(3);
  let asked = 0;
  const ask = async () => {
    asked++;
    if (asked === 1) throw new Error("no");
    return asked;
  };
  const failed = await Promise.allSettled([learned.learn("a", ask), learned.learn("a", ask)]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await Promise.all([learned.learn("a", ask), learned.learn("a", ask)])).toEqual([2, 2]);
  expect(learned.get("a")).toBe(2);
});
