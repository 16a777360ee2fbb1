/** Links files of a schema with what they import, in the order of their imports. */

import { create, createFileRegistry, type DescFile, type FileRegistry } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { confluentFile } from "./confluent-file.ts";
import { copyWith } from "./copy-with.ts";

/**
 * Links files; `find` gives those they import, and what it does not have may be one of those that compilers and registries
 * bring along. Throws `Error` with the reason where an import is missing or runs in a circle, or a type is not there.
 */
export function linkFiles(
  files: readonly FileDescriptorProto[],
  find: (name: string) => FileDescriptorProto | undefined,
): FileRegistry {
  const ordered: FileDescriptorProto[] = [];
  const states = new Map<string, "under way" | "done">();
  const add = (file: FileDescriptorProto): void => {
    states.set(file.name, "under way");
    for (const name of file.dependency) {
      const state = states.get(name);
      if (state === "under way") throw new Error(`${file.name} and ${name} import each other`);
      if (state === "done") continue;
      const imported = find(name) ?? broughtAlong(name);
      if (imported === undefined) throw new Error(`${name}, imported by ${file.name}, is missing`);
      add(imported.name === name ? imported : copyWith(imported, { name }));
    }
    states.set(file.name, "done");
    ordered.push(file);
  };
  for (const file of files) if (!states.has(file.name)) add(file);
  return createFileRegistry(create(FileDescriptorSetSchema, { file: ordered }));
}

/** Whether a file is one of those everybody has. */
export function isBroughtAlong(name: string): boolean {
  return broughtAlong(name) !== undefined;
}

/** Google's files, and Confluent's: its registries know these and never list them as references. */
function broughtAlong(name: string): FileDescriptorProto | undefined {
  const google = GOOGLE.find(({ proto }) => proto.name === name);
  if (google !== undefined) return google.proto;
  const [, folder, base] = /^(google\/type|confluent|confluent\/type)\/([a-z_]+)\.proto$/.exec(name) ?? [];
  if (folder === undefined) return undefined;
  const path = `${folder === "confluent/type" ? "confluent/types" : folder}/${base}_pb.js`;
  try {
    return confluentFile(path)?.proto;
  } catch {
    // Not one of those files: the caller says which import is missing.
    return undefined;
  }
}

const GOOGLE: readonly DescFile[] = [
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
];
