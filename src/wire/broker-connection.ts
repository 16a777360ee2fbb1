/** One connection to a broker, whose requests fail in strait's words. */

import type { Socket } from "node:net";
import {
  type API,
  apiVersionsV0,
  Connection,
  createAPI,
  protocolAPIsById,
  ResponseError,
  Writer,
} from "@platformatic/kafka";
import { StraitError } from "../model/errors.ts";
import { connectionError } from "./connection-error.ts";
import type { BrokerAddress, ConnectionSettings } from "./connection-options.ts";
import { RoundTrip } from "./distance.ts";
import type { Exchange, RequestKind } from "./exchange.ts";
import { remaining } from "./remaining.ts";

interface Versions {
  readonly minVersion: number;
  readonly maxVersion: number;
}

export class BrokerConnection implements Exchange {
  /** `host:port`, as messages name it. */
  readonly address: string;
  readonly roundTrip: RoundTrip;
  readonly #connection: Connection;
  readonly #versions: ReadonlyMap<number, Versions>;

  private constructor(
    address: string,
    connection: Connection,
    versions: ReadonlyMap<number, Versions>,
    roundTrip: RoundTrip,
  ) {
    this.address = address;
    this.roundTrip = roundTrip;
    this.#connection = connection;
    this.#versions = versions;
  }

  /** Connects, authenticates and asks which requests the broker takes; each step is bounded by `timeoutMs`. */
  static async open(
    broker: BrokerAddress,
    address: string,
    settings: ConnectionSettings,
    timeoutMs: number,
  ): Promise<BrokerConnection> {
    const options = settings.optionsFor(broker.host);
    const connection = new Connection(settings.clientId, {
      ...options,
      connectTimeout: Math.min(options.connectTimeout ?? timeoutMs, timeoutMs),
      requestTimeout: Math.min(options.requestTimeout ?? timeoutMs, timeoutMs),
    });
    connection.on("error", () => {}); // an error event fails the request that waits; without listener it would be thrown
    try {
      await connection.connect(broker.host, broker.port);
      // Version 0 because brokers that do not know a newer one answer in version 0 whatever was asked.
      const roundTrip = new RoundTrip();
      const sentAt = performance.now();
      const { apiKeys } = await apiVersionsV0.api.async(connection, "strait", "");
      roundTrip.answered(sentAt);
      return new BrokerConnection(address, connection, new Map(apiKeys.map((api) => [api.apiKey, api])), roundTrip);
    } catch (thrown) {
      connection.socket?.destroy();
      throw connectionError(address, thrown, { tls: options.tls !== undefined });
    }
  }

  get usable(): boolean {
    return this.#connection.isConnected();
  }

  /** Whether the broker takes this request in this version. */
  offers(api: { readonly key: number; readonly version: number }): boolean {
    const versions = this.#versions.get(api.key);
    return versions !== undefined && versions.minVersion <= api.version && api.version <= versions.maxVersion;
  }

  /**
   * Sends a request and resolves with the answer, error numbers in it included: what they mean differs from request to
   * request. Rejects where there is no answer.
   */
  async request<Arguments extends unknown[], Answer>(api: API<Arguments, Answer>, ...args: Arguments): Promise<Answer> {
    if (!this.offers(api)) {
      const name = protocolAPIsById[api.key as keyof typeof protocolAPIsById];
      throw new StraitError("kafka", `${this.address} does not offer ${name} in version ${api.version}`);
    }
    const sentAt = performance.now();
    try {
      const answer = await api.async(this.#connection, ...args);
      this.roundTrip.answered(sentAt);
      return answer;
    } catch (thrown) {
      if (thrown instanceof ResponseError) return (thrown as unknown as { response: Answer }).response;
      throw connectionError(this.address, thrown);
    }
  }

  /** Sends a request that strait encodes itself. */
  exchange({ key, version, flexible }: RequestKind, parts: readonly Buffer[]): Promise<Buffer> {
    const writer = Writer.create();
    for (const part of parts) writer.append(part);
    const api = createAPI<[], Buffer>(
      key,
      version,
      () => writer,
      (_correlationId, _apiKey, _apiVersion, reader) => remaining(reader),
      flexible,
      flexible,
    );
    return this.request(api);
  }

  /**
   * Hands the socket over to somebody who reads and writes in the library's place, for good. The library still tells when
   * the connection ends. Where a broker wants credentials again (connections.max.reauth.ms), the connection ends then.
   */
  takeOver(received: (chunk: Buffer) => void): Socket {
    const { socket } = this.#connection;
    socket.removeAllListeners("data");
    socket.removeAllListeners("drain");
    socket.on("data", received);
    return socket;
  }

  /** Calls `listener` once when the connection ends, for whatever reason. */
  whenClosed(listener: () => void): void {
    this.#connection.once("close", listener);
  }

  /** Ends the connection at once; what still waits for an answer fails. */
  close(): void {
    this.#connection.socket.destroy();
  }
}
