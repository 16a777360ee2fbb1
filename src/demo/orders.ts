/** Makes orders with personal data, for the demo. All people and accounts are invented. */

export interface Order {
  readonly id: number;
  readonly placedAt: string;
  readonly customer: { readonly name: string; readonly email: string; readonly country: string };
  readonly iban: string;
  readonly amount: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** The filter that keeps an order's personal data where it is. */
export const ORDER_REDACTION = {
  use: "redact",
  options: {
    fields: [
      { path: "$.customer.name", action: "drop" },
      { path: "$.customer.email", action: "mask", first: 1, last: 0, with: "*" },
      { path: "$.iban", action: "replace", value: null },
    ],
  },
};

const PEOPLE = ["Ada Keller", "Bruno Lindqvist", "Chiara Rossi", "Dilan Yildiz", "Eva Novak", "Farid Haddad"];
const COUNTRIES = ["DE", "SE", "IT", "NL", "CZ", "FR"];
const GOODS = ["lamp", "chair", "desk", "shelf", "clock"];

/** The order of that number; the same number gives the same order, but for its time. */
export function order(id: number, placedAt: Date): Order {
  const name = pick(PEOPLE, id);
  return {
    id,
    placedAt: placedAt.toISOString(),
    customer: {
      name,
      email: `${name.toLowerCase().replace(" ", ".")}@example.com`,
      country: pick(COUNTRIES, id),
    },
    iban: `DE${String(10 + (id % 90))}${String(500105170000000000 + id * 7919).slice(0, 18)}`,
    amount: 5 + ((id * 37) % 20000) / 100,
    lines: [{ sku: pick(GOODS, id), quantity: 1 + (id % 3) }],
  };
}

function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}
