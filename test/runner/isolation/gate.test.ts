import { expect, test } from "bun:test";
import { Gate } from "../../../src/runner/isolation/gate.ts";

/** Work that goes on until it is told to end, and a list of what has begun. */
function workshop(gate: Gate) {
  const begun: string[] = [];
  const start = (name: string, bytes: number | "alone") => {
    const end = Promise.withResolvers<string>();
    const work = () => {
      begun.push(name);
      return end.promise;
    };
    const done = bytes === "alone" ? gate.alone(work) : gate.shared(bytes, work);
    return { done, end: () => end.resolve(name), fail: () => end.reject(new Error(name)) };
  };
  /** Everything that can begin by now has. */
  const settle = () => new Promise(setImmediate);
  return { begun, start, settle };
}

test("lets in as much at a time as may be under way, in the order it came", async () => {
  const { begun, start, settle } = workshop(new Gate(10));
  const a = start("a", 6);
  start("b", 4);
  start("c", 5);
  start("d", 1);
  await settle();
  expect(begun).toEqual(["a", "b"]);
  a.end();
  expect(await a.done).toBe("a");
  await settle();
  expect(begun).toEqual(["a", "b", "c", "d"]);
});

test("lets in what is larger than all that may be under way when it is the only one", async () => {
  const { begun, start, settle } = workshop(new Gate(10));
  const a = start("a", 1);
  start("large", 1000);
  await settle();
  expect(begun).toEqual(["a"]);
  a.end();
  await settle();
  expect(begun).toEqual(["a", "large"]);
});

test("lets nothing in beside work that is to be alone", async () => {
  const { begun, start, settle } = workshop(new Gate(10));
  const a = start("a", 1);
  const alone = start("alone", "alone");
  const b = start("b", 1);
  await settle();
  expect(begun).toEqual(["a"]);
  a.end();
  await settle();
  expect(begun).toEqual(["a", "alone"]);
  alone.end();
  b.end();
  expect(await b.done).toBe("b");
  expect(begun).toEqual(["a", "alone", "b"]);
});

test("goes on after work that fails", async () => {
  const { start } = workshop(new Gate(10));
  const a = start("a", "alone");
  const b = start("b", 1);
  a.fail();
  b.end();
  await expect(a.done).rejects.toThrow("a");
  expect(await b.done).toBe("b");
});
