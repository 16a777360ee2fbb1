/** `redact` on JSON beside JSON.parse and JSON.stringify. */

import redact from "../../filters/redact.ts";
import { CONTEXT, type Contest, meanBytes, RECORDS, viewsOf, wayOf } from "./contest.ts";
import { order, REDACTED_IBAN, redactedEmail } from "./order.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

interface Parsed {
  readonly customer: { name?: string; email: string };
  iban: string;
}

export async function json(): Promise<Contest> {
  const options: Parameters<typeof redact.create>[0] = {
    fields: [
      { path: "$.customer.name", action: "drop" },
      { path: "$.customer.email", action: "mask", first: 1 },
      { path: "$.iban", action: "replace", value: REDACTED_IBAN },
    ],
  };
  const values = viewsOf(Array.from({ length: RECORDS }, (_, index) => encoder.encode(JSON.stringify(order(index)))));
  return {
    title: "redact, JSON",
    bytes: meanBytes(values),
    filter: wayOf(await redact.create(options, CONTEXT), values),
    library: { name: "parse, change, stringify", way: (index) => parseAndStringify(values[index]!) },
  };
}

/** JSON.stringify spells these orders as they were spelt, so the result is the same to the byte. */
function parseAndStringify(value: Uint8Array): Uint8Array {
  const parsed = JSON.parse(decoder.decode(value)) as Parsed;
  delete parsed.customer.name;
  parsed.customer.email = redactedEmail(parsed.customer.email);
  parsed.iban = REDACTED_IBAN;
  return encoder.encode(JSON.stringify(parsed));
}
