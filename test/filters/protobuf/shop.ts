/** A shop's schema and wire pieces for the tests of single cases. */

import { create, type DescMessage } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import type { FieldAction, FieldChange } from "../../../filters/fields/change.ts";
import { parsePath } from "../../../filters/fields/path.ts";
import type { Selection } from "../../../filters/fields/selection.ts";
import { compileProtobuf } from "../../../filters/protobuf/compile.ts";
import { field, messageType, tag, varint } from "./random-schema.ts";

/** `order.proto`; `syntax` decides on presence and packing only. */
export function shopFile(syntax = "proto3"): FileDescriptorProto {
  const repeated = { label: Label.REPEATED };
  return create(FileDescriptorProtoSchema, {
    name: "order.proto",
    package: "shop",
    syntax,
    enumType: [{ name: "State", value: ["OPEN", "PAID"].map((name, number) => ({ name, number })) }],
    messageType: [
      {
        name: "Address",
        field: [
          field("street", 1, Type.STRING),
          field("country", 2, Type.STRING),
          field("codes", 3, Type.INT32, repeated),
        ],
      },
      {
        name: "Order",
        oneofDecl: [{ name: "contact" }],
        field: [
          field("id", 1, Type.STRING),
          field("amount", 2, Type.INT32),
          field("home_address", 3, Type.MESSAGE, { typeName: ".shop.Address" }),
          field("numbers", 4, Type.SINT64, repeated),
          field("labels", 5, Type.MESSAGE, { ...repeated, typeName: ".shop.Order.LabelsEntry" }),
          field("places", 6, Type.MESSAGE, { ...repeated, typeName: ".shop.Order.PlacesEntry" }),
          field("email", 7, Type.STRING, { oneofIndex: 0 }),
          field("office", 8, Type.MESSAGE, { typeName: ".shop.Address", oneofIndex: 0 }),
          field("state", 9, Type.ENUM, { typeName: ".shop.State" }),
          field("parent", 10, Type.MESSAGE, { typeName: ".shop.Order" }),
          field("photo", 11, Type.BYTES),
          field("paid", 12, Type.BOOL),
          field("rate", 13, Type.DOUBLE),
          field("stops", 14, Type.MESSAGE, { ...repeated, typeName: ".shop.Address" }),
          field("flags", 15, Type.MESSAGE, { ...repeated, typeName: ".shop.Order.FlagsEntry" }),
        ],
        nestedType: [
          {
            name: "LabelsEntry",
            options: { mapEntry: true },
            field: [field("key", 1, Type.STRING), field("value", 2, Type.STRING)],
          },
          {
            name: "PlacesEntry",
            options: { mapEntry: true },
            field: [field("key", 1, Type.INT32), field("value", 2, Type.MESSAGE, { typeName: ".shop.Address" })],
          },
          {
            name: "FlagsEntry",
            options: { mapEntry: true },
            field: [field("key", 1, Type.BOOL), field("value", 2, Type.STRING)],
          },
        ],
      },
    ],
  });
}

export function shopOrder(syntax?: string): DescMessage {
  return messageType(shopFile(syntax), "shop.Order");
}

/** `holder.Holder` with an Any, a group where asked for, and a required field. */
export function holder(more: { readonly group?: boolean } = {}): DescMessage {
  const file = create(FileDescriptorProtoSchema, {
    name: "holder.proto",
    package: "holder",
    syntax: "proto2",
    dependency: [file_google_protobuf_any.proto.name],
    messageType: [
      {
        name: "Holder",
        field: [
          field("id", 1, Type.STRING, { label: Label.REQUIRED }),
          field("any", 2, Type.MESSAGE, { typeName: ".google.protobuf.Any" }),
          field("email", 3, Type.STRING),
          ...(more.group === true ? [field("inner", 4, Type.GROUP, { typeName: ".holder.Holder.Inner" })] : []),
        ],
        nestedType: [{ name: "Inner", field: [field("email", 1, Type.STRING)] }],
        extensionRange: [{ start: 100, end: 200 }],
      },
    ],
  });
  return messageType(file, "holder.Holder");
}

export const drop: FieldChange = { kind: "drop" };

export function replace(value: unknown): FieldChange {
  return { kind: "replace", value };
}

/** An action that makes texts only, unless more is given. */
export function act(more: Partial<FieldAction> = {}): FieldChange {
  return { kind: "act", action: { name: "mask", text: (text) => "*".repeat(text.length), ...more } };
}

export function change(path: string, what: FieldChange): Selection {
  return { form: "fields", rules: [{ choice: { path: parsePath(path) }, change: what, label: path }] };
}

export function keep(...paths: string[]): Selection {
  return { form: "keep", paths: paths.map(parsePath), label: "(not listed)" };
}

export function texts(what: FieldChange): Selection {
  return { form: "texts", change: what, label: "texts" };
}

/** The result in hex, or null. */
export function hexAfter(desc: DescMessage, selection: Selection, payload: Uint8Array): string | null {
  const result = compileProtobuf(desc, selection).operate(payload);
  return result === null ? null : Buffer.from(result).toString("hex");
}

/** Fields one after the other, of texts, bytes, fields inside of a message, or a varint. */
export function wire(...fields: readonly (readonly [number, string | Uint8Array | number])[]): Uint8Array {
  return new Uint8Array(
    fields.flatMap(([number, value]) => {
      if (typeof value === "number") return [...tag(number, 0), ...varint(value)];
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      return [...tag(number, 2), ...varint(bytes.length), ...bytes];
    }),
  );
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
