/** Requests whose encoding and answers are strait's own affair, sent over any connection. */

/** A request of the Kafka protocol in one version. */
export interface RequestKind {
  readonly key: number;
  readonly version: number;
  /** Whether its headers have tagged fields (KIP-482). */
  readonly flexible: boolean;
}

/** What can send such requests. Requests go out in the order of the calls, and answers come in it. */
export interface Exchange {
  /** `host:port`, as messages name it. */
  readonly address: string;
  /** Whether the broker takes this request in this version. */
  offers(kind: Pick<RequestKind, "key" | "version">): boolean;
  /**
   * Sends a request and resolves with the bytes of the answer behind its header, of which nobody else knows. The request is
   * on its way when this returns; its parts must not change until the answer is there. Rejects where there is none. `take`
   * may give memory for the answer, at least as large as asked for; not every connection asks.
   */
  exchange(kind: RequestKind, parts: readonly Buffer[], take?: (length: number) => Buffer): Promise<Buffer>;
}
