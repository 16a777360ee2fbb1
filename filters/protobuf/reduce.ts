/** The schema of what is left of messages when fields were dropped. */

import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { Selection } from "../fields/selection.ts";
import { isBroughtAlong } from "./link-files.ts";
import { programFor } from "./planner.ts";
import { type Reduction, reduceFile } from "./reduce-file.ts";
import { leftBy, usedBy } from "./used-types.ts";

export interface ReducedSchema {
  /** The file with the message type. */
  readonly file: FileDescriptorProto;
  /** The index path of the message type in that file. Types before it may be gone. */
  readonly index: readonly number[];
  /** The imported files that are others now, by the names of their imports. All others are as they were. */
  readonly imports: ReadonlyMap<string, FileDescriptorProto>;
}

/**
 * The schema without the fields that the selection drops wherever their message type is used, or null where there are none:
 * a field that is left in one place is left in the schema. Numbers of removed fields are reserved; their names, defaults
 * and options are gone. Types that were used through removed fields only are removed, as are comments and services. Types
 * that the message never used stay as they are. Throws as `compileProtobuf`.
 */
export function reduceProtobuf(message: DescMessage, selection: Selection): ReducedSchema | null {
  const left = leftBy(programFor(message, selection));
  if (left.fields.size === 0) return null;
  const files = ownFiles(message.file);
  const isOwn = ({ file }: { readonly file: DescFile }): boolean => files.has(file);
  const fields = new Map(
    [...left.fields].filter(([type]) => isOwn(type)).map(([type, numbers]) => [type.typeName, numbers]),
  );
  if ([...left.fields].every(([type, numbers]) => !isOwn(type) || numbers.size === type.fields.length)) return null;

  const before = usedBy([message]);
  const types = [...files].flatMap((file) => [...nestedTypes(file)]);
  const others = usedBy(types.filter((type) => type.kind === "message").filter((type) => !before.fields.has(type)));
  const unused = new Set<string>();
  for (const type of before.fields.keys())
    if (isOwn(type) && !left.fields.has(type) && !others.fields.has(type)) unused.add(type.typeName);
  for (const type of before.enums)
    if (isOwn(type) && !left.enums.has(type) && !others.enums.has(type)) unused.add(type.typeName);

  const reduced = new Map<string, Reduction>();
  for (const file of files) reduced.set(file.proto.name, reduceFile(file, { fields, unused, reduced }));
  const file = reduced.get(message.file.proto.name)?.file;
  if (file === undefined) throw new RangeError(`${message.file.proto.name} was not reduced`);
  reduced.delete(message.file.proto.name);
  const imports = new Map<string, FileDescriptorProto>();
  for (const [name, reduction] of reduced)
    if (reduction.isChanged && !reduction.isEmpty) imports.set(name, reduction.file);
  return { file, index: indexOf(message, file), imports };
}

/** A file and what it imports, imports first, without what everybody has. */
function ownFiles(file: DescFile, found = new Set<DescFile>()): ReadonlySet<DescFile> {
  for (const imported of file.dependencies)
    if (!found.has(imported) && !isBroughtAlong(imported.proto.name)) ownFiles(imported, found);
  return found.add(file);
}

function indexOf(message: DescMessage, file: FileDescriptorProto): number[] {
  const names: string[] = [];
  for (let type: DescMessage | undefined = message; type !== undefined; type = type.parent) names.unshift(type.name);
  let types = file.messageType;
  return names.map((name) => {
    const counted = types.filter(({ options }) => options?.mapEntry !== true);
    const index = counted.findIndex((type) => type.name === name);
    types = counted[index]?.nestedType ?? [];
    return index;
  });
}
