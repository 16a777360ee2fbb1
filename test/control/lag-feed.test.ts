import { describe, expect, test } from "bun:test";
import { completeLink } from "../../src/control/complete-resources.ts";
import { LagFeed } from "../../src/control/lag-feed.ts";
import { emptyState } from "../../src/control/state.ts";

function feedOf(names: readonly string[]) {
  const links = names.map((name) => completeLink({ name, source: "east", destination: "west" }));
  const asked: string[] = [];
  const clock = { now: 1_000 };
  const last = ({ name: link }: { readonly name: string }) => {
    asked.push(link);
    return {
      link,
      at: new Date(clock.now).toISOString(),
      reason: null,
      partitions: [],
      total: { lagRecords: 0, lagMs: 0 },
    };
  };
  const feed = new LagFeed(
    () => ({ ...emptyState("n"), links }),
    { last },
    () => clock.now,
  );
  return { feed, asked, clock };
}

describe("LagFeed", () => {
  test("has an event for each link", () => {
    const { feed } = feedOf(["a", "b"]);
    const events = new TextDecoder().decode(feed.events()).split("\n\n");
    expect(events.map((event) => event.split("\n"))).toMatchObject([
      ["event: lag", expect.stringContaining('data: {"link":"a",')],
      ["event: lag", expect.stringContaining('data: {"link":"b",')],
      [""],
    ]);
  });

  test("is empty without links", () => {
    expect(feedOf([]).feed.events().byteLength).toBe(0);
  });

  test("is made once for all who read it at about the same time", () => {
    const { feed, asked, clock } = feedOf(["a", "b"]);
    for (let reader = 0; reader < 64; reader++) {
      feed.events();
      clock.now += 7;
    }
    expect(asked).toEqual(["a", "b"]);
  });

  test("is never older than half of the time between two events", () => {
    const { feed, clock } = feedOf(["a"]);
    feed.events();
    clock.now += 500;
    expect(new TextDecoder().decode(feed.events())).toContain(new Date(clock.now).toISOString());
  });
});
