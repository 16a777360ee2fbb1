import { describe, expect, test } from "bun:test";
import { AnswerLease, AnswerMemory } from "../../src/wire/answer-memory.ts";

const LARGE = 1_500_000;

/** Memory, and a lease of a large piece of it. */
function leased() {
  const memory = new AnswerMemory();
  const lease = new AnswerLease(memory);
  return { memory, lease, taken: lease.take(LARGE) };
}

describe("memory", () => {
  test("is at least as large as asked for", () => {
    const memory = new AnswerMemory();
    for (const length of [0, 1, 300_000, LARGE, 2 ** 21, 2 ** 21 + 1]) {
      expect(memory.take(length).length).toBeGreaterThanOrEqual(length);
    }
  });

  test("that is given back is used again for what fits it, and by one at a time", () => {
    const memory = new AnswerMemory();
    const first = memory.take(LARGE);
    memory.give(first);
    expect(memory.take(LARGE + 1)).toBe(first);
    expect(memory.take(LARGE)).not.toBe(first);
  });

  test("is not kept without end", () => {
    const memory = new AnswerMemory();
    const taken = Array.from({ length: 40 }, () => memory.take(LARGE));
    for (const each of taken) memory.give(each);
    const again = Array.from({ length: 40 }, () => memory.take(LARGE));
    expect(again.filter((each) => taken.includes(each))).toHaveLength(16);
  });

  test("of small answers is never shared", () => {
    const memory = new AnswerMemory();
    const small = memory.take(1000);
    memory.give(small);
    expect(memory.take(1000)).not.toBe(small);
  });
});

describe("a lease", () => {
  test("gives its memory back when nobody holds it any more, once", () => {
    const { memory, lease, taken } = leased();
    lease.hold();
    lease.release();
    expect(memory.take(LARGE)).not.toBe(taken);
    lease.release();
    expect(memory.take(LARGE)).toBe(taken);
    lease.release();
    expect(memory.take(LARGE)).not.toBe(taken);
  });

  test("of memory that somebody may still read gives nothing back", () => {
    const { memory, lease, taken } = leased();
    lease.spoil();
    lease.release();
    expect(memory.take(LARGE)).not.toBe(taken);
  });

  test("under which nothing was taken gives nothing back", () => {
    const memory = new AnswerMemory();
    new AnswerLease(memory).release();
    expect(memory.take(LARGE).length).toBeGreaterThan(0);
  });
});
