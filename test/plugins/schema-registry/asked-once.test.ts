import { expect, test } from "bun:test";
import { AskedOnce, REFUSED_MS } from "../../../plugins/schema-registry/asked-once.ts";
import { StraitError } from "../../../src/mod.ts";
import { failureOf } from "../../support/failure-of.ts";

const REFUSAL = new StraitError("filter-failed", "there is no schema 7");
const OUTAGE = new StraitError("schema-unavailable", "the registry does not answer", { retriable: true });

const NO_SECRET = new StraitError("secret-unavailable", "there is no such variable");

/** Counts what it is asked. */
function asking(answers: readonly (string | StraitError)[]) {
  const clock = { now: 1_000_000 };
  const once = new AskedOnce<string>(2, () => clock.now);
  let asked = 0;
  const ask = async () => {
    const answer = answers[asked++];
    if (answer === undefined || answer instanceof StraitError) throw answer;
    return answer;
  };
  return { clock, asked: () => asked, get: (key = "a") => once.get(key, ask) };
}

test("what is refused is refused for a while without asking, and then asked for again", async () => {
  const { clock, asked, get } = asking([REFUSAL, "at last"]);
  for (let record = 0; record < 100; record++) expect(await failureOf(get())).toBe(REFUSAL);
  expect(asked()).toBe(1);
  clock.now += REFUSED_MS - 1;
  expect(await failureOf(get())).toBe(REFUSAL);
  clock.now += 1;
  expect(await get()).toBe("at last");
  expect(await get()).toBe("at last");
  expect(asked()).toBe(2);
});

test("what is not the registry's own answer is asked for each time", async () => {
  const { asked, get } = asking([OUTAGE, NO_SECRET, "up again"]);
  expect(await failureOf(get())).toBe(OUTAGE);
  expect(await failureOf(get())).toBe(NO_SECRET);
  expect(await get()).toBe("up again");
  expect(asked()).toBe(3);
});

test("a refusal of one is none of another, and only the newest are known", async () => {
  const { asked, get } = asking([REFUSAL, REFUSAL, REFUSAL, "found"]);
  for (const key of ["a", "b", "c"]) expect(await failureOf(get(key))).toBe(REFUSAL);
  expect(await failureOf(get("c"))).toBe(REFUSAL);
  expect(await get("a")).toBe("found");
  expect(asked()).toBe(4);
});
