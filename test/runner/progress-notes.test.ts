import { afterEach, expect, test } from "bun:test";
import { ProgressNotes } from "../../src/runner/progress-notes.ts";
import type { OffsetToCommit } from "../../src/wire/cluster-client.ts";
import { until } from "../end-to-end/strait.ts";

interface Commit {
  readonly group: string;
  readonly offsets: readonly OffsetToCommit[];
}

const open: ProgressNotes[] = [];
afterEach(() => {
  for (const notes of open.splice(0)) notes.close();
});

/** Notes of link `eu-to-us` on a cluster that remembers what was committed; `answer` is what it says to each request. */
function notesOn(answer: () => Promise<void> = async () => {}) {
  const commits: Commit[] = [];
  const cluster = {
    commitOffsets: async (group: string, offsets: readonly OffsetToCommit[]) => {
      await answer();
      commits.push({ group, offsets });
    },
  };
  const notes = new ProgressNotes(cluster, "eu-to-us");
  open.push(notes);
  return { notes, commits };
}

const at = (offset: number, text = `note ${offset}`) => ({ offset, describe: () => text });

test("what was noted of all partitions is committed in one request, the last of each", async () => {
  const { notes, commits } = notesOn();
  notes.set("orders", 0, at(5));
  notes.set("orders", 1, at(6));
  notes.set("clicks", 0, at(7));
  notes.set("orders", 0, at(8));
  await notes.flush();
  expect(commits).toEqual([
    {
      group: "strait.eu-to-us",
      offsets: [
        { topic: "orders", partition: 0, offset: 8, metadata: "note 8" },
        { topic: "orders", partition: 1, offset: 6, metadata: "note 6" },
        { topic: "clicks", partition: 0, offset: 7, metadata: "note 7" },
      ],
    },
  ]);
});

test("what was committed is not committed again", async () => {
  const { notes, commits } = notesOn();
  notes.set("orders", 0, at(5));
  notes.set("orders", 1, at(6));
  await notes.flush();
  await notes.flush();
  notes.set("orders", 1, at(7));
  await notes.flush();
  expect(commits.map(({ offsets }) => offsets.map(({ offset }) => offset))).toEqual([[5, 6], [7]]);
});

test("the same offset is committed again where more was counted", async () => {
  const { notes, commits } = notesOn();
  notes.set("orders", 0, at(5, "before"));
  await notes.flush();
  notes.set("orders", 0, at(5, "after"));
  await notes.flush();
  expect(commits.map(({ offsets }) => offsets[0]?.metadata)).toEqual(["before", "after"]);
});

test("a text is only made for what is committed", async () => {
  const { notes } = notesOn();
  let made = 0;
  for (let offset = 0; offset < 100; offset++) notes.set("orders", 0, { offset, describe: () => `${made++}` });
  await notes.flush();
  expect(made).toBe(1);
});

test("a partition that was left to others is not committed", async () => {
  const { notes, commits } = notesOn();
  notes.set("orders", 0, at(5));
  notes.set("orders", 1, at(6));
  notes.forget("orders", 0);
  await notes.flush();
  expect(commits.flatMap(({ offsets }) => offsets.map(({ partition }) => partition))).toEqual([1]);
});

test("what brokers did not take is told to whoever asked, and committed the next time", async () => {
  const answers = [new Error("not now")];
  const { notes, commits } = notesOn(async () => {
    const error = answers.shift();
    if (error) throw error;
  });
  notes.set("orders", 0, at(5));
  await expect(notes.flush()).rejects.toThrow("not now");
  await notes.flush();
  expect(commits).toHaveLength(1);
});

test("what is noted while a request is under way is committed with the next", async () => {
  const held = Promise.withResolvers<void>();
  const { notes, commits } = notesOn(() => held.promise);
  notes.set("orders", 0, at(5));
  const first = notes.flush();
  await Promise.resolve();
  notes.set("orders", 0, at(6));
  const second = notes.flush();
  held.resolve();
  await Promise.all([first, second]);
  expect(commits.map(({ offsets }) => offsets[0]?.offset)).toEqual([5, 6]);
});

test("nobody has to ask: what was noted is committed after a moment", async () => {
  const { notes, commits } = notesOn();
  notes.set("orders", 0, at(5));
  await until(
    async () => commits.length,
    (count) => count === 1,
    10_000,
    "the commit",
  );
});
