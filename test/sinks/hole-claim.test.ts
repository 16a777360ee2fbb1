import { expect, test } from "bun:test";
import { type ClaimStore, HoleClaim } from "../../src/sinks/hole-claim.ts";

interface Kept {
  readonly offset: number;
  readonly metadata: string;
}

/** A store in memory that counts what is written to it. */
function memory(kept: Kept | null = null) {
  let now = kept;
  const written: Kept[] = [];
  const store: ClaimStore = {
    read: async () => now,
    write: async (offset, metadata) => {
      now = { offset, metadata };
      written.push(now);
    },
  };
  return { store, written };
}

/** The claim of a runner of another installation. */
function claimOfOther(offset: number, ageMs: number): Kept {
  return { offset, metadata: JSON.stringify({ id: "theirs", node: "other", at: Date.now() - ageMs }) };
}

const seenNone = async () => -1;
const seen = (epoch: number) => async () => epoch;

/** A claim of this installation, with what it waited, which is no time. */
function claimOn(store: ClaimStore, node = "here") {
  const waits: number[] = [];
  const claim = new HoleClaim({
    store,
    node,
    wait: async (ms) => {
      waits.push(ms);
    },
  });
  return { claim, waits };
}

test("the first claim has an epoch above what the partition has seen", async () => {
  expect(await claimOn(memory().store).claim.epoch(seenNone)).toBe(0);
  expect(await claimOn(memory().store).claim.epoch(seen(41))).toBe(42);
});

test("a claim that stands keeps its epoch and is not written again", async () => {
  const { store, written } = memory();
  const { claim } = claimOn(store);
  const epochs = [await claim.epoch(seenNone), await claim.epoch(seen(0)), await claim.epoch(seen(0))];
  expect([epochs, written.length]).toEqual([[0, 0, 0], 1]);
});

test("the next runner of the installation takes the claim over at once, and the one before has lost it", async () => {
  const { store } = memory();
  const before = claimOn(store);
  const after = claimOn(store);
  expect(await before.claim.epoch(seenNone)).toBe(0);
  expect([await after.claim.epoch(seen(0)), after.waits]).toEqual([1, [100]]);
  expect(await before.claim.epoch(seen(1))).toBeNull();
  expect(await after.claim.epoch(seen(1))).toBe(1);
});

test("a young claim of another installation is left alone", async () => {
  const { store, written } = memory(claimOfOther(7, 500));
  expect(await claimOn(store).claim.epoch(seen(7))).toBeNull();
  expect(written).toEqual([]);
});

test("an old claim of another installation is taken over once its markers must have arrived", async () => {
  const { store, written } = memory(claimOfOther(7, 10_000));
  const { claim, waits } = claimOn(store);
  expect([await claim.epoch(seen(7)), waits, written.length]).toEqual([8, [1000], 1]);
});

test("an epoch is above that of the claim before also where no marker of it was seen", async () => {
  expect(await claimOn(memory(claimOfOther(30, 10_000)).store).claim.epoch(seenNone)).toBe(31);
});

test("what is no claim is nobody's, and whoever wrote it is waited for", async () => {
  const { claim, waits } = claimOn(memory({ offset: 3, metadata: "committed by hand" }).store);
  expect([await claim.epoch(seenNone), waits]).toEqual([4, [1000]]);
});

test("whoever loses the claim while it waits for markers to arrive has none", async () => {
  const { store } = memory(claimOfOther(7, 10_000));
  const contested = new HoleClaim({
    store,
    node: "here",
    wait: () => store.write(9, claimOfOther(9, 0).metadata),
  });
  expect(await contested.epoch(seen(7))).toBeNull();
});

test("of two first claims at the same moment, the later one waits for what the other may have sent", async () => {
  const { store } = memory();
  const held = Promise.withResolvers<void>();
  const slow: ClaimStore = {
    read: store.read,
    write: async (offset, metadata) => {
      await held.promise;
      await store.write(offset, metadata);
    },
  };
  const late = claimOn(slow, "there");
  const taken = late.claim.epoch(seenNone);
  const early = claimOn(store);
  expect(await early.claim.epoch(seenNone)).toBe(0);
  held.resolve();
  expect([await taken, late.waits]).toEqual([0, [1000]]);
  expect(await early.claim.epoch(seenNone)).toBeNull();
});
