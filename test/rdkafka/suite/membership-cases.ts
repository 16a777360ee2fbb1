/** Consumer group membership: who gets which partitions, and when. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { filter, ReplaySubject, type Subscription } from "rxjs";
import type { AssignmentChange, Membership } from "../../../src/rdkafka/membership.ts";
import type { TopicPartition } from "../../../src/rdkafka/topic-partitions.ts";
import { clientOf } from "../../support/cluster-client.ts";
import { createTopic, uniqueName } from "../../support/topics.ts";
import type { BindingCase } from "./binding-case.ts";
import { openMember } from "./open.ts";
import { firstOf, until } from "./wait.ts";

export const membershipCases: readonly BindingCase[] = [
  {
    title: "the only member is assigned all partitions of its topics",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 3 });
      using member = openMember(context, uniqueName("group"), "a");
      using changes = new Changes(member);

      member.subscribe([topic]);

      deepStrictEqual(numbers(await changes.next("assigned")), [0, 1, 2]);
    },
  },
  {
    title: "a second member gets its share once the first is done with it, and the rest stays where it is",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 4 });
      const group = uniqueName("group");
      using first = openMember(context, group, "a");
      using firstChanges = new Changes(first);
      first.subscribe([topic]);
      await firstChanges.next("assigned");

      using second = openMember(context, group, "b");
      using secondChanges = new Changes(second);
      second.subscribe([topic]);
      const revoked = await firstChanges.next("revoked");
      // The group is whole again, and the second member has nothing as long as the first is not done.
      deepStrictEqual(numbers(await secondChanges.next("assigned")), []);
      strictEqual(revoked.lost, false);
      strictEqual(revoked.partitions.length, 2);
      revoked.done();

      deepStrictEqual(numbers(await secondChanges.next("assigned")), numbers(revoked));
    },
  },
  {
    title: "a member that comes back under its name gets its partitions without waiting for the session to end",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 3 });
      const group = uniqueName("group");
      // Longer than this case waits for anything.
      const properties = { "session.timeout.ms": "120000" };
      const before = openMember(context, group, "a", properties);
      const changesBefore = new Changes(before);
      before.subscribe([topic]);
      await changesBefore.next("assigned");
      before.close();

      using after = openMember(context, group, "a", properties);
      using changesAfter = new Changes(after);
      after.subscribe([topic]);

      deepStrictEqual(numbers(await changesAfter.next("assigned")), [0, 1, 2]);
    },
  },
  {
    title: "a member whose name is taken over is told so",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared");
      const group = uniqueName("group");
      using first = openMember(context, group, "a");
      using firstChanges = new Changes(first);
      const errors$ = new ReplaySubject<{ error: { code: string }; fatal: boolean }>();
      first.errors$.subscribe(errors$);
      first.subscribe([topic]);
      await firstChanges.next("assigned");

      using second = openMember(context, group, "a");
      using secondChanges = new Changes(second);
      second.subscribe([topic]);
      await secondChanges.next("assigned");

      const { error } = await firstOf(errors$, "fatal error", ({ fatal }) => fatal);
      strictEqual(error.code, "fenced");
    },
  },
  {
    title: "a topic that is added leaves the partitions of the others alone",
    run: async (context) => {
      const kept = await createTopic(context.cluster, "kept", { partitions: 2 });
      const added = await createTopic(context.cluster, "added", { partitions: 2 });
      using member = openMember(context, uniqueName("group"), "a");
      using changes = new Changes(member);
      member.subscribe([kept]);
      await changes.next("assigned");

      member.subscribe([kept, added]);

      deepStrictEqual(sorted((await changes.next("assigned")).partitions), [
        { topic: added, partition: 0 },
        { topic: added, partition: 1 },
      ]);
      strictEqual(changes.revoked, 0);
    },
  },
  {
    title: "a member without topics gives up its partitions, and gets them again with its topics",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 2 });
      using member = openMember(context, uniqueName("group"), "a");
      using changes = new Changes(member);
      member.subscribe([topic]);
      await changes.next("assigned");

      member.subscribe([]);
      const revoked = await changes.next("revoked");
      revoked.done();
      deepStrictEqual(numbers(revoked), [0, 1]);
      member.subscribe([topic]);

      deepStrictEqual(numbers(await changes.next("assigned")), [0, 1]);
    },
  },
  {
    title: "being done twice, and after the member is closed, is fine",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared");
      using member = openMember(context, uniqueName("group"), "a");
      using changes = new Changes(member);
      member.subscribe([topic]);
      await changes.next("assigned");
      member.subscribe([]);
      const revoked = await changes.next("revoked");

      revoked.done();
      revoked.done();
      member.close();
      revoked.done();
    },
  },
  {
    title: "a member can be closed before it has heard of its assignment",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared");
      const member = openMember(context, uniqueName("group"), "a");
      const changes: AssignmentChange[] = [];
      member.changes$.subscribe((change) => changes.push(change));
      member.subscribe([topic]);
      // The group assigns while this thread is busy, so that the news waits in the queue.
      const end = Date.now() + 2000;
      while (Date.now() < end);

      member.close();

      deepStrictEqual(changes, []);
    },
  },
  {
    title: "a member can be closed while it is asked to give partitions up",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 2 });
      const member = openMember(context, uniqueName("group"), "a");
      using changes = new Changes(member);
      member.subscribe([topic]);
      await changes.next("assigned");
      member.subscribe([]);
      await changes.next("revoked");

      member.close();
    },
  },
  {
    title: "positions are committed for the group",
    run: async (context) => {
      const topic = await createTopic(context.cluster, "shared", { partitions: 2 });
      const group = uniqueName("group");
      using member = openMember(context, group, "a");
      using changes = new Changes(member);
      member.subscribe([topic]);
      await changes.next("assigned");

      member.commit([
        { topic, partition: 0, offset: 3_000_000_000 },
        { topic, partition: 1, offset: 7 },
      ]);

      await using client = clientOf(context.cluster.bootstrap);
      await until("the positions are committed", async () => {
        const offsets = (await client.committedOffsets(group, new Map([[topic, [0, 1]]]))).get(topic);
        return offsets?.get(0)?.offset === 3_000_000_000 && offsets.get(1)?.offset === 7;
      });
    },
  },
];

/** The changes of a member, also those that nobody waited for yet. */
class Changes implements Disposable {
  readonly #subscription: Subscription;
  readonly #unseen: AssignmentChange[] = [];
  readonly #arrived = new ReplaySubject<void>(1);
  /** How often partitions were taken away. */
  revoked = 0;

  constructor(member: Membership) {
    this.#subscription = member.changes$.subscribe((change) => {
      if (change.type === "revoked") this.revoked++;
      this.#unseen.push(change);
      this.#arrived.next();
    });
  }

  /** The next change; fails where it is of another type. */
  async next<Type extends AssignmentChange["type"]>(type: Type): Promise<AssignmentChange & { readonly type: Type }> {
    await firstOf(this.#arrived.pipe(filter(() => this.#unseen.length > 0)), `change "${type}" of the assignment`);
    const change = this.#unseen.shift() as AssignmentChange;
    if (change.type !== type) throw new Error(`expected partitions to be ${type}, they were ${change.type}`);
    return change as AssignmentChange & { readonly type: Type };
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
  }
}

const sorted = (partitions: readonly TopicPartition[]) =>
  partitions.toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
const numbers = ({ partitions }: AssignmentChange) => sorted(partitions).map(({ partition }) => partition);
