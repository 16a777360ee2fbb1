import { describe, expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_timestamp,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { messageFromFile, messageFromSet } from "../../../filters/protobuf/schema.ts";
import { field } from "./random-schema.ts";
import { shopFile } from "./shop.ts";

function setOf(...file: FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
}

function bytesOf(file: FileDescriptorProto): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file);
}

/** A file with a message that has one field for each import, of the type named. */
function importing(name: string, imports: Readonly<Record<string, string>>): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    syntax: "proto3",
    dependency: Object.keys(imports),
    messageType: [
      {
        name: name.toUpperCase(),
        field: Object.values(imports).map((typeName, index) =>
          field(`f${index}`, index + 1, Type.MESSAGE, { typeName }),
        ),
      },
    ],
  });
}

const nothing = new Map<string, Uint8Array>();

describe("a FileDescriptorSet", () => {
  test("gives the message with a name, with or without a leading dot", () => {
    expect(messageFromSet(setOf(shopFile()), "shop.Order").typeName).toBe("shop.Order");
    expect(messageFromSet(setOf(shopFile()), ".shop.Order").typeName).toBe("shop.Order");
  });

  test("may have its files in any order and leave Google's and Confluent's out", () => {
    const top = importing("a", {
      "b.proto": ".B",
      "google/protobuf/timestamp.proto": ".google.protobuf.Timestamp",
      "google/type/money.proto": ".google.type.Money",
      "confluent/meta.proto": ".confluent.Meta",
      "confluent/type/decimal.proto": ".confluent.type.Decimal",
    });
    const message = messageFromSet(setOf(top, importing("b", { "c.proto": ".C" }), importing("c", {})), "A");
    expect(message.fields.map(({ message: type }) => type?.typeName)).toEqual([
      "B",
      "google.protobuf.Timestamp",
      "google.type.Money",
      "confluent.Meta",
      "confluent.type.Decimal",
    ]);
  });

  test("without the message names the nearest ones", () => {
    const find = (name: string) => (): unknown => messageFromSet(setOf(shopFile()), name);
    expect(find("shop.Ordre")).toThrow(/no message shop\.Ordre; the nearest are shop\.Order, /);
    expect(find("Address")).toThrow(/the nearest are shop\.Address, /);
    expect(find("Address")).toThrow(expect.objectContaining({ code: "filter-invalid" }));
  });

  test.each([
    ["text", new TextEncoder().encode('syntax = "proto3";')],
    ["nothing", new Uint8Array()],
    ["a single FileDescriptorProto", bytesOf(shopFile())],
  ])("is not %s", (_what, bytes) => {
    const read = (): unknown => messageFromSet(bytes, "shop.Order");
    expect(read).toThrow(/not a FileDescriptorSet; make one with protoc/);
    expect(read).toThrow(expect.objectContaining({ code: "filter-invalid" }));
  });

  test("says which import is missing", () => {
    expect(() => messageFromSet(setOf(importing("a", { "b.proto": ".B" })), "A")).toThrow(
      /b\.proto, imported by a\.proto, is missing; write it with --include_imports/,
    );
  });

  test("with imports in a circle is refused", () => {
    const files = [importing("a", { "b.proto": ".B" }), importing("b", { "a.proto": ".A" })];
    expect(() => messageFromSet(setOf(...files), "A")).toThrow(/import each other/);
  });
});

describe("a registry's schema", () => {
  test("gives the message type at an index path, from bytes or base64", () => {
    const file = create(FileDescriptorProtoSchema, {
      name: "n.proto",
      messageType: [{ name: "A" }, { name: "B", nestedType: [{ name: "C" }, { name: "D" }] }],
    });
    const base64 = Buffer.from(bytesOf(file)).toString("base64");
    expect(messageFromFile({ file: bytesOf(file), imports: nothing }, [0]).typeName).toBe("A");
    expect(messageFromFile({ file: base64, imports: nothing }, [1, 1]).typeName).toBe("B.D");
  });

  test("finds imports by the names they are imported by, whatever the files say", () => {
    const imported = create(FileDescriptorProtoSchema, { ...importing("b", {}), name: "default" });
    const top = create(FileDescriptorProtoSchema, { ...importing("a", { "dir/b.proto": ".B" }), name: "" });
    const base64 = Buffer.from(bytesOf(imported)).toString("base64");
    const message = messageFromFile({ file: bytesOf(top), imports: new Map([["dir/b.proto", base64]]) }, [0]);
    expect(message.fields[0]?.message?.typeName).toBe("B");
  });

  test("links imports that several files share", () => {
    const top = importing("a", { "c.proto": ".C", "b.proto": ".B" });
    const imports = new Map(
      [importing("b", { "c.proto": ".C" }), importing("c", {})].map((file) => [file.name, bytesOf(file)]),
    );
    expect(messageFromFile({ file: bytesOf(top), imports }, [0]).fields).toHaveLength(2);
  });

  test("fails for indexes it does not have", () => {
    const find =
      (...index: number[]) =>
      (): unknown =>
        messageFromFile({ file: bytesOf(shopFile()), imports: nothing }, index);
    expect(find(5)).toThrow(/no message type with the index 5/);
    expect(find(0, 0)).toThrow(/no message type with the index 0, 0/);
    expect(find(-1)).toThrow(/no message type with the index -1/);
    expect(find()).toThrow(/empty/);
    expect(find(5)).toThrow(expect.objectContaining({ code: "filter-failed" }));
  });

  test("fails for an index that counts the entries of maps in some clients and not in others", () => {
    const file = shopFile();
    file.messageType[1]?.nestedType.push({ ...file.messageType[0]!, name: "Inner", field: [] });
    expect(() => messageFromFile({ file: bytesOf(file), imports: nothing }, [1, 0])).toThrow(/different types/);
  });

  test("that is none, or whose import is missing, fails", () => {
    expect(() => messageFromFile({ file: "no base64!", imports: nothing }, [0])).toThrow(/not a FileDescriptorProto/);
    const top = importing("a", { "b.proto": ".B" });
    expect(() => messageFromFile({ file: bytesOf(top), imports: nothing }, [0])).toThrow(/b\.proto, imported by/);
    const broken = new Map([["b.proto", new Uint8Array([0xff])]]);
    expect(() => messageFromFile({ file: bytesOf(top), imports: broken }, [0])).toThrow(/imported as b\.proto/);
  });

  test("may bring its own copy of what everybody has", () => {
    const { proto } = file_google_protobuf_timestamp;
    const top = importing("a", { [proto.name]: ".google.protobuf.Timestamp" });
    const imports = new Map([[proto.name, bytesOf(proto)]]);
    expect(messageFromFile({ file: bytesOf(top), imports }, [0]).fields[0]?.message?.typeName).toBe(
      "google.protobuf.Timestamp",
    );
  });
});
