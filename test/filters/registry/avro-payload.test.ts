import { describe, expect, test } from "bun:test";
import avro from "avsc";
import redact from "../../../filters/redact.ts";
import translateSchemas from "../../../filters/translate-schemas.ts";
import { failureOf } from "../../support/failure-of.ts";
import {
  contextBetween,
  filterWith,
  frameOf,
  idIn,
  type Registries,
  recordOf,
  twoRegistries,
  valueAfter,
} from "./registry-case.ts";

const ORDER = {
  type: "record",
  name: "Order",
  namespace: "shop",
  doc: "An order.",
  fields: [
    { name: "id", type: "int" },
    {
      name: "email",
      type: "string",
      doc: "MARKER the customer's",
      default: "MARKER@example.org",
      "confluent:tags": ["PII"],
    },
    { name: "note", type: ["null", "string"], default: null },
  ],
} as const;

const order = avro.Type.forSchema(ORDER as unknown as avro.Schema);
const body = order.toBuffer({ id: 7, email: "ada@example.org", note: "n" });

const DROP = { format: "registry", fields: [{ path: "$.email", action: "drop" }] };

const addOrder = ({ source }: Registries) => source.add("orders-value", { schema: JSON.stringify(ORDER) }).id;

/** What a consumer at the destination makes of a value, with the schema the frame names there. */
function consumed({ destination }: Registries, value: Uint8Array): unknown {
  const schema = destination.versionsOf("eu.orders-value").find(({ id }) => id === idIn(value));
  if (schema === undefined) throw new Error(`the destination has no schema ${idIn(value)}`);
  const type = avro.Type.forSchema(JSON.parse(schema.schema) as avro.Schema);
  return JSON.parse(JSON.stringify(type.fromBuffer(Buffer.from(value.subarray(5)))));
}

describe("a dropped field", () => {
  test("is not in the data, and not in the schema that goes along", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const filter = await filterWith(redact, DROP, contextBetween(source, destination));
    const after = await valueAfter(filter, frameOf(addOrder(registries), body));
    expect(consumed(registries, after)).toEqual({ id: 7, note: "n" });
    expect(destination.subjects).toEqual(["eu.orders-value"]);
    const everything = JSON.stringify(destination.versionsOf("eu.orders-value"));
    expect(everything).not.toContain("MARKER");
    expect(everything).not.toContain("email");
    expect(everything).toContain("An order.");
  });

  test("is chosen by its tag, too", async () => {
    await using registries = twoRegistries();
    const options = { format: "registry", fields: [{ tags: ["PII"], action: "drop" }] };
    const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
    const after = await valueAfter(filter, frameOf(addOrder(registries), body));
    expect(consumed(registries, after)).toEqual({ id: 7, note: "n" });
  });

  test("of a schema without that field changes nothing but the id", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const { id } = source.add("orders-value", { schema: '"string"' });
    const filter = await filterWith(redact, DROP, contextBetween(source, destination));
    const value = frameOf(id, avro.Type.forSchema("string").toBuffer("text"));
    const after = await valueAfter(filter, value);
    expect(after.subarray(5)).toEqual(value.subarray(5));
    expect(consumed(registries, after)).toBe("text");
  });

  test("needs a registry at the destination", async () => {
    await using registries = twoRegistries();
    const failure = await failureOf(filterWith(redact, DROP, contextBetween(registries.source, null)));
    expect(failure.code).toBe("filter-invalid");
    expect(failure.message).toContain("schemaRegistry");
  });

  test("makes a schema that the destination may refuse, and then the record fails in its words without the schema", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    destination.compatibility = "BACKWARD";
    destination.add("eu.orders-value", { schema: '"long"' });
    const filter = await filterWith(redact, DROP, contextBetween(source, destination));
    const failure = await failureOf(valueAfter(filter, frameOf(addOrder(registries), body)));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).toContain("409");
    expect(failure.message).toContain("READER_FIELD_MISSING_DEFAULT_VALUE");
    expect(failure.message).not.toContain("note");
  });
});

test("an allow-list leaves what it names, in data and schema", async () => {
  await using registries = twoRegistries();
  const options = { format: "registry", keep: ["$.id"] };
  const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
  expect(consumed(registries, await valueAfter(filter, frameOf(addOrder(registries), body)))).toEqual({ id: 7 });
});

test("a field that is not dropped is changed under the schema as it is", async () => {
  await using registries = twoRegistries();
  const options = { format: "registry", fields: [{ path: "$.email", action: "mask", first: 1 }] };
  const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
  const value = frameOf(addOrder(registries), body);
  const result = await filter.apply(recordOf({ value }));
  expect(result).toMatchObject({ verb: "replace", changed: ["$.email"] });
  const after = await valueAfter(filter, value);
  expect(consumed(registries, after)).toEqual({ id: 7, email: "a**************", note: "n" });
  expect(registries.destination.versionsOf("eu.orders-value")[0]?.schema).toBe(JSON.stringify(ORDER));
});

describe("references", () => {
  const MONEY = JSON.stringify({
    type: "record",
    name: "Money",
    namespace: "base",
    fields: [{ name: "cents", type: "int" }],
  });
  const LINE = JSON.stringify({
    type: "record",
    name: "Line",
    namespace: "shop",
    fields: [
      { name: "price", type: "base.Money" },
      { name: "to", type: "string" },
    ],
  });

  /** `orders-value` refers to `shop.Line`, which refers to `base.Money`. */
  function addAll({ source }: Registries): number {
    // Versions have other numbers at the destination.
    source.add("base.Money", { schema: '"string"' });
    source.add("base.Money", { schema: MONEY });
    const money = [{ name: "base.Money", subject: "base.Money", version: 2 }];
    source.add("shop.Line", { schema: LINE, references: money });
    const line = [{ name: "shop.Line", subject: "shop.Line", version: 1 }];
    const schema = JSON.stringify({ type: "array", items: "shop.Line" });
    return source.add("orders-value", { schema, references: line }).id;
  }

  const lines = Buffer.from([2, 10, 4, 97, 98, 0]);

  test("are copied with what refers to them, under the same subjects", async () => {
    await using registries = twoRegistries();
    const { source, destination } = registries;
    const value = frameOf(addAll(registries), lines);
    const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
    const after = await valueAfter(filter, value);
    expect(destination.subjects).toEqual(["base.Money", "eu.orders-value", "shop.Line"]);
    expect(destination.versionsOf("base.Money").map(({ schema }) => schema)).toEqual([MONEY]);
    expect(destination.versionsOf("shop.Line")[0]).toMatchObject({
      schema: LINE,
      references: [{ name: "base.Money", subject: "base.Money", version: 1 }],
    });
    expect(destination.versionsOf("eu.orders-value")[0]?.id).toBe(idIn(after));
    expect(after.subarray(5)).toEqual(value.subarray(5));
  });

  test("are looked into, and a reduced schema stands on its own", async () => {
    await using registries = twoRegistries();
    const options = { format: "registry", fields: [{ path: "$[*].to", action: "drop" }] };
    const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
    const after = await valueAfter(filter, frameOf(addAll(registries), lines));
    expect(consumed(registries, after)).toEqual([{ price: { cents: 5 } }]);
  });
});

test("a body that the schema does not fit fails", async () => {
  await using registries = twoRegistries();
  const { source, destination } = registries;
  const id = addOrder(registries);
  const filter = await filterWith(redact, DROP, contextBetween(source, destination));
  for (const bytes of [body.subarray(0, 4), Buffer.concat([body, Buffer.from("x")]), Buffer.from([0xff])]) {
    const failure = await failureOf(valueAfter(filter, frameOf(id, bytes)));
    expect(failure.code).toBe("filter-failed");
    expect(failure.message).not.toContain("ada");
  }
});
