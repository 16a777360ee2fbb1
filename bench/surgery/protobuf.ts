/** The surgery on Protobuf beside @bufbuild/protobuf: fromBinary, change, toBinary. */

import { create, type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { compileProtobuf } from "../../filters/protobuf/compile.ts";
import { messageFromSet } from "../../filters/protobuf/schema.ts";
import { type Contest, meanBytes, RECORDS, viewsOf } from "./contest.ts";
import { order, REDACTED_IBAN, redactedEmail } from "./order.ts";
import { operating, SELECTION } from "./selection.ts";

type Decoded = Message<"shop.Order"> & { readonly customer: { name: string; email: string }; iban: string };

export function protobuf(): Contest {
  const desc = schema();
  const values = viewsOf(Array.from({ length: RECORDS }, (_, index) => encoded(desc, index)));
  return {
    title: "redact, Protobuf",
    bytes: meanBytes(values),
    filter: operating(compileProtobuf(desc, SELECTION), values),
    library: { name: "@bufbuild/protobuf", way: (index) => decodeAndEncode(desc, values[index]!) },
  };
}

function encoded(desc: DescMessage, index: number): Uint8Array {
  const { id, customer, ...rest } = order(index);
  const fields = { id: BigInt(id), customer: { $typeName: "shop.Customer", ...customer }, ...rest };
  return toBinary(desc, Object.assign(create(desc), fields));
}

/** The library writes fields in the order of the schema, as these records have them: the result is the same to the byte. */
function decodeAndEncode(desc: DescMessage, value: Uint8Array): Uint8Array {
  const decoded = fromBinary(desc, value) as Decoded;
  const { customer } = decoded;
  customer.name = "";
  customer.email = redactedEmail(customer.email);
  decoded.iban = REDACTED_IBAN;
  return toBinary(desc, decoded);
}

function schema(): DescMessage {
  const field = (name: string, number: number, type: Type, typeName = "") =>
    create(FieldDescriptorProtoSchema, { name, jsonName: name, number, type, label: Label.OPTIONAL, typeName });
  const file = create(FileDescriptorProtoSchema, {
    name: "order.proto",
    package: "shop",
    syntax: "proto3",
    messageType: [
      {
        name: "Customer",
        field: [field("name", 1, Type.STRING), field("email", 2, Type.STRING), field("country", 3, Type.STRING)],
      },
      {
        name: "Order",
        field: [
          field("id", 1, Type.INT64),
          field("at", 2, Type.STRING),
          field("amount", 3, Type.DOUBLE),
          field("currency", 4, Type.STRING),
          field("customer", 5, Type.MESSAGE, ".shop.Customer"),
          field("iban", 6, Type.STRING),
        ],
      },
    ],
  });
  const set = create(FileDescriptorSetSchema, { file: [file] });
  return messageFromSet(toBinary(FileDescriptorSetSchema, set), "shop.Order");
}
