/** The order that filters are measured on: 8 fields, about 200 bytes as JSON, with a name, an e-mail address and an IBAN. */

export interface Order {
  readonly id: number;
  readonly at: string;
  readonly amount: number;
  readonly currency: string;
  readonly customer: { readonly name: string; readonly email: string; readonly country: string };
  readonly iban: string;
}

export function order(index: number): Order {
  return {
    id: 1_000_000 + index,
    at: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    amount: (index % 9000) + 0.75,
    currency: "EUR",
    customer: {
      name: `Zoë Example ${index % 977}`,
      email: `person${10_000 + (index % 977)}@example.org`,
      country: "DE",
    },
    iban: withCheckDigits(String(370_400_440_532_013_000 + index * 64)),
  };
}

/** What everybody who redacts an order makes of the e-mail address and the IBAN; the name goes. */
export const redactedEmail = (email: string) => email.slice(0, 1) + "*".repeat(email.length - 1);
export const REDACTED_IBAN = "***";

/** A German IBAN: ISO 7064 MOD 97-10, DE as 13 14. */
function withCheckDigits(account: string): string {
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${account}`;
}
