/** A message of three fields, as filters are given its schema: in a file. */

import { create, createFileRegistry, type DescMessage, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { field } from "./random-schema.ts";

const set = create(FileDescriptorSetSchema, {
  file: [
    {
      name: "order.proto",
      package: "shop",
      syntax: "proto3",
      messageType: [
        {
          name: "Order",
          field: [
            field("id", 1, FieldDescriptorProto_Type.INT64),
            field("note", 2, FieldDescriptorProto_Type.STRING),
            field("scan", 3, FieldDescriptorProto_Type.BYTES),
          ],
        },
      ],
    },
  ],
});

/** Options that have a filter read it. */
export const smallOrderFormat = {
  format: "protobuf",
  schema: { file: "orders.binpb", message: "shop.Order" },
} as const;

/** What the filter finds under that name. */
export const smallOrderFiles = { "orders.binpb": toBinary(FileDescriptorSetSchema, set) };

export const smallOrder: DescMessage = found(createFileRegistry(set).getMessage("shop.Order"));

export interface SmallOrder {
  readonly id: bigint;
  readonly note: string;
  readonly scan: Uint8Array;
}

export function encodeSmallOrder(order: SmallOrder): Uint8Array {
  return toBinary(smallOrder, create(smallOrder, { ...order }));
}

function found(message: DescMessage | undefined): DescMessage {
  if (message === undefined) throw new Error("the set has no message");
  return message;
}
