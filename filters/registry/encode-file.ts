/** A Protobuf file as registries take it. */

import { toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Schema } from "../../src/mod.ts";

/** The file that took the place of `before`, with those of its references that it still imports. */
export function encodeFile(file: FileDescriptorProto, before: Schema): Schema {
  return {
    type: "PROTOBUF",
    text: base64Encode(toBinary(FileDescriptorProtoSchema, file)),
    references: before.references.filter(({ name }) => file.dependency.includes(name)),
  };
}
