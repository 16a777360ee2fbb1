/** IP addresses, generalised to the network they lie in. */

import type { FieldAction } from "../fields/change.ts";
import { cannot } from "./cannot.ts";
import { formatAddress, isMapped, parseAddress } from "./ip-address.ts";

/** Bytes that stay: /24 of IPv4, also in its IPv6 form, and /48 of IPv6, which is what a site usually has. */
const IPV4_BYTES = 3;
const IPV6_BYTES = 6;
const MAPPED_BYTES = 12 + IPV4_BYTES;

/** Text becomes the network's address without its length, bytes (4 or 16, in network order) stay bytes. */
export function generaliseAddress(label: string): FieldAction {
  const network = (address: Uint8Array | null): Uint8Array => {
    if (address === null || (address.length !== 4 && address.length !== 16))
      return cannot("generalise", label, "there is no IPv4 or IPv6 address");
    const kept = address.length === 4 ? IPV4_BYTES : isMapped(address) ? MAPPED_BYTES : IPV6_BYTES;
    return address.map((byte, i) => (i < kept ? byte : 0));
  };
  return {
    name: "generalise",
    text(value) {
      const after = formatAddress(network(parseAddress(value)));
      return after === value ? null : after;
    },
    bytes: network,
  };
}
