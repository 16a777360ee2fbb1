/** From a schema of a registry to what changes its payloads, and what they are written with then. */

import type { Schema } from "../../src/mod.ts";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import type { ReducedSchema } from "./schema-carrier.ts";

export interface CompiledSchema {
  readonly surgeon: Surgeon;
  /** Null where the schema is as it was. */
  readonly reduced: ReducedSchema | null;
  /** Protobuf: where the message type is in the reduced schema. */
  readonly messageIndex: readonly number[] | null;
}

/** The schemas a schema refers to, by the names it uses, each after those it refers to itself. */
export type Referenced = ReadonlyMap<string, Schema>;

/** `messageIndex` is for Protobuf only. Rejects with `filter-invalid` or `filter-failed` for what the schema does not allow. */
export function compileSchema(
  schema: Schema,
  referenced: Referenced,
  messageIndex: readonly number[] | null,
  selection: Selection,
): Promise<CompiledSchema> {
  switch (schema.type) {
    case "AVRO":
      return compileAvroSchema(schema, referenced, selection);
    case "JSON":
      return compileJson(schema, referenced, selection);
    case "PROTOBUF":
      return compileProtobufSchema(schema, referenced, messageIndex ?? [], selection);
  }
}

async function compileAvroSchema(
  schema: Schema,
  referenced: Referenced,
  selection: Selection,
): Promise<CompiledSchema> {
  const [{ compileAvro }, { readAvroSchema }] = await Promise.all([
    import("../avro/compile.ts"),
    import("../avro/schema.ts"),
  ]);
  const read = readAvroSchema(schema.text, [...textsOf(referenced).values()]);
  const { surgeon, reduced } = compileAvro(read, selection, { drops: "reduce" });
  // It refers to nothing: what it uses is in it.
  return {
    surgeon,
    reduced: reduced === null ? null : only({ ...schema, text: JSON.stringify(reduced), references: [] }),
    messageIndex: null,
  };
}

async function compileJson(schema: Schema, referenced: Referenced, selection: Selection): Promise<CompiledSchema> {
  const { compileJsonSchema } = await import("./json-schema.ts");
  const { surgeon, reduced } = compileJsonSchema(schema.text, textsOf(referenced), selection);
  return { surgeon, reduced: reduced === null ? null : only({ ...schema, text: reduced }), messageIndex: null };
}

async function compileProtobufSchema(
  schema: Schema,
  referenced: Referenced,
  index: readonly number[],
  selection: Selection,
): Promise<CompiledSchema> {
  const [{ compileProtobuf }, { messageFromFile }, { reduceProtobuf }, { encodeFile }] = await Promise.all([
    import("../protobuf/compile.ts"),
    import("../protobuf/schema.ts"),
    import("../protobuf/reduce.ts"),
    import("./encode-file.ts"),
  ]);
  const message = messageFromFile({ file: schema.text, imports: textsOf(referenced) }, index);
  const surgeon = compileProtobuf(message, selection);
  const left = reduceProtobuf(message, selection);
  if (left === null) return { surgeon, reduced: null, messageIndex: null };
  const others = new Map<string, Schema>();
  for (const [name, file] of left.imports) {
    const before = referenced.get(name);
    if (before !== undefined) others.set(name, encodeFile(file, before));
  }
  return { surgeon, reduced: { schema: encodeFile(left.file, schema), referenced: others }, messageIndex: left.index };
}

function only(schema: Schema): ReducedSchema {
  return { schema, referenced: new Map() };
}

function textsOf(referenced: Referenced): Map<string, string> {
  return new Map([...referenced].map(([name, { text }]) => [name, text]));
}
