/** Membership in a consumer group, for its assignment only: this client reads nothing. */

import { type Observable, Subject } from "rxjs";
import { type ClientError, NativeClient, type Properties } from "./client.ts";
import { EVENT } from "./layout.ts";
import type { NativeLibrary } from "./library.ts";
import { errorFromStatus, STATUS, throwError } from "./status.ts";
import { type PartitionOffset, readPartitionList, type TopicPartition, withPartitionList } from "./topic-partitions.ts";
import type { Wakeup } from "./wakeup.ts";

const OWN_PROPERTIES = {
  "enable.auto.commit": "false",
  "enable.auto.offset.store": "false",
  "auto.offset.reset": "error",
  // Partitions that stay with a member never stop for a rebalance.
  "partition.assignment.strategy": "cooperative-sticky",
} as const;

const DEFAULTS = {
  "session.timeout.ms": "10000",
  "heartbeat.interval.ms": "3000",
  // New partitions and topics are seen this soon.
  "topic.metadata.refresh.interval.ms": "10000",
} as const;

/** A change of what this member is to copy. */
export type AssignmentChange =
  | { readonly type: "assigned"; readonly partitions: readonly TopicPartition[] }
  /**
   * Partitions to give up. The group waits until `done` is called: until then nobody else gets them. `lost` says that it
   * did not wait: somebody else may have them already.
   */
  | {
      readonly type: "revoked";
      readonly partitions: readonly TopicPartition[];
      readonly lost: boolean;
      readonly done: () => void;
    };

export interface MembershipOptions {
  readonly groupId: string;
  /** Names this member for good: after a restart it gets its partitions back without a rebalance. */
  readonly memberName: string;
}

export class Membership {
  readonly #client: NativeClient;
  readonly #library: NativeLibrary;
  readonly #changes = new Subject<AssignmentChange>();
  /** Gives the partitions up that the group waits for; null where it waits for none. */
  #giveUp: (() => void) | null = null;

  constructor(library: NativeLibrary, wakeup: Wakeup, properties: Properties, options: MembershipOptions) {
    this.#library = library;
    const own = { ...OWN_PROPERTIES, "group.id": options.groupId, "group.instance.id": options.memberName };
    this.#client = new NativeClient(
      library,
      wakeup,
      "consumer",
      { ...DEFAULTS, ...properties, ...own },
      EVENT.REBALANCE,
      (event, type) => {
        if (type === EVENT.REBALANCE) this.#rebalance(event);
      },
    );
  }

  get changes$(): Observable<AssignmentChange> {
    return this.#changes.asObservable();
  }

  get errors$(): Observable<ClientError> {
    return this.#client.errors$;
  }

  /** Replaces the topics of this member. Partitions of topics that stay are not touched. */
  subscribe(topics: readonly string[]): void {
    this.#client.requireOpen();
    // -1 is RD_KAFKA_PARTITION_UA: all partitions.
    const wanted = topics.map((topic) => ({ topic, partition: -1 }));
    withPartitionList(this.#library, this.#client.handle, wanted, (list) => {
      // An empty list is not a subscription to librdkafka.
      const status =
        topics.length === 0
          ? this.#library.rd_kafka_unsubscribe(this.#client.handle)
          : this.#library.rd_kafka_subscribe(this.#client.handle, list);
      if (status !== STATUS.OK) throw errorFromStatus(this.#library, status, "joining the consumer group");
    });
  }

  /** Commits positions to the group, for tools that show lag; in the background, the outcome is not awaited. */
  commit(offsets: readonly PartitionOffset[]): void {
    if (this.#client.closed || offsets.length === 0) return;
    withPartitionList(this.#library, this.#client.handle, offsets, (list) =>
      this.#library.rd_kafka_commit(this.#client.handle, list, 1),
    );
  }

  /** Ends the client without leaving the group: its name keeps its partitions for the session timeout. */
  close(): void {
    this.#changes.complete();
    // The group waits for an answer, and nobody else gives one any more.
    this.#giveUp?.();
    this.#client.closeMember();
  }

  #rebalance(event: number): void {
    const library = this.#library;
    const partitions = readPartitionList(library, library.rd_kafka_event_topic_partition_list(event));
    if (library.rd_kafka_event_error(event) === STATUS.ASSIGN_PARTITIONS) {
      this.#answer("rd_kafka_incremental_assign");
      this.#changes.next({ type: "assigned", partitions });
      return;
    }
    const lost = library.rd_kafka_assignment_lost(this.#client.handle) !== 0;
    const done = () => {
      if (this.#giveUp !== done) return;
      this.#giveUp = null;
      this.#answer("rd_kafka_incremental_unassign");
    };
    this.#giveUp = done;
    if (this.#client.closed) done();
    else this.#changes.next({ type: "revoked", partitions, lost, done });
  }

  /** Tells librdkafka that the change was taken note of. The list is empty because this client fetches nothing itself. */
  #answer(call: "rd_kafka_incremental_assign" | "rd_kafka_incremental_unassign"): void {
    withPartitionList(this.#library, this.#client.handle, [], (list) =>
      throwError(this.#library, this.#library[call](this.#client.handle, list), "answering a rebalance"),
    );
  }
}
