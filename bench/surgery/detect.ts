/** `detect` with all detectors, on orders in which it finds two things, and on orders in which it finds nothing. */

import detect from "../../filters/detect.ts";
import { CONTEXT, type Contest, meanBytes, RECORDS, viewsOf, wayOf } from "./contest.ts";
import { type Order, order } from "./order.ts";

const FOUND = "***";

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The same with nothing that looks like an address or an account. */
function harmless({ customer, iban, ...rest }: Order): unknown {
  return { ...rest, customer: { ...customer, email: customer.email.replace("@", ".") }, iban: `XX${iban.slice(2)}` };
}

function found({ customer, iban: _, ...rest }: Order): unknown {
  return { ...rest, customer: { ...customer, email: FOUND }, iban: FOUND };
}

export async function detecting(finds: boolean): Promise<Contest> {
  const filter = await detect.create({ detectors: "all", change: { action: "replace", value: FOUND } }, CONTEXT);
  const orders = Array.from({ length: RECORDS }, (_, index) => order(index));
  const values = viewsOf(orders.map((each) => encoded(finds ? each : harmless(each))));
  const way = wayOf(filter, values);
  for (const [index, each] of orders.entries()) {
    const expected = encoded(finds ? found(each) : harmless(each));
    if (Buffer.compare(way(index), expected) !== 0) throw new Error(`order ${index} is not as it should be`);
  }
  return {
    title: finds ? "detect, JSON, two found in each" : "detect, JSON, nothing to find",
    bytes: meanBytes(values),
    filter: way,
    library: null,
  };
}
