/** Where filters find what they work on: the part of the record, its format, and the schema where the format has one. */

import { type OptionProblem, Type } from "../../src/mod.ts";
import type { OptionPath } from "../fields/option-paths.ts";
import { parsePath } from "../fields/path.ts";

const Target = Type.Union([Type.Literal("value"), Type.Literal("key"), Type.Literal("headers")], {
  default: "value",
  description:
    "The part of the record. The headers are taken as an object of names and UTF-8 texts: $.name, $['x-email'], $.* for all. A key cannot be changed where a compacted topic is mirrored.",
});

const FORMAT_DESCRIPTION =
  "What the bytes are. registry: framed as Confluent's serializers do it (Avro, Protobuf or JSON Schema), with the schema from the source cluster's registry.";

const Schema = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      description:
        "Protobuf: a FileDescriptorSet (protoc --include_imports --descriptor_set_out). Avro: the writer schema. JSON: the JSON Schema, for tags. From where filter files may come.",
    }),
    message: Type.Optional(
      Type.String({ minLength: 1, description: "Protobuf: the full name of the message, as shop.v1.Order." }),
    ),
  },
  { additionalProperties: false },
);

/** The properties for filters on fields. */
export const payloadOptions = {
  target: Type.Optional(Target),
  format: Type.Optional(
    Type.Union([Type.Literal("json"), Type.Literal("protobuf"), Type.Literal("avro"), Type.Literal("registry")], {
      default: "json",
      description: FORMAT_DESCRIPTION,
    }),
  ),
  schema: Type.Optional(Schema),
};

/** The same for filters on texts, which may be all there is. */
export const textPayloadOptions = {
  ...payloadOptions,
  format: Type.Optional(
    Type.Union(
      [
        Type.Literal("json"),
        Type.Literal("protobuf"),
        Type.Literal("avro"),
        Type.Literal("registry"),
        Type.Literal("text"),
      ],
      { default: "json", description: `${FORMAT_DESCRIPTION} text: all of it is one text in UTF-8.` },
    ),
  ),
};

export interface PayloadOptions {
  readonly target?: "value" | "key" | "headers";
  readonly format?: "json" | "protobuf" | "avro" | "registry" | "text";
  readonly schema?: { readonly file: string; readonly message?: string };
}

/** For `FilterDefinition.changesKey`. */
export function changesKey({ target }: PayloadOptions): boolean {
  return target === "key";
}

/** What the evidence calls a field of the target: paths in the value stand for themselves. */
export function labelIn({ target = "value" }: PayloadOptions, field: string): string {
  if (target === "value") return field;
  return `${target === "key" ? "key" : "header"} ${field}`;
}

/** Combinations that make no sense. `tags` says whether some fields are chosen by tags, `paths` which by paths. */
export function payloadProblems(
  { target = "value", format, schema }: PayloadOptions,
  chosen: { readonly tags: boolean; readonly paths: readonly OptionPath[] },
): OptionProblem[] {
  const problems: OptionProblem[] = [];
  const problem = (path: string, message: string) => void problems.push({ path, message });
  if (target === "headers") {
    if (format !== undefined) problem("/format", "headers have no format: they are names and texts");
    if (schema !== undefined) problem("/schema", "headers have no schema");
    if (chosen.tags) problem("", "headers have no tags; choose them by path");
    for (const { text, pointer } of chosen.paths)
      if (!isHeaderPath(text)) problem(pointer, "chooses no header; they are $.name, $['x-email'], or $.* for all");
    return problems;
  }
  if ((format === "protobuf" || format === "avro") && schema === undefined)
    problem("/schema", `is required for format ${format}`);
  if (format === "protobuf" && schema !== undefined && schema.message === undefined)
    problem("/schema/message", "is required for format protobuf");
  if (format !== "protobuf" && schema?.message !== undefined) problem("/schema/message", "is for format protobuf only");
  if ((format === "registry" || format === "text") && schema !== undefined)
    problem("/schema", format === "text" ? "a text has no schema" : "comes from the registry; leave it out");
  if ((format ?? "json") === "json" && schema !== undefined && !chosen.tags)
    problem("/schema", "is for choosing by tags; leave it out");
  if ((format ?? "json") === "json" && schema === undefined && chosen.tags)
    problem("/schema", "is required for choosing by tags: the file with the JSON Schema");
  return problems;
}

/** Of a path that can be read. */
function isHeaderPath(text: string): boolean {
  const [segment, ...rest] = parsePath(text);
  return segment !== undefined && rest.length === 0 && typeof segment.selector !== "number";
}
