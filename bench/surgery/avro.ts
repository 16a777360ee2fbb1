/** The surgery on Avro beside avsc: decode, change, encode. */

import avro from "avsc";
import { compileAvro } from "../../filters/avro/compile.ts";
import { readAvroSchema } from "../../filters/avro/schema.ts";
import { type Contest, meanBytes, RECORDS, viewsOf } from "./contest.ts";
import { order, REDACTED_IBAN, redactedEmail } from "./order.ts";
import { operating, SELECTION } from "./selection.ts";

const SCHEMA = {
  type: "record",
  name: "Order",
  namespace: "com.example",
  fields: [
    { name: "id", type: "long" },
    { name: "at", type: "string" },
    { name: "amount", type: "double" },
    { name: "currency", type: "string" },
    {
      name: "customer",
      type: {
        type: "record",
        name: "Customer",
        fields: [
          { name: "name", type: ["null", "string"], default: null },
          { name: "email", type: "string" },
          { name: "country", type: "string" },
        ],
      },
    },
    { name: "iban", type: "string" },
  ],
};

interface Decoded {
  readonly customer: { name: string | null; email: string };
  iban: string;
}

/** `reduce`: a dropped field is not in the schema any more; `blank`: it is null. */
export function avroContest(drops: "reduce" | "blank"): Contest {
  const { surgeon, reduced } = compileAvro(readAvroSchema(SCHEMA), SELECTION, { drops });
  const writer = avro.Type.forSchema(SCHEMA as avro.Schema);
  const after = avro.Type.forSchema((drops === "reduce" ? reduced : SCHEMA) as avro.Schema);
  const values = viewsOf(Array.from({ length: RECORDS }, (_, index) => writer.toBuffer(order(index))));
  const decodeAndEncode = (value: Buffer): Uint8Array => {
    const decoded = writer.fromBuffer(value) as Decoded;
    decoded.customer.email = redactedEmail(decoded.customer.email);
    decoded.customer.name = null;
    decoded.iban = REDACTED_IBAN;
    return after.toBuffer(decoded);
  };
  return {
    title: drops === "reduce" ? "redact, Avro, the field leaves the schema" : "redact, Avro, the field becomes null",
    bytes: meanBytes(values),
    filter: operating(surgeon, values),
    library: { name: "avsc", way: (index) => decodeAndEncode(values[index]!) },
  };
}
