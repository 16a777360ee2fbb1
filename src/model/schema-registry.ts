/** What filters may ask of a schema registry. The client that speaks to one is in plugins/schema-registry. */

export type SchemaType = "AVRO" | "JSON" | "PROTOBUF";

/** Another schema that one refers to, by the name it has in the schema. */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface Schema {
  readonly type: SchemaType;
  /** Avro and JSON Schema: JSON text. Protobuf: a FileDescriptorProto in base64. */
  readonly text: string;
  readonly references: readonly SchemaReference[];
  /** Tags that the registry keeps beside the schema (its `metadata.tags`), which say of fields what the schema does not. */
  readonly outsideTags?: readonly string[];
}

/** How a registry names one schema: by number in frames, by a UUID in headers where the registry has them. */
export interface SchemaId {
  readonly id: number;
  readonly guid: string | null;
}

/** A schema as it is registered under a subject. */
export interface RegisteredSchema extends SchemaId {
  /** The version of the subject, for references. */
  readonly version: number;
}

/**
 * Everything is asked once and then known. What rejects: `schema-unavailable` (retriable) for a registry that does not
 * answer, after retries of its own; `filter-failed` for a schema that it does not have.
 */
export interface SchemaRegistry {
  /** For messages; holds no secrets. */
  readonly url: string;
  byId(id: number): Promise<Schema>;
  byGuid(guid: string): Promise<Schema>;
  /** The number of a schema that is known by its UUID. */
  idOf(guid: string): Promise<number>;
  /** A schema that another one refers to. */
  byVersion(subject: string, version: number): Promise<Schema>;
  /** The subjects a schema is registered under, in no particular order. */
  subjectsOf(id: number): Promise<readonly string[]>;
  /** Registers a schema, or finds it where it is registered already. */
  register(subject: string, schema: Schema): Promise<RegisteredSchema>;
}
