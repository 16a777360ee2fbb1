/** Counts wrong tokens by client, so that nobody can try them quickly or fill the log. */

export interface FailedAttemptsOptions {
  /** How many in a minute are answered as what they are. Default 10. */
  readonly perMinute?: number;
  /** So many clients are remembered; a further one makes the one forgotten that failed first. Default 10,000. */
  readonly maxClients?: number;
  /** Milliseconds since the epoch. Default: the clock. */
  readonly now?: () => number;
}

interface Minute {
  readonly since: number;
  readonly count: number;
}

const MINUTE_MS = 60_000;

export class FailedAttempts {
  readonly #perMinute: number;
  readonly #maxClients: number;
  readonly #now: () => number;
  /** Oldest first. */
  readonly #minutes = new Map<string, Minute>();

  constructor({ perMinute = 10, maxClients = 10_000, now = Date.now }: FailedAttemptsOptions = {}) {
    this.#perMinute = perMinute;
    this.#maxClients = maxClients;
    this.#now = now;
  }

  /** How many clients are remembered. */
  get size(): number {
    return this.#minutes.size;
  }

  /** Counts one. Returns how long the client has to wait, milliseconds: 0 unless it has failed too often. */
  count(address: string): number {
    const now = this.#now();
    const client = networkOf(address);
    const last = this.#minutes.get(client);
    const isOver = last === undefined || last.since + MINUTE_MS <= now;
    const minute = isOver ? { since: now, count: 1 } : { since: last.since, count: last.count + 1 };
    if (isOver) this.#minutes.delete(client);
    this.#minutes.set(client, minute);
    if (this.#minutes.size > this.#maxClients) {
      const [oldest = ""] = this.#minutes.keys();
      this.#minutes.delete(oldest);
    }
    return minute.count > this.#perMinute ? minute.since + MINUTE_MS - now : 0;
  }
}

/** Of an IPv6 address its first 64 bits: so many one client has for itself (RFC 6177). IPv4 in IPv6 is IPv4. */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const first = head.split(":").filter((group) => group !== "");
  const last = tail.split(":").filter((group) => group !== "");
  const zeros = address.includes("::") ? Math.max(0, 8 - first.length - last.length) : 0;
  return [...first, ...Array<string>(zeros).fill("0"), ...last].slice(0, 4).join(":");
}
