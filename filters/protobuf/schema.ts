/** Message types from what compilers write and registries keep. */

import { type DescMessage, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { StraitError } from "../../src/mod.ts";
import { copyWith } from "./copy-with.ts";
import { linkFiles } from "./link-files.ts";
import { nearestNames } from "./nearest-names.ts";

/**
 * A message type by its full name (`shop.Order`) from the bytes of a FileDescriptorSet, as `protoc --descriptor_set_out`
 * and `buf build` write it. Throws `filter-invalid`.
 */
export function messageFromSet(bytes: Uint8Array, name: string): DescMessage {
  const set = readSet(bytes);
  const byName = new Map(set.file.map((file) => [file.name, file]));
  let registry: FileRegistry;
  try {
    registry = linkFiles(set.file, (wanted) => byName.get(wanted));
  } catch (thrown) {
    throw invalid(`the FileDescriptorSet cannot be used: ${reason(thrown)}; write it with --include_imports`, thrown);
  }
  const message = registry.getMessage(name.replace(/^\./, ""));
  if (message !== undefined) return message;
  const names = [...registry].filter(({ kind }) => kind === "message").map(({ typeName }) => typeName);
  const nearest = nearestNames(name, names);
  throw invalid(
    nearest.length === 0
      ? "the FileDescriptorSet holds no message"
      : `the FileDescriptorSet has no message ${name}; the nearest are ${nearest.join(", ")}`,
  );
}

/** A schema as registries give it in the format `serialized`. */
export interface SerializedSchema {
  /** A FileDescriptorProto, in bytes or in base64. */
  readonly file: Uint8Array | string;
  /** The files it imports, and those they import, by the names of the imports. Google's and Confluent's may be left out. */
  readonly imports: ReadonlyMap<string, Uint8Array | string>;
}

/**
 * The message type at an index path: [1, 0] is the first type within the second of the file. Throws `filter-failed`: it is
 * the record that names the schema and the type.
 */
export function messageFromFile(schema: SerializedSchema, index: readonly number[]): DescMessage {
  const file = readFile(schema.file, "the schema");
  let registry: FileRegistry;
  try {
    registry = linkFiles([file], (name) => {
      const imported = schema.imports.get(name);
      return imported === undefined ? undefined : readFile(imported, `the schema imported as ${name}`);
    });
  } catch (thrown) {
    if (thrown instanceof StraitError) throw thrown;
    throw failed(`the schema cannot be used: ${reason(thrown)}`, thrown);
  }
  let types: readonly DescMessage[] = registry.getFile(file.name)?.messages ?? [];
  let found: DescMessage | undefined;
  for (const step of index) {
    if (found !== undefined && isAmbiguous(found.proto, step))
      throw failed(
        `the message index ${index.join(", ")} means different types to different clients, as ${found.typeName} has a map`,
      );
    found = types[step];
    if (found === undefined) throw failed(`the schema has no message type with the index ${index.join(", ")}`);
    types = found.nestedMessages;
  }
  if (found === undefined) throw failed("the message index is empty");
  return found;
}

/**
 * The types of map entries are nested types for compilers. Confluent's Java and JavaScript clients do not count them, its Go
 * client does (`protoreflect.Descriptor.Index`).
 */
function isAmbiguous({ nestedType }: DescriptorProto, step: number): boolean {
  return nestedType.slice(0, step + 1).some(({ options }) => options?.mapEntry === true);
}

function readSet(bytes: Uint8Array): FileDescriptorSet {
  let set: FileDescriptorSet;
  try {
    set = fromBinary(FileDescriptorSetSchema, bytes);
  } catch (thrown) {
    throw invalid("the file is not a FileDescriptorSet; make one with protoc --descriptor_set_out", thrown);
  }
  if (set.file.length === 0 || set.file.some(({ name }) => name === ""))
    throw invalid("the file is not a FileDescriptorSet; make one with protoc --descriptor_set_out");
  return set;
}

function readFile(file: Uint8Array | string, what: string): FileDescriptorProto {
  try {
    const bytes = typeof file === "string" ? base64Decode(file) : file;
    const read = fromBinary(FileDescriptorProtoSchema, bytes);
    // Registries may leave the name of a file out.
    return read.name === "" ? copyWith(read, { name: "schema.proto" }) : read;
  } catch (thrown) {
    throw failed(`${what} is not a FileDescriptorProto`, thrown);
  }
}

function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function invalid(message: string, cause?: unknown): StraitError {
  return new StraitError("filter-invalid", message, { cause });
}

function failed(message: string, cause?: unknown): StraitError {
  return new StraitError("filter-failed", message, { cause });
}
