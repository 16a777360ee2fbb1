import { expect, test } from "bun:test";
import { Observable, tap, timer } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { type PullOptions, type PullSource, pull } from "../../src/runner/pull.ts";

/** Batches are numbers and cost what they are; in marbles they are digits. */
const DIGITS = Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [String(digit), digit]));

type Run = Parameters<Parameters<TestScheduler["run"]>[0]>[0];

/** Runs a test in virtual time: a frame is a millisecond. */
function inVirtualTime(body: (run: Run) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
}

/** A source with batches in it, which gets more when `arrivals$` emits them. */
function sourceOf(batches: readonly number[], arrivals$: Observable<number>): PullSource<number> {
  const queue = [...batches];
  return { next: () => queue.shift() ?? null, ready$: arrivals$.pipe(tap((batch) => queue.push(batch))) };
}

function pulled(source: PullSource<number>, options: Partial<PullOptions<number>> & { windowBytes: number }) {
  const nothing$ = new Observable<never>();
  return pull(source, { cost: (batch) => batch, acknowledged$: nothing$, turn: () => timer(1), ...options });
}

test("reads while less than the window is unacknowledged, to the byte", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const full = pulled(sourceOf([3, 1, 1], hot<number>("-")), { windowBytes: 4 });
    expectObservable(full).toBe("31", DIGITS);
    const oneByteMore = pulled(sourceOf([3, 1, 1], hot<number>("-")), { windowBytes: 5 });
    expectObservable(oneByteMore).toBe("311", DIGITS);
  });
});

test("a batch larger than what is left of the window gets through, and nothing after it", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const batches$ = pulled(sourceOf([2, 9, 1], hot<number>("-")), { windowBytes: 3 });
    expectObservable(batches$).toBe("29", DIGITS);
  });
});

test("goes on when enough is acknowledged, and not before", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const acknowledged$ = hot("-----2--8", DIGITS);
    const batches$ = pulled(sourceOf([2, 9, 1], hot<number>("-")), { windowBytes: 3, acknowledged$ });
    expectObservable(batches$).toBe("  29------1", DIGITS);
  });
});

test("waits for the source when it has nothing", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const batches$ = pulled(sourceOf([], hot("---1---1", DIGITS)), { windowBytes: 9 });
    expectObservable(batches$).toBe("           ---1---1", DIGITS);
  });
});

test("what arrives while the window is full is left in the source until there is room", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const acknowledged$ = hot("         --------3", DIGITS);
    const source = sourceOf([3], hot("  --1-1", DIGITS));
    const batches$ = pulled(source, { windowBytes: 3, acknowledged$ });
    expectObservable(batches$).toBe("   3-------11", DIGITS);
  });
});

test("takes one turn between batches, also when the source says it is ready in between", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const source = sourceOf([1, 1], hot("-1", DIGITS));
    const batches$ = pulled(source, { windowBytes: 9, turn: () => timer(3) });
    expectObservable(batches$).toBe("    1--1--1", DIGITS);
  });
});

test("an error of the source is the stream's, after what was read before it", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const lost = new Error("lost");
    const batches = [1];
    const source = {
      ready$: hot<never>("-"),
      next: () => {
        const batch = batches.shift();
        if (batch === undefined) throw lost;
        return batch;
      },
    };
    expectObservable(pulled(source, { windowBytes: 9 })).toBe("1#", DIGITS, lost);
    const failing = { ready$: hot<never>("--#", {}, lost), next: () => null };
    expectObservable(pulled(failing, { windowBytes: 9 })).toBe("--#", DIGITS, lost);
  });
});

test("unsubscribing lets go of the source, the acknowledgements and the turn under way", () => {
  inVirtualTime(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const acknowledged$ = hot<number>("-");
    const arrivals$ = hot<number>("-");
    const turn$ = cold<number>("------1");
    const batches$ = pulled(sourceOf([1, 1], arrivals$), { windowBytes: 9, acknowledged$, turn: () => turn$ });
    expectObservable(batches$, "^---!").toBe("1", DIGITS);
    for (const { subscriptions } of [acknowledged$, arrivals$, turn$]) expectSubscriptions(subscriptions).toBe("^---!");
  });
});

test("an error lets go of the acknowledgements too", () => {
  inVirtualTime(({ hot, expectObservable, expectSubscriptions }) => {
    const acknowledged$ = hot<number>("-");
    const source = { ready$: hot<never>("--#"), next: () => null };
    expectObservable(pulled(source, { windowBytes: 9, acknowledged$ })).toBe("--#");
    expectSubscriptions(acknowledged$.subscriptions).toBe("^-!");
  });
});

test("a second subscription starts with an empty window", () => {
  inVirtualTime(({ hot, expectObservable }) => {
    const batches$ = pulled(sourceOf([3, 3, 3], hot<number>("-")), { windowBytes: 3 });
    expectObservable(batches$, "^---!").toBe("3", DIGITS);
    expectObservable(batches$, "-----^").toBe("-----3", DIGITS);
  });
});
