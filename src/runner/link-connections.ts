/** Everything a runner holds open towards the two clusters of its link. */

import { type Observable, Subject } from "rxjs";
import { resolveProperties } from "../config/secret-reference.ts";
import type { StraitError } from "../model/errors.ts";
import { groupOf, memberOf } from "../model/progress.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import { BlockingCalls } from "../rdkafka/blocking-calls.ts";
import type { ClientError, Properties } from "../rdkafka/client.ts";
import { type NativeLibrary, openLibrary } from "../rdkafka/library.ts";
import { Membership } from "../rdkafka/membership.ts";
import { Producer } from "../rdkafka/producer.ts";
import { RecordReader } from "../rdkafka/reader.ts";
import { Wakeup } from "../rdkafka/wakeup.ts";
import { SharedProducer } from "../sinks/shared-producer.ts";
import { ClusterClient } from "../wire/cluster-client.ts";
import type { EvidenceStore } from "./evidence-ledger.ts";
import { evidenceTopic } from "./evidence-topic.ts";
import { MirrorConnections } from "./mirror-connections.ts";
import { ProgressNotes } from "./progress-notes.ts";

export type Side = "source" | "destination";

/** An error a client reported by itself, with the side of the link it is about. */
export interface ConnectionError {
  readonly side: Side;
  readonly error: StraitError;
  /** The runner cannot go on with this client. */
  readonly fatal: boolean;
}

export class LinkConnections {
  readonly source: ClusterClient;
  readonly destination: ClusterClient;
  readonly membership: Membership;
  /** What mode mirror and the quarantine use. */
  readonly mirrors: MirrorConnections;
  readonly notes: ProgressNotes;
  readonly evidence: EvidenceStore;
  /** Names this strait installation. */
  readonly nodeId: string;
  readonly #library: NativeLibrary;
  readonly #wakeup: Wakeup;
  readonly #blocking: BlockingCalls;
  readonly #sourceProperties: Properties;
  readonly #destinationProperties: Properties;
  readonly #errors = new Subject<ConnectionError>();
  #reader: RecordReader | null = null;
  #shared: SharedProducer | null = null;

  private constructor(
    library: NativeLibrary,
    wakeup: Wakeup,
    plan: LinkPlan,
    sourceProperties: Properties,
    destinationProperties: Properties,
  ) {
    this.#library = library;
    this.#wakeup = wakeup;
    this.#blocking = new BlockingCalls(library);
    this.#sourceProperties = named(plan, sourceProperties);
    this.#destinationProperties = named(plan, destinationProperties);
    this.source = new ClusterClient(plan.source, { clientId: clientId(plan) });
    this.destination = new ClusterClient(plan.destination, { clientId: clientId(plan) });
    this.nodeId = plan.nodeId;
    this.mirrors = new MirrorConnections(plan, this.destination);
    this.notes = new ProgressNotes(this.destination, plan.link.name);
    this.evidence = evidenceTopic(plan.link.name, this.destination, this.mirrors.destination);
    this.membership = new Membership(library, wakeup, this.#sourceProperties, {
      groupId: groupOf(plan.link.name),
      memberName: memberOf(plan.nodeId),
    });
    this.#listen("source", this.membership.errors$, true);
  }

  /** Opens librdkafka and resolves the secrets. Rejects with `configuration`, `secret-unavailable` or `library-*`. */
  static async open(plan: LinkPlan): Promise<LinkConnections> {
    const library = await openLibrary();
    const [source, destination] = await Promise.all([
      resolveProperties(plan.source.properties),
      resolveProperties(plan.destination.properties),
    ]);
    return new LinkConnections(library, await Wakeup.open(library), plan, source, destination);
  }

  /** Errors the clients report by themselves. */
  get errors$(): Observable<ConnectionError> {
    return this.#errors.asObservable();
  }

  /** What reads records in mode append; made when first asked for. */
  get reader(): RecordReader {
    if (this.#reader === null) {
      this.#reader = new RecordReader(this.#library, this.#wakeup, this.#sourceProperties);
      this.#listen("source", this.#reader.errors$, true);
    }
    return this.#reader;
  }

  /** A transactional producer of its own for whoever asks; to be closed by them. */
  transactionalProducer(transactionalId: string): Producer {
    const properties = this.#destinationProperties;
    const producer = new Producer(this.#library, this.#wakeup, this.#blocking, properties, { transactionalId });
    this.#listen("destination", producer.errors$);
    return producer;
  }

  /** The idempotent producer to the destination that all who write without transactions share. */
  sharedProducer(): SharedProducer {
    if (this.#shared === null) {
      const properties = this.#destinationProperties;
      this.#shared = new SharedProducer(
        this.#library,
        (options) => new Producer(this.#library, this.#wakeup, this.#blocking, properties, options),
      );
      this.#listen("destination", this.#shared.errors$, true);
    }
    return this.#shared;
  }

  async close(): Promise<void> {
    this.membership.close();
    this.#reader?.close();
    this.#shared?.close();
    this.mirrors.close();
    this.notes.close();
    this.#blocking.close();
    await Promise.all([this.source.close(), this.destination.close()]);
    this.#wakeup.close();
  }

  /** A partition's own producer that is of no use fails its partition, which gets a new one; what all share ends the runner. */
  #listen(side: Side, errors$: Observable<ClientError>, canEndRunner = false): void {
    errors$.subscribe(({ error, fatal }) => this.#errors.next({ side, error, fatal: fatal && canEndRunner }));
  }
}

const clientId = (plan: LinkPlan) => `strait-${plan.link.name}`;
/** The name brokers see in their logs and quotas, unless the operator chose one. */
const named = (plan: LinkPlan, properties: Properties): Properties => ({ "client.id": clientId(plan), ...properties });
