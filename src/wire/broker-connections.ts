/** Connections to the brokers of one cluster: opened when needed, shared by requests, forgotten when they break. */

import { StraitError } from "../model/errors.ts";
import type { BrokerConnection } from "./broker-connection.ts";
import { noneUsable } from "./connection-error.ts";
import type { BrokerAddress, ConnectionSettings } from "./connection-options.ts";

/** What a connection has to be to be kept here. */
export interface KeptConnection {
  readonly usable: boolean;
  whenClosed(listener: () => void): void;
  close(): void;
}

export interface BrokerConnectionsOptions<Kept extends KeptConnection> {
  /** Asked anew for each connection, so that a changed secret is taken up. */
  readonly settings: () => Promise<ConnectionSettings>;
  /** The longest that connecting and each request may take, milliseconds. */
  readonly timeoutMs: number;
  /** Opens one. */
  readonly open: (
    broker: BrokerAddress,
    address: string,
    settings: ConnectionSettings,
    timeoutMs: number,
  ) => Promise<Kept>;
}

export class BrokerConnections<Kept extends KeptConnection = BrokerConnection> {
  readonly #options: BrokerConnectionsOptions<Kept>;
  readonly #opening = new Map<string, Promise<Kept>>();
  readonly #open = new Map<string, Kept>();
  #closed = false;

  constructor(options: BrokerConnectionsOptions<Kept>) {
    this.#options = options;
  }

  /** A connection to this broker. Rejects with the reason why there is none. */
  async to(broker: BrokerAddress): Promise<Kept> {
    if (this.#closed) throw new StraitError("closed", "the cluster client is closed");
    const address = addressOf(broker);
    const open = this.#open.get(address);
    if (open !== undefined) return open;
    const opening = this.#opening.get(address) ?? this.#connect(broker).finally(() => this.#opening.delete(address));
    this.#opening.set(address, opening);
    return await opening;
  }

  /** A connection to any broker: one that is open, otherwise whichever bootstrap server is the first to answer. */
  async toAny(): Promise<Kept> {
    const [open] = this.#open.values();
    return open ?? (await this.toFirst((await this.#options.settings()).bootstrap));
  }

  /** A connection to whichever of these is the first to answer. */
  async toFirst(brokers: readonly BrokerAddress[]): Promise<Kept> {
    const failures: StraitError[] = [];
    const attempts = brokers.map(async (broker, i) => {
      try {
        return await this.to(broker);
      } catch (error) {
        failures[i] = error as StraitError;
        throw error;
      }
    });
    try {
      return await Promise.any(attempts);
    } catch {
      throw noneUsable(brokers.map(addressOf), failures);
    }
  }

  /** Closes every connection; what still waits for an answer fails. Twice is fine. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#open.values()) connection.close();
    this.#open.clear();
  }

  async #connect(broker: BrokerAddress): Promise<Kept> {
    const address = addressOf(broker);
    const settings = await this.#options.settings();
    const connection = await this.#options.open(broker, address, settings, this.#options.timeoutMs);
    if (this.#closed) connection.close();
    if (!connection.usable)
      throw new StraitError("cluster-unreachable", `${address}: the connection broke at once`, { retriable: true });
    this.#open.set(address, connection);
    connection.whenClosed(() => this.#open.delete(address));
    return connection;
  }
}

function addressOf({ host, port }: BrokerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
