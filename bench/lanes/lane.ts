/** What is compared: ways to copy a topic, each in a process of its own. */

import type { Compression } from "../../test/support/record-batch.ts";

export interface Lane {
  /** For the option `--only`. */
  readonly name: string;
  /** For the tables. */
  readonly label: string;
  /** Markers of transactions take offsets of their own at its destination. */
  readonly transactional: boolean;
  /** Its copies are redacted with `ORDER_REDACTION`. */
  readonly redacts: boolean;
  /** Its copies have the offsets of the source. */
  readonly keepsOffsets: boolean;
  /** Whether it makes its destination topic itself. The others find it made. */
  readonly makesTopic: boolean;
  /** Starts the process. Resolves as soon as there is one, which may be long before it copies. */
  start(job: CopyJob): Promise<RunningLane>;
}

export interface CopyJob {
  /** No other job has it; letters and digits. */
  readonly id: string;
  /** `host:port[,host:port]` */
  readonly source: string;
  readonly destination: string;
  readonly topic: string;
  /** The name of the copy, for those that can choose one. */
  readonly destinationTopic: string;
  /** Of the source's batches, and what the copy's batches shall have. */
  readonly compression: Compression;
}

export interface RunningLane {
  readonly pid: number;
  readonly destinationTopic: string;
  /** Never resolves; rejects when the copying ends by itself or cannot go on, saying why. */
  readonly failed: Promise<never>;
  /** Ends the process and waits for that. */
  stop(): Promise<void>;
}
