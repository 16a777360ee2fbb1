/** What a test knows of a cluster. */

/** Power over a broker the tests started themselves. Ports and data survive all of these. */
export interface BrokerControl {
  /** Shuts the broker down in order; resolves when its process is gone. */
  stop(): Promise<void>;
  /** Ends the broker at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts a stopped broker; resolves when it answers a metadata request. */
  start(): Promise<void>;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
  /** Stops the process without closing its sockets (SIGSTOP): when it resolves, connections stay and nothing answers. */
  freeze(): Promise<void>;
  /** Undoes `freeze`. */
  thaw(): void;
}

export interface TestCluster {
  /** `host:port[,host:port]` of a listener without TLS and authentication. */
  readonly bootstrap: string;
  /** `null` where the broker is not ours to stop. */
  readonly control: BrokerControl | null;
  /** Ends the cluster and deletes its data; leaves a cluster alone that the tests did not start. Twice is fine. */
  close(): Promise<void>;
}
