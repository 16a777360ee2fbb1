import { describe, expect, test } from "bun:test";
import { create, createFileRegistry, type DescMessage, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  type FieldDescriptorProto_Type as FieldType,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import redact from "../../../filters/redact.ts";
import { encodeMessageIndex, readMessageIndex } from "../../../filters/registry/frame.ts";
import translateSchemas from "../../../filters/translate-schemas.ts";
import { failureOf } from "../../support/failure-of.ts";
import {
  contextBetween,
  filterWith,
  frameOf,
  idIn,
  type Registries,
  twoRegistries,
  valueAfter,
} from "./registry-case.ts";

function field(name: string, number: number, type: FieldType, typeName = "") {
  const label = Label.OPTIONAL;
  return create(FieldDescriptorProtoSchema, {
    name,
    jsonName: name,
    number,
    type,
    label,
    ...(typeName === "" ? {} : { typeName }),
  });
}

function message(
  name: string,
  fields: ReturnType<typeof field>[],
  nestedType: DescriptorProto[] = [],
): DescriptorProto {
  return create(DescriptorProtoSchema, { name, field: fields, nestedType });
}

function file(name: string, messageType: DescriptorProto[], dependency: string[] = []): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, { name, package: "shop", syntax: "proto3", messageType, dependency });
}

const PERSON = file("person.proto", [
  message("Person", [field("name", 1, Type.STRING), field("country", 2, Type.STRING)]),
]);

/** The order is the second type; what stands before it is used by the field `gift` alone. */
const ORDER = file(
  "order.proto",
  [
    message("Gift", [field("card", 1, Type.STRING)]),
    message(
      "Order",
      [
        field("id", 1, Type.INT32),
        field("email", 2, Type.STRING),
        field("customer", 3, Type.MESSAGE, ".shop.Person"),
        field("gift", 4, Type.MESSAGE, ".shop.Gift"),
      ],
      [message("Line", [field("sku", 1, Type.STRING), field("to", 2, Type.STRING)])],
    ),
  ],
  ["person.proto"],
);

const REGISTRY = createFileRegistry(create(FileDescriptorSetSchema, { file: [PERSON, ORDER] }));

const encode = (proto: FileDescriptorProto) =>
  Buffer.from(toBinary(FileDescriptorProtoSchema, proto)).toString("base64");

function typeNamed(name: string): DescMessage {
  const type = REGISTRY.getMessage(name);
  if (type === undefined) throw new Error(`there is no ${name}`);
  return type;
}

function bodyOf(name: string, fields: Record<string, unknown>): Uint8Array {
  const type = typeNamed(name);
  return toBinary(type, create(type, fields));
}

const order = bodyOf("shop.Order", {
  id: 7,
  email: "ada@example.org",
  customer: create(typeNamed("shop.Person"), { name: "Ada", country: "UK" } as never),
  gift: create(typeNamed("shop.Gift"), { card: "for Ada" } as never),
});

function addOrder({ source }: Registries): number {
  source.add("person.proto", { schema: encode(PERSON), schemaType: "PROTOBUF" });
  const references = [{ name: "person.proto", subject: "person.proto", version: 1 }];
  return source.add("orders-value", { schema: encode(ORDER), schemaType: "PROTOBUF", references }).id;
}

/** What a consumer at the destination reads: the type its frame names there, and the message as JSON. */
function consumed({ destination }: Registries, value: Uint8Array): { type: string; json: unknown } {
  const stored = destination.versionsOf("eu.orders-value").find(({ id }) => id === idIn(value));
  const references = (stored?.references ?? []) as { name: string; subject: string; version: number }[];
  const files = references.map(({ subject, version }) => destination.versionsOf(subject)[version - 1]);
  const protos = [...files, stored].map((each) =>
    fromBinary(FileDescriptorProtoSchema, Buffer.from(each?.schema ?? "", "base64")),
  );
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: protos }));
  const { path, end } = readMessageIndex(value, 5);
  const whole = registry.getFile(protos.at(-1)?.name ?? "");
  const [first = 0, ...rest] = path;
  let type = whole?.messages[first];
  for (const step of rest) type = type?.nestedMessages[step];
  if (type === undefined) throw new Error(`there is no type ${path}`);
  return { type: type.typeName, json: toJson(type, fromBinary(type, value.subarray(end))) };
}

const framed = (id: number, index: number[], body: Uint8Array) => frameOf(id, encodeMessageIndex(index), body);

describe("a dropped field", () => {
  test("is not in the data, the schema and the file it refers to", async () => {
    await using registries = twoRegistries();
    const options = {
      format: "registry",
      fields: ["$.email", "$.customer.name"].map((path) => ({ path, action: "drop" })),
    };
    const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
    const after = await valueAfter(filter, framed(addOrder(registries), [1], order));
    expect(consumed(registries, after)).toEqual({
      type: "shop.Order",
      json: { id: 7, customer: { country: "UK" }, gift: { card: "for Ada" } },
    });
    expect(registries.destination.subjects).toEqual(["eu.orders-value", "person.proto"]);
    for (const subject of registries.destination.subjects) {
      for (const { schema } of registries.destination.versionsOf(subject)) {
        const text = Buffer.from(schema, "base64").toString("latin1");
        expect(text).not.toContain("email");
        if (subject === "person.proto") expect(text).not.toContain("name\u0018");
      }
    }
  });

  test("takes types along that nobody uses any more, and the message index follows", async () => {
    await using registries = twoRegistries();
    const options = { format: "registry", fields: [{ path: "$.gift", action: "drop" }] };
    const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
    const after = await valueAfter(filter, framed(addOrder(registries), [1], order));
    expect(after[5]).toBe(0);
    expect(consumed(registries, after)).toEqual({
      type: "shop.Order",
      json: { id: 7, email: "ada@example.org", customer: { name: "Ada", country: "UK" } },
    });
  });

  test("of one type of a file leaves payloads of the others as they are", async () => {
    await using registries = twoRegistries();
    const options = { format: "registry", fields: [{ path: "$.to", action: "drop" }] };
    const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
    const id = addOrder(registries);
    const line = await valueAfter(filter, framed(id, [1, 0], bodyOf("shop.Order.Line", { sku: "lamp", to: "Ada" })));
    expect(consumed(registries, line)).toEqual({ type: "shop.Order.Line", json: { sku: "lamp" } });
    const whole = await valueAfter(filter, framed(id, [1], order));
    expect(whole.subarray(5)).toEqual(framed(id, [1], order).subarray(5));
    expect(consumed(registries, whole).type).toBe("shop.Order");
    expect(registries.destination.versionsOf("eu.orders-value")).toHaveLength(2);
  });
});

test("a field is changed, and the schema copied as it is with what it refers to", async () => {
  await using registries = twoRegistries();
  const options = { format: "registry", fields: [{ path: "$.customer.name", action: "replace", value: "x" }] };
  const filter = await filterWith(redact, options, contextBetween(registries.source, registries.destination));
  const after = await valueAfter(filter, framed(addOrder(registries), [1], order));
  expect(consumed(registries, after).json).toMatchObject({ customer: { name: "x", country: "UK" } });
  expect(registries.destination.versionsOf("eu.orders-value")[0]?.schema).toBe(encode(ORDER));
  expect(registries.destination.versionsOf("person.proto")[0]?.schema).toBe(encode(PERSON));
});

test("the same types through a shared registry get subjects beside the source's", async () => {
  await using registries = twoRegistries();
  const { source } = registries;
  const id = addOrder(registries);
  const options = { format: "registry", fields: [{ path: "$.customer.name", action: "drop" }] };
  const context = contextBetween(source, source, { destinationTopic: "orders" });
  const after = await valueAfter(await filterWith(redact, options, context), framed(id, [1], order));
  expect(source.subjects).toEqual([
    "orders-value",
    "orders-value.strait-reduced",
    "person.proto",
    "person.proto.strait-reduced",
  ]);
  expect(source.versionsOf("orders-value")).toHaveLength(1);
  expect(source.versionsOf("orders-value.strait-reduced")[0]).toMatchObject({
    id: idIn(after),
    references: [{ name: "person.proto", subject: "person.proto.strait-reduced", version: 1 }],
  });
});

test("a message index the schema does not have, or half of one, fails, with and without changes", async () => {
  await using registries = twoRegistries();
  const id = addOrder(registries);
  const context = contextBetween(registries.source, registries.destination);
  const filters = [
    await filterWith(redact, { format: "registry", fields: [{ path: "$.email", action: "drop" }] }, context),
    await filterWith(translateSchemas, {}, context),
  ];
  for (const filter of filters) {
    for (const value of [
      framed(id, [2], order),
      framed(id, [1, 1], order),
      frameOf(id),
      frameOf(id, Uint8Array.of(4, 2)),
    ]) {
      expect((await failureOf(valueAfter(filter, value))).code).toBe("filter-failed");
    }
  }
  expect(registries.destination.subjects).toEqual([]);
});

test("a message index in a spelling of its own is understood, and written anew with the id", async () => {
  await using registries = twoRegistries();
  const { source, destination } = registries;
  const spelt = Uint8Array.of(0x82, 0, 0x82, 0);
  const value = frameOf(addOrder(registries), spelt, order);
  const filter = await filterWith(translateSchemas, {}, contextBetween(source, destination));
  const after = await valueAfter(filter, value);
  expect(after.subarray(5)).toEqual(framed(0, [1], order).subarray(5));
  expect(consumed(registries, after).type).toBe("shop.Order");
  const unchanged = await filterWith(translateSchemas, {}, contextBetween(source, source));
  expect(await valueAfter(unchanged, value)).toBe(value);
});
