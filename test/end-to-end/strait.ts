/** strait as an operator has it, for a test: a control process with real runners, spoken to over HTTP. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type RunningControl, startControl } from "../../src/control/server.ts";
import type { Evidence, LinkState, PartitionState } from "../../src/model/status.ts";
import { clusters, type TestClusters } from "../support/clusters.ts";

export interface PartitionLag {
  readonly mapping: string;
  readonly topic: string;
  readonly partition: number;
  readonly state: PartitionState;
  readonly reason: string | null;
  readonly sourceStartOffset: number;
  readonly sourceEndOffset: number;
  readonly nextOffset: number | null;
  readonly lagRecords: number;
  readonly lagMs: number;
}

export interface Lag {
  readonly reason: string | null;
  readonly partitions: readonly PartitionLag[];
  readonly total: { readonly lagRecords: number; readonly lagMs: number };
}

export interface LinkAnswer {
  readonly state: LinkState;
  readonly reason: string | null;
}

export interface StraitOptions {
  /** Default: a new one, deleted on close. */
  readonly stateDirectory?: string;
  readonly filterDirectories?: readonly string[];
  readonly heartbeatTimeoutMs?: number;
  /** Default: any free one. */
  readonly port?: number;
}

export class Strait {
  readonly control: RunningControl;
  readonly #stateDirectory: string;
  readonly #keepState: boolean;

  private constructor(control: RunningControl, stateDirectory: string, keepState: boolean) {
    this.control = control;
    this.#stateDirectory = stateDirectory;
    this.#keepState = keepState;
  }

  static async start(options: StraitOptions = {}): Promise<Strait> {
    const {
      stateDirectory,
      filterDirectories = [import.meta.dirname],
      heartbeatTimeoutMs = 10_000,
      port = 0,
    } = options;
    const directory = stateDirectory ?? (await mkdtemp(join(tmpdir(), "strait-test-")));
    const control = await startControl({
      listen: { host: "127.0.0.1", port },
      stateDirectory: directory,
      filterDirectories,
      log: pino({ level: "silent" }),
      // Tests kill runners often; the growing delay between restarts has tests of its own.
      supervisor: { restartDelay: () => 100, heartbeatTimeoutMs },
    });
    return new Strait(control, directory, stateDirectory !== undefined);
  }

  async close(): Promise<void> {
    await this.control.close();
    if (!this.#keepState) await rm(this.#stateDirectory, { recursive: true, force: true });
  }

  /** Sends a request and returns the answer's body; throws with the body when the status is not the expected kind. */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.control.url}/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  }

  /** Adds both clusters as east and west. */
  async addClusters(east: string, west: string): Promise<void> {
    for (const [name, region, bootstrap] of [
      ["east", "eu", east],
      ["west", "us", west],
    ]) {
      await this.send("PUT", `/clusters/${name}`, { region, properties: { "bootstrap.servers": bootstrap } });
    }
  }

  lag(link: string): Promise<Lag> {
    return this.send<Lag>("GET", `/links/${link}/lag`);
  }

  link(link: string): Promise<LinkAnswer> {
    return this.send<LinkAnswer>("GET", `/links/${link}`);
  }

  async evidence(link: string): Promise<Evidence | null> {
    const { mappings } = await this.send<{ mappings: { evidence: Evidence | null }[] }>(
      "GET",
      `/links/${link}/evidence`,
    );
    return mappings[0]?.evidence ?? null;
  }

  /** Waits until a lag answer fits; throws with the last one when it does not in time. */
  async lagUntil(link: string, fits: (lag: Lag) => boolean, timeoutMs = 60_000): Promise<Lag> {
    return until(() => this.lag(link), fits, timeoutMs, `the lag of ${link}`);
  }

  /** Waits until a link's answer fits. */
  async linkUntil(link: string, fits: (link: LinkAnswer) => boolean, timeoutMs = 60_000): Promise<LinkAnswer> {
    return until(() => this.link(link), fits, timeoutMs, `link ${link}`);
  }

  /** Ends a link's runner without warning. False if there is none at the moment. */
  killRunner(link: string): boolean {
    const pid = this.control.supervisor.snapshot(link)?.pid;
    if (pid === undefined || pid === null) return false;
    process.kill(pid, "SIGKILL");
    return true;
  }
}

/** A strait that knows both clusters of the test run as east and west. */
export async function straitBetweenClusters(
  options: StraitOptions = {},
): Promise<{ readonly brokers: TestClusters; readonly strait: Strait }> {
  const brokers = await clusters();
  const strait = await Strait.start(options);
  await strait.addClusters(brokers.east.bootstrap, brokers.west.bootstrap);
  return { brokers, strait };
}

/** Asks until the answer fits, at most for `timeoutMs`. */
export async function until<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${what} is not as expected in time: ${JSON.stringify(answer)}`);
    await Bun.sleep(50);
  }
}
