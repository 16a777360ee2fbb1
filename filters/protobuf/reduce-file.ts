/** Takes fields and types out of one file of a schema. */

import { create, type DescFile } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProto_ReservedRangeSchema,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { copyWith } from "./copy-with.ts";

export interface Reduction {
  readonly file: FileDescriptorProto;
  /** Whether something was taken out, other than comments and services. */
  readonly isChanged: boolean;
  /** Whether nothing is left in it: then nobody imports it any more. */
  readonly isEmpty: boolean;
}

export interface ReductionPlan {
  /** By the full name of a message the numbers of its fields that stay; messages that are not here keep all. */
  readonly fields: ReadonlyMap<string, ReadonlySet<number>>;
  /** Full names of messages and enums that go. A message in which others are declared stays as an empty shell. */
  readonly unused: ReadonlySet<string>;
  /** What has become of the files it imports, by name. */
  readonly reduced: ReadonlyMap<string, Reduction>;
}

export function reduceFile({ proto }: DescFile, plan: ReductionPlan): Reduction {
  const reducer = new Reducer(plan);
  const scope = proto.package === "" ? "" : `${proto.package}.`;
  const messageType = proto.messageType.flatMap((type) => reducer.message(type, scope));
  const enumType = reducer.enums(proto.enumType, scope);
  const extension = reducer.extensions(proto.extension);
  const stays = proto.dependency.map((name) => plan.reduced.get(name)?.isEmpty !== true);
  const dependency = proto.dependency.filter((_name, index) => stays[index]);
  const moved = (indexes: readonly number[]): number[] =>
    indexes.filter((index) => stays[index]).map((index) => stays.slice(0, index).filter(Boolean).length);
  const publicDependency = moved(proto.publicDependency);
  const file = copyWith(proto, {
    messageType,
    enumType,
    extension,
    dependency,
    publicDependency,
    weakDependency: moved(proto.weakDependency),
    service: [],
  });
  delete file.sourceCodeInfo;
  const isChanged = reducer.isChanged || dependency.length < proto.dependency.length;
  const declares = messageType.length + enumType.length + extension.length + publicDependency.length;
  return { file, isChanged, isEmpty: isChanged && declares === 0 };
}

class Reducer {
  readonly #plan: ReductionPlan;
  isChanged = false;

  constructor(plan: ReductionPlan) {
    this.#plan = plan;
  }

  /** The message as it is left, in a list, or nothing. */
  message(proto: DescriptorProto, scope: string): DescriptorProto[] {
    const name = `${scope}${proto.name}`;
    const unused = this.#plan.unused.has(name);
    const numbers = unused ? new Set<number>() : this.#plan.fields.get(name);
    const field = proto.field.filter(({ number }) => numbers?.has(number) !== false);
    const removed = proto.field.filter((candidate) => !field.includes(candidate));
    const entries = new Set(field.map(({ typeName }) => typeName));
    const nestedType = proto.nestedType
      .filter(({ name: inner, options }) => options?.mapEntry !== true || entries.has(`.${name}.${inner}`))
      .flatMap((type) => this.message(type, `${name}.`));
    const enumType = this.enums(proto.enumType, `${name}.`);
    const extension = this.extensions(proto.extension);
    if (unused || removed.length > 0) this.isChanged = true;
    if (unused && nestedType.length + enumType.length + extension.length === 0) return [];
    const reserved = removed.map(({ number }) =>
      // The end is exclusive (descriptor.proto).
      create(DescriptorProto_ReservedRangeSchema, { start: number, end: number + 1 }),
    );
    return [
      copyWith(proto, {
        ...withoutEmptyOneofs(proto, field),
        nestedType,
        enumType,
        extension,
        reservedRange: [...proto.reservedRange, ...reserved],
      }),
    ];
  }

  enums(protos: readonly EnumDescriptorProto[], scope: string): EnumDescriptorProto[] {
    return protos.filter(({ name }) => {
      if (!this.#plan.unused.has(`${scope}${name}`)) return true;
      this.isChanged = true;
      return false;
    });
  }

  extensions(protos: readonly FieldDescriptorProto[]): FieldDescriptorProto[] {
    // Names of types start with a dot (descriptor.proto).
    const isLeft = (type: string): boolean => !this.#plan.unused.has(type.slice(1));
    return protos.filter(({ extendee, typeName }) => isLeft(extendee) && isLeft(typeName));
  }
}

/** The fields that are left and the oneofs some of them belong to, counted anew. */
function withoutEmptyOneofs(
  { oneofDecl }: DescriptorProto,
  fields: readonly FieldDescriptorProto[],
): Pick<DescriptorProto, "field" | "oneofDecl"> {
  const isMember = (field: FieldDescriptorProto): boolean => Object.hasOwn(field, "oneofIndex");
  const used = oneofDecl.map((_oneof, index) => fields.some((field) => isMember(field) && field.oneofIndex === index));
  return {
    oneofDecl: oneofDecl.filter((_oneof, index) => used[index]),
    field: fields.map((field) =>
      isMember(field) ? copyWith(field, { oneofIndex: used.slice(0, field.oneofIndex).filter(Boolean).length }) : field,
    ),
  };
}
