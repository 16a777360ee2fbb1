import { describe, expect, test } from "bun:test";
import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DescriptorProto_ExtensionRangeSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  ServiceDescriptorProtoSchema,
  SourceCodeInfoSchema,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import type { JsonPath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { compileProtobuf } from "../../../filters/protobuf/compile.ts";
import { type ReducedSchema, reduceProtobuf } from "../../../filters/protobuf/reduce.ts";
import { messageFromFile } from "../../../filters/protobuf/schema.ts";
import { chooser, field, marks, NAMES, randomPayload, randomSchema } from "./random-schema.ts";
import { act, change, drop, keep, shopFile, shopOrder } from "./shop.ts";

/** As it goes over the wire to a registry and comes back. */
function linked({ file, index, imports }: ReducedSchema, others: readonly FileDescriptorProto[] = []): DescMessage {
  const bytes = (one: FileDescriptorProto): Uint8Array => toBinary(FileDescriptorProtoSchema, one);
  const all = new Map([...others.map((one): [string, FileDescriptorProto] => [one.name, one]), ...imports]);
  return messageFromFile(
    { file: bytes(file), imports: new Map([...all].map(([name, one]) => [name, bytes(one)])) },
    index,
  );
}

function reduced(desc: DescMessage, selection: Selection): ReducedSchema {
  const result = reduceProtobuf(desc, selection);
  if (result === null) throw new Error("nothing was dropped");
  return result;
}

function fieldsOf(file: FileDescriptorProto, message: string): string[] {
  return file.messageType.find(({ name }) => name === message)?.field.map(({ name }) => name) ?? [];
}

describe("the reduced schema", () => {
  test("has no trace of dropped fields but their numbers, which are reserved", () => {
    const { file } = reduced(shopOrder(), change("$..street", drop));
    expect(fieldsOf(file, "Address")).toEqual(["country", "codes"]);
    expect(file.messageType[0]?.reservedRange).toMatchObject([{ start: 1, end: 2 }]);
    expect(Buffer.from(toBinary(FileDescriptorProtoSchema, file)).includes("street")).toBe(false);
  });

  test("keeps a field that is left in one of the places of its message", () => {
    expect(reduceProtobuf(shopOrder(), change("$.home_address.street", drop))).toBeNull();
    const { file } = reduced(shopOrder(), keep("$.home_address.street", "$.stops[*].country"));
    expect(fieldsOf(file, "Address")).toEqual(["street", "country"]);
    expect(fieldsOf(file, "Order")).toEqual(["home_address", "stops"]);
  });

  test("is none where fields are changed, or dropped for some entries or elements only", () => {
    for (const selection of [change("$.id", act()), change("$.labels.color", drop), change("$.stops[0]", drop)])
      expect(reduceProtobuf(shopOrder(), selection)).toBeNull();
    expect(reduceProtobuf(shopOrder(), keep("$"))).toBeNull();
  });

  test("is without types that only dropped fields had, and its index path says so", () => {
    const { file, index } = reduced(shopOrder(), keep("$.id", "$.labels"));
    expect(file.messageType.map(({ name }) => name)).toEqual(["Order"]);
    expect(file.messageType[0]?.nestedType.map(({ name }) => name)).toEqual(["LabelsEntry"]);
    expect(file.enumType).toEqual([]);
    expect(index).toEqual([0]);
  });

  test("keeps types that others use, which the message never used", () => {
    const source = shopFile();
    source.messageType.push(
      create(FileDescriptorProtoSchema, {
        messageType: [{ name: "Visit", field: [field("at", 1, Type.MESSAGE, { typeName: ".shop.Address" })] }],
      }).messageType[0]!,
    );
    const desc = messageFromFile({ file: toBinary(FileDescriptorProtoSchema, source), imports: new Map() }, [1]);
    const { file, index } = reduced(desc, keep("$.id"));
    expect(file.messageType.map(({ name }) => name)).toEqual(["Address", "Order", "Visit"]);
    expect(index).toEqual([1]);
  });

  test("has no oneof without members, and those that are left belong to theirs", () => {
    const source = create(FileDescriptorProtoSchema, {
      name: "o.proto",
      syntax: "proto3",
      messageType: [
        {
          name: "O",
          oneofDecl: [{ name: "one" }, { name: "two" }, { name: "_three" }],
          field: [
            field("a", 1, Type.STRING, { oneofIndex: 0 }),
            field("b", 2, Type.STRING, { oneofIndex: 1 }),
            field("c", 3, Type.STRING, { oneofIndex: 1 }),
            { ...field("d", 4, Type.STRING, { oneofIndex: 2 }), proto3Optional: true },
          ],
        },
      ],
    });
    const desc = messageFromFile({ file: toBinary(FileDescriptorProtoSchema, source), imports: new Map() }, [0]);
    const left = linked(reduced(desc, keep("$.c", "$.d")));
    expect(left.oneofs.map(({ name, fields }) => [name, fields.map((one) => one.name)])).toEqual([["two", ["c"]]]);
    expect(left.proto.oneofDecl.map(({ name }) => name)).toEqual(["two", "_three"]);
  });

  test("is without comments, services and extensions of what is gone", () => {
    const source = shopFile("proto2");
    const range = { start: 100, end: 200 };
    for (const type of source.messageType)
      type.extensionRange.push(create(DescriptorProto_ExtensionRangeSchema, range));
    const extension = (name: string, extendee: string): FileDescriptorProto["extension"][number] =>
      Object.assign(field(name, 100, Type.STRING), { extendee });
    source.extension.push(extension("gone", ".shop.Address"), extension("left", ".shop.Order"));
    source.sourceCodeInfo = create(SourceCodeInfoSchema, { location: [{ leadingComments: "where Jane lives" }] });
    const method = { name: "M", inputType: ".shop.Address", outputType: ".shop.Order" };
    source.service.push(create(ServiceDescriptorProtoSchema, { name: "S", method: [method] }));
    const type = messageFromFile({ file: toBinary(FileDescriptorProtoSchema, source), imports: new Map() }, [1]);
    const { file } = reduced(type, keep("$.id"));
    expect(file.service).toEqual([]);
    expect(file.extension.map(({ name }) => name)).toEqual(["left"]);
    expect(file.sourceCodeInfo).toBeUndefined();
    expect(Buffer.from(toBinary(FileDescriptorProtoSchema, file)).includes("Jane")).toBe(false);
  });
});

describe("imports", () => {
  const person = create(FileDescriptorProtoSchema, {
    name: "person.proto",
    syntax: "proto3",
    messageType: [{ name: "Person", field: [field("name", 1, Type.STRING), field("age", 2, Type.INT32)] }],
  });
  const top = create(FileDescriptorProtoSchema, {
    name: "top.proto",
    syntax: "proto3",
    dependency: ["person.proto"],
    messageType: [
      {
        name: "Top",
        field: [
          field("id", 1, Type.STRING),
          field("people", 2, Type.MESSAGE, { typeName: ".Person", label: Label.REPEATED }),
        ],
      },
    ],
  });
  const desc = messageFromFile(
    {
      file: toBinary(FileDescriptorProtoSchema, top),
      imports: new Map([["person.proto", toBinary(FileDescriptorProtoSchema, person)]]),
    },
    [0],
  );

  test("are reduced, too", () => {
    const result = reduced(desc, change("$.people[*].name", drop));
    expect([...result.imports.keys()]).toEqual(["person.proto"]);
    expect(linked(result).fields[1]?.message?.fields.map(({ name }) => name)).toEqual(["age"]);
  });

  test("of which nothing is left are imported no more", () => {
    const result = reduced(desc, change("$.people", drop));
    expect(result.imports.size).toBe(0);
    expect(result.file.dependency).toEqual([]);
  });

  test("that stay as they are are not among the reduced ones", () => {
    const result = reduced(desc, change("$.id", drop));
    expect(result.imports.size).toBe(0);
    expect(linked(result, [person]).fields.map(({ name }) => name)).toEqual(["people"]);
  });
});

test("what surgery leaves reads the same with the reduced schema, and nothing in it is unknown", () => {
  const names = fc.constantFrom<string | null>(...NAMES, null);
  const path: fc.Arbitrary<JsonPath> = fc.array(fc.record({ descend: fc.boolean(), selector: names }), {
    minLength: 1,
    maxLength: 3,
  });
  let times = 0;
  fc.assert(
    fc.property(randomSchema, fc.array(path, { minLength: 1, maxLength: 3 }), fc.integer(), (desc, paths, seed) => {
      const selection: Selection = { form: "keep", paths, label: "(not listed)" };
      const result = reduceProtobuf(desc, selection);
      const choose = chooser(seed);
      const payload = randomPayload(desc, choose, marks(choose));
      const left = compileProtobuf(desc, selection).operate(payload) ?? payload;
      if (result === null) return;
      times++;
      const type = linked(result);
      expect(fromBinary(type, left).$unknown ?? []).toEqual([]);
      expect(toBinary(type, fromBinary(type, left))).toEqual(toBinary(desc, fromBinary(desc, left)));
    }),
    { numRuns: 500 },
  );
  expect(times).toBeGreaterThan(100);
}, 60_000);
