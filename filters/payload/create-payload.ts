/** From options to what works on a payload of the format. The code of a format is loaded when a filter uses it. */

import { type FilterContext, StraitError } from "../../src/mod.ts";
import { beginRecord } from "../fields/begin-record.ts";
import type { Payload } from "../fields/payload.ts";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { compileJson } from "../json/compile.ts";
import { decodeText } from "../json/text.ts";
import type { PayloadOptions } from "./payload-options.ts";
import { compileText } from "./text-payload.ts";

/** Rejects with `filter-invalid` where the schema cannot be read, or does not go together with the selection. */
export async function createPayload(
  options: PayloadOptions,
  selection: Selection,
  context: FilterContext,
): Promise<Payload> {
  switch (options.format ?? "json") {
    case "json":
      return synchronous(await jsonSurgeon(options, selection, context), selection);
    case "text":
      return synchronous(compileText(selection), selection);
    case "avro":
      return synchronous(await avroSurgeon(options, selection, context), selection);
    case "protobuf":
      return synchronous(await protobufSurgeon(options, selection, context), selection);
    case "registry": {
      const { registryPayload } = await import("../registry/registry-payload.ts");
      return registryPayload(context, { target: options.target === "key" ? "key" : "value", selection });
    }
  }
}

/** Surgery on JSON; the schema, for tags, is read from its file. */
export async function jsonSurgeon(
  { schema }: PayloadOptions,
  selection: Selection,
  context: FilterContext,
): Promise<Surgeon> {
  if (schema === undefined) return compileJson(selection);
  const text = textOf(await context.file(schema.file), schema.file);
  const [{ SchemaDocuments }, { taggedPaths }] = await Promise.all([
    import("../registry/json-schema/documents.ts"),
    import("../registry/json-schema/tagged-paths.ts"),
  ]);
  return fromFile(schema.file, () => {
    const documents = new SchemaDocuments(text, new Map());
    return compileJson(selection, (tags) => {
      const paths = taggedPaths(documents, tags);
      if (paths.length > 0) return paths;
      throw new StraitError("filter-invalid", `no field has one of the tags ${tags.join(", ")}`);
    });
  });
}

async function avroSurgeon(options: PayloadOptions, selection: Selection, context: FilterContext): Promise<Surgeon> {
  const { file } = schemaIn(options);
  const text = textOf(await context.file(file), file);
  const [{ compileAvro }, { readAvroSchema }] = await Promise.all([
    import("../avro/compile.ts"),
    import("../avro/schema.ts"),
  ]);
  // Without a registry there is nowhere to say that the schema is another one.
  return fromFile(file, () => compileAvro(readAvroSchema(text), selection, { drops: "blank" }).surgeon);
}

async function protobufSurgeon(
  options: PayloadOptions,
  selection: Selection,
  context: FilterContext,
): Promise<Surgeon> {
  const { file, message = "" } = schemaIn(options);
  const set = await context.file(file);
  const [{ compileProtobuf }, { messageFromSet }] = await Promise.all([
    import("../protobuf/compile.ts"),
    import("../protobuf/schema.ts"),
  ]);
  return fromFile(file, () => compileProtobuf(messageFromSet(set, message), selection));
}

function schemaIn({ format, schema }: PayloadOptions): { readonly file: string; readonly message?: string } {
  if (schema === undefined) throw new StraitError("filter-invalid", `format ${format} needs a schema`);
  return schema;
}

/** What is wrong with a schema in a file is wrong with the filter, and not with a record. */
function fromFile<T>(file: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof StraitError)) throw error;
    throw new StraitError("filter-invalid", `${file}: ${error.message}`, { cause: error });
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return decodeText(bytes);
  } catch (cause) {
    throw new StraitError("filter-invalid", `${file} is not text in UTF-8`, { cause });
  }
}

function synchronous(surgeon: Surgeon, selection: Selection): Payload {
  const begin = beginRecord(selection);
  return {
    operate(bytes, record) {
      begin?.(record);
      const changed = surgeon.operate(bytes);
      return changed === null ? null : { bytes: changed, changed: surgeon.changed };
    },
  };
}
