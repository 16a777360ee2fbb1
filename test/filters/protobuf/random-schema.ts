/** Random schemas in which names meet, and payloads of them in the many spellings the wire format allows. */

import { create, type DescField, type DescMessage, ScalarType, toBinary } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { messageFromSet } from "../../../filters/protobuf/schema.ts";

/** With JSON names that are not the same, and few enough to be met by paths. */
export const NAMES = ["a", "b", "ab", "email", "user_name", "home_city"];
const NUMBERS = [1, 2, 3, 4, 15, 16, 300, 2048, 536_870_911];
const MESSAGES = 3;

export const SCALARS = [
  Type.DOUBLE,
  Type.FLOAT,
  Type.INT64,
  Type.UINT64,
  Type.INT32,
  Type.FIXED64,
  Type.FIXED32,
  Type.BOOL,
  Type.STRING,
  Type.BYTES,
  Type.UINT32,
  Type.SFIXED32,
  Type.SFIXED64,
  Type.SINT32,
  Type.SINT64,
];
const KEYS = [Type.STRING, Type.INT32, Type.UINT64, Type.FIXED32];

interface RandomField {
  readonly name: string;
  readonly number: number;
  readonly type: Type;
  /** Which message, for those that are one. */
  readonly target: number;
  readonly shape: "single" | "optional" | "list" | "packed" | "oneof" | "map";
  readonly key: Type;
}

const randomType = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SCALARS) },
  { weight: 3, arbitrary: fc.constant(Type.STRING) },
  { weight: 4, arbitrary: fc.constant(Type.MESSAGE) },
  { weight: 1, arbitrary: fc.constant(Type.ENUM) },
);

const randomFields: fc.Arbitrary<readonly RandomField[]> = fc
  .tuple(
    fc.shuffledSubarray(NAMES, { minLength: 2 }),
    fc.shuffledSubarray(NUMBERS, { minLength: NAMES.length, maxLength: NAMES.length }),
    fc.array(
      fc.record({
        type: randomType,
        target: fc.nat({ max: MESSAGES - 1 }),
        shape: fc.constantFrom("single", "optional", "list", "packed", "oneof", "map"),
        key: fc.constantFrom(...KEYS),
      }),
      { minLength: NAMES.length, maxLength: NAMES.length },
    ),
  )
  .map(([names, numbers, parts]) =>
    names.map((name, index) => ({ name, number: numbers[index]!, ...parts[index]! }) as RandomField),
  );

/** The first of a few message types that use each other and themselves. */
export const randomSchema: fc.Arbitrary<DescMessage> = fc
  .tuple(fc.constantFrom("proto2", "proto3"), fc.array(randomFields, { minLength: MESSAGES, maxLength: MESSAGES }))
  .map(([syntax, messages]) => messageType(fileOf(syntax, messages), "test.M0"));

export function messageType(file: FileDescriptorProto, name: string): DescMessage {
  return messageFromSet(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] })), name);
}

/** A field for schemas that tests write; `typeName` with its leading dot. */
export function field(
  name: string,
  number: number,
  type: Type,
  more: { label?: Label; typeName?: string; oneofIndex?: number; packed?: boolean } = {},
): FieldDescriptorProto {
  const { packed, ...rest } = more;
  return create(FieldDescriptorProtoSchema, {
    name,
    number,
    type,
    jsonName: name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
    label: Label.OPTIONAL,
    ...rest,
    ...(packed === undefined ? {} : { options: { packed } }),
  });
}

function fileOf(syntax: string, messages: readonly (readonly RandomField[])[]): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: "test",
    syntax,
    enumType: [{ name: "E", value: ["ZERO", "ONE", "TWO"].map((name, number) => ({ name, number })) }],
    messageType: messages.map((fields, index) => {
      const name = `M${index}`;
      const oneof = fields.some(({ shape }) => shape === "oneof");
      const optional = syntax === "proto3" ? fields.filter(({ shape }) => shape === "optional") : [];
      return {
        name,
        oneofDecl: [...(oneof ? [{ name: "choice" }] : []), ...optional.map((one) => ({ name: `_${one.name}` }))],
        field: fields.map((one) => {
          const descriptor = field(one.name, one.number, one.type, { typeName: targetOf(one) });
          if (one.shape === "list" || one.shape === "packed") descriptor.label = Label.REPEATED;
          if (one.shape === "oneof") descriptor.oneofIndex = 0;
          if (optional.includes(one)) {
            descriptor.proto3Optional = true;
            descriptor.oneofIndex = (oneof ? 1 : 0) + optional.indexOf(one);
          }
          if (one.shape === "map") {
            descriptor.label = Label.REPEATED;
            descriptor.type = Type.MESSAGE;
            descriptor.typeName = `.test.${name}.Entry${one.number}`;
          }
          return descriptor;
        }),
        nestedType: fields
          .filter(({ shape }) => shape === "map")
          .map((one) => ({
            name: `Entry${one.number}`,
            options: { mapEntry: true },
            field: [field("key", 1, one.key), field("value", 2, one.type, { typeName: targetOf(one) })],
          })),
      };
    }),
  });
}

function targetOf({ type, target }: RandomField): string {
  return type === Type.MESSAGE ? `.test.M${target}` : type === Type.ENUM ? ".test.E" : "";
}

/** Makes up values one choice at a time. */
export type Choose = (max: number) => number;

/** Texts of which none is part of another one, with what is not ASCII and more than a length of one byte holds. */
export function marks(choose: Choose): () => string {
  let count = 0;
  return () => `<${count++}é${choose(9) === 0 ? "-".repeat(130) : ""}>`;
}

/** Choices that follow from a seed (mulberry32). */
export function chooser(seed: number): Choose {
  let state = seed;
  return (max) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % (max + 1);
  };
}

/** A payload of a message type. `mark` makes each text, and the bytes of each `bytes`. */
export function randomPayload(desc: DescMessage, choose: Choose, mark: () => string): Uint8Array {
  return new Uint8Array(messageBytes(desc, choose, mark, 0));
}

function messageBytes(desc: DescMessage, choose: Choose, mark: () => string, depth: number): number[] {
  const parts: number[][] = [];
  const oneofs = new Set<unknown>();
  for (const one of desc.fields) {
    if (choose(3) === 0 || oneofs.has(one.oneof ?? null)) continue;
    if (one.oneof !== undefined) oneofs.add(one.oneof);
    // Twice for what readers merge, take the last of, or append.
    const once = one.oneof !== undefined || (one.fieldKind === "message" && hasOneof(one.message));
    const times = once ? 1 : 1 + choose(1) + choose(1);
    for (let i = 0; i < times; i++) {
      const bytes = fieldBytes(one, choose, mark, depth);
      if (bytes.length > 0) parts.push(bytes);
    }
  }
  if (choose(3) === 0) parts.push([...tag(19, 2, choose), ...run([1, 2, 3], choose)]);
  if (choose(5) === 0) parts.push([...tag(20, 5, choose), 1, 2, 3, 4]);
  for (let i = parts.length - 1; i > 0; i--) {
    const j = choose(i);
    [parts[i], parts[j]] = [parts[j]!, parts[i]!];
  }
  return parts.flat();
}

/** Which member of a oneof counts in pieces that are merged would depend on what is taken out. */
function hasOneof(desc: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(desc)) return false;
  seen.add(desc);
  return desc.fields.some(
    (one) => one.oneof !== undefined || (one.fieldKind === "message" && hasOneof(one.message, seen)),
  );
}

function fieldBytes(one: DescField, choose: Choose, mark: () => string, depth: number): number[] {
  const value = (scalar: ScalarType | undefined): number[] => {
    if (one.message !== undefined && scalar === undefined) {
      return run(messageBytes(one.message, choose, mark, depth + 1), choose);
    }
    return scalarBytes(scalar, choose, mark);
  };
  if (one.message !== undefined && depth >= 3) return [];
  const wire = one.message !== undefined ? 2 : wireOf(one.scalar);
  if (one.fieldKind === "map") {
    const key = [...tag(1, wireOf(one.mapKey), choose), ...keyBytes(one.mapKey, choose, mark)];
    const entry = [...tag(2, wire, choose), ...value(one.scalar ?? (one.enum && ScalarType.INT32))];
    return [...tag(one.number, 2, choose), ...run(choose(1) === 0 ? [...key, ...entry] : [...entry, ...key], choose)];
  }
  const scalar = one.enum !== undefined ? undefined : one.scalar;
  const element = (): number[] => (one.enum !== undefined ? [1 + choose(1)] : value(scalar));
  if (one.fieldKind === "list" && wire !== 2 && choose(1) === 0) {
    const elements = Array.from({ length: 1 + choose(2) }, element).flat();
    return [...tag(one.number, 2, choose), ...run(elements, choose)];
  }
  return [...tag(one.number, wire, choose), ...element()];
}

export function wireOf(scalar: ScalarType | undefined): number {
  if (scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return 2;
  if (scalar === ScalarType.DOUBLE || scalar === ScalarType.FIXED64 || scalar === ScalarType.SFIXED64) return 1;
  if (scalar === ScalarType.FLOAT || scalar === ScalarType.FIXED32 || scalar === ScalarType.SFIXED32) return 5;
  return 0;
}

/** Never the type's default, which a reader could not tell from an absent field. */
function scalarBytes(scalar: ScalarType | undefined, choose: Choose, mark: () => string): number[] {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return run([...new TextEncoder().encode(mark())], choose);
    case ScalarType.BOOL:
      return [1];
    case ScalarType.DOUBLE:
      return [...new Uint8Array(new Float64Array([choose(1000) + 0.5]).buffer)];
    case ScalarType.FLOAT:
      return [...new Uint8Array(new Float32Array([choose(1000) + 0.5]).buffer)];
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return [choose(254) + 1, choose(255), 0, 0, 0, 0, 0, choose(255)];
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return [choose(254) + 1, choose(255), 0, choose(255)];
    case ScalarType.INT32:
    case ScalarType.INT64:
      return choose(3) === 0
        ? [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]
        : varint(choose(400) + 1, choose);
    default:
      return varint(choose(400) + 1, choose);
  }
}

/** Never the same twice: which entry counts would depend on what is taken out. */
function keyBytes(scalar: ScalarType, choose: Choose, mark: () => string): number[] {
  if (scalar === ScalarType.STRING) return scalarBytes(scalar, choose, mark);
  const number = Number.parseInt(mark().slice(1), 10) + 1;
  return scalar === ScalarType.FIXED32 ? [number & 0xff, number >> 8, 0, 0] : varint(number, choose);
}

function run(bytes: readonly number[], choose: Choose): number[] {
  return [...varint(bytes.length, choose), ...bytes];
}

export function tag(number: number, wire: number, choose: Choose = () => 1): number[] {
  return varint(number * 8 + wire, choose);
}

/** Now and then with a needless byte more. */
export function varint(value: number, choose: Choose = () => 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  if (bytes.length < 5 && choose(9) === 0) bytes.push((bytes.pop() ?? 0) | 0x80, 0);
  return bytes;
}
