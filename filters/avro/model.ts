/** An Avro schema as the filters see it: types by what they are, with the JSON each was read from. */

export type JsonObject = { readonly [name: string]: unknown };

export type PrimitiveKind = "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string";

export interface PrimitiveType {
  readonly kind: PrimitiveKind;
  /** A logical type the specification allows on this type; what else a schema says is ignored, as it demands. */
  readonly logical: string | null;
}

interface NamedBase {
  /** With the namespace before it. */
  readonly fullName: string;
  /** The definition. */
  readonly json: JsonObject;
}

export interface FixedType extends NamedBase {
  readonly kind: "fixed";
  readonly size: number;
  readonly logical: string | null;
}

export interface EnumType extends NamedBase {
  readonly kind: "enum";
  readonly symbols: readonly string[];
}

export interface RecordType extends NamedBase {
  readonly kind: "record";
  readonly fields: readonly RecordField[];
}

export interface RecordField {
  readonly name: string;
  readonly place: Place;
  readonly json: JsonObject;
  readonly hasDefault: boolean;
  /** `confluent:tags` of the field, and those of its record. */
  readonly tags: ReadonlySet<string>;
}

export interface ArrayType {
  readonly kind: "array";
  readonly items: Place;
}

export interface MapType {
  readonly kind: "map";
  readonly values: Place;
}

export interface UnionType {
  readonly kind: "union";
  readonly branches: readonly Place[];
}

export type NamedType = FixedType | EnumType | RecordType;
export type ContainerType = RecordType | ArrayType | MapType | UnionType;
export type AvroType = PrimitiveType | FixedType | EnumType | ContainerType;

/** Where a schema has a type. A named type is one object in all its places; any other type has one place. */
export interface Place {
  readonly type: AvroType;
  /** How the type is spelt here: a name, or its definition. */
  readonly json: unknown;
}

export interface AvroSchema {
  readonly root: Place;
  /** The full names of all types in the schema and in those it refers to. */
  readonly names: ReadonlySet<string>;
}

export function isContainer(type: AvroType): type is ContainerType {
  return type.kind === "record" || type.kind === "array" || type.kind === "map" || type.kind === "union";
}

export function isNamed(type: AvroType): type is NamedType {
  return type.kind === "record" || type.kind === "enum" || type.kind === "fixed";
}

/** The part before the last dot; "" where there is none. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(fullName.lastIndexOf("."), 0));
}

/** What a name stands for inside a namespace. */
export function qualify(name: string, namespace: string): string {
  return namespace === "" || name.includes(".") ? name : `${namespace}.${name}`;
}

/** What a definition calls itself, in a place inside a namespace. */
export function definedName(json: JsonObject, namespace: string): string {
  const name = String(json["name"]);
  return qualify(name, typeof json["namespace"] === "string" ? json["namespace"] : namespace);
}
