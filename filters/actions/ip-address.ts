/** IP addresses between text and bytes. */

/** The 4 or 16 bytes of an address as people write them (RFC 4291, section 2.2); null for anything else, zones included. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(":") ? parseVersion6(text) : parseVersion4(text);
}

/** Dotted for 4 bytes; for 16 as RFC 5952 has it, with the dotted form for addresses that stand for IPv4 ones. */
export function formatAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  if (isMapped(address)) return `::ffff:${address.subarray(12).join(".")}`;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((address[2 * i] ?? 0) << 8) | (address[2 * i + 1] ?? 0)).toString(16),
  );
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** Whether it is an IPv4 address in IPv6's clothes (`::ffff:0:0/96`). */
export function isMapped(address: Uint8Array): boolean {
  return address.length === 16 && address.every((byte, i) => i >= 12 || byte === (i >= 10 ? 0xff : 0));
}

function parseVersion4(text: string): Uint8Array | null {
  const parts = text.split(".");
  // Some read a leading zero as octal, so what such an address means is not known.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255))
    return null;
  return Uint8Array.from(parts, Number);
}

function parseVersion6(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  if (head === null || tail === null || head === undefined) return null;
  const missing = 16 - head.length - (tail?.length ?? 0);
  // "::" stands for at least one group.
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]);
}

function parseGroups(text: string, last: boolean): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes(".")) {
      const dotted = parseVersion4(part);
      if (dotted === null) return null;
      bytes.push(...dotted);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
    }
  }
  return bytes;
}

/** Where the longest run of zero groups starts, the first of equal ones, and how long it is. */
function longestZeros(groups: readonly string[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === "0") continue;
    if (at - start > best[1]) best = [start, at - start];
    start = at + 1;
  }
  return best;
}
