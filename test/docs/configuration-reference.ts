/** docs/configuration.md, made of the schemas that check files: `bun test/docs/configuration-reference.ts > docs/configuration.md`. */

import process from "node:process";
import { checkClusterProperties } from "../../src/config/cluster-properties.ts";
import { completeMapping } from "../../src/config/complete-mapping.ts";
import { LIBRDKAFKA_PROPERTIES } from "../../src/config/librdkafka-properties.ts";
import { PolicyContent, RegionInput } from "../../src/config/policy.ts";
import { ClusterInput, ConfigurationFile, LinkInput, MappingInput } from "../../src/config/resource-inputs.ts";
import { FilterUse, SchemaRegistryAccess } from "../../src/config/resources.ts";
import { isSecretProperty } from "../../src/config/secret-properties.ts";
import { textOf } from "./documents.ts";

/** As much of a JSON Schema as those of the configuration use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What the fields of an object are explained as, where the schema of a field is an object with a section of its own. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["clusters", "cluster"],
  ["links", "link"],
  ["policies", "policy"],
  ["regions", "region"],
  ["mappings", "mapping"],
  ["filters", "filter"],
  ["schemaRegistry", "schema registry"],
]);

interface Section {
  readonly title: string;
  readonly text: string;
  /** A TypeBox schema, which is JSON Schema. */
  readonly schema: object;
  /** What a field is when it is left out, where the schema does not say. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** The whole page. */
export function configurationReference(): string {
  return `${[introduction(), ...sections().map(written), ...properties()].join("\n\n")}\n`;
}

function sections(): Section[] {
  return [
    {
      title: "The file",
      text: "All of these are optional. Each is an object whose keys are names.",
      schema: ConfigurationFile,
    },
    {
      title: "A cluster",
      text: "Its key is its name. [registry.md](registry.md) says what a schema registry is for.",
      schema: without(ClusterInput, "name"),
    },
    {
      title: "A schema registry",
      text: "Given with `username` and `password`, or with `token`, or with neither.",
      schema: SchemaRegistryAccess,
    },
    {
      title: "A link",
      text: "Its key is its name. Source and destination are names of clusters and cannot be changed later.",
      schema: without(LinkInput, "name"),
      defaults: { paused: false, mappings: [] },
    },
    {
      title: "A mapping",
      text:
        "Within a link each source topic, each destination topic and each name is there once. Name, source and destination " +
        "cannot be changed later. A name is made from the topic where none is given: lower case, and what names may not have becomes `-`.",
      schema: MappingInput,
      defaults: mappingDefaults(),
    },
    {
      title: "A filter",
      text: "[filters.md](filters.md) has the built-in filters with their options, and how to write your own.",
      schema: FilterUse,
    },
    {
      title: "A policy",
      text: "Its key is its name. Filters of a policy have no `monitor`. [policies.md](policies.md) says how policies decide.",
      schema: PolicyContent,
    },
    {
      title: "A region",
      text: "Its key is the region as clusters have it, or `*` for every one that has no default of its own.",
      schema: RegionInput,
    },
  ];
}

function introduction(): string {
  const example = /```yaml\n[\s\S]*?\n```/.exec(textOf("docs/policies.md"))?.[0];
  if (example === undefined) throw new Error("docs/policies.md has no YAML example to show");
  return `# The configuration file

Every field of the file that \`strait up FILE\` runs and \`strait check FILE\` checks. This page is made from the schemas that check
it, by \`test/docs/configuration-reference.ts\`, and a test holds it to them. The fields are those of the HTTP API
([api.md](api.md)), which also says what a file does to what was changed by the API:
[the file wins for what it names](api.md#configuration-file).

The file is YAML (or JSON, which is YAML). Fields that are not listed here are refused, with file, line and column. Names have
lower-case letters, digits and dashes, at most 64 of them. Options of the program, such as where it listens, are in
[cli.md](cli.md#strait-up).

All parts together:

${example}`;
}

function written({ title, text, schema, defaults = {} }: Section): string {
  const { properties: fields = {}, required = [] } = schema as Schema;
  const rows = Object.entries(fields)
    .filter(([, field]) => field.readOnly !== true)
    .map(([name, field]) => {
      const otherwise = field.default ?? defaults[name];
      const isRequired = required.includes(name);
      return row(`\`${name}\``, typeOf(name, field), isRequired ? "required" : codeOf(otherwise), describe(field));
    });
  return [`## ${title}`, text, [row("field", "is", "default", ""), "|---|---|---|---|", ...rows].join("\n")].join(
    "\n\n",
  );
}

function properties(): string[] {
  const refused = LIBRDKAFKA_PROPERTIES.flatMap(([name]) => {
    const [mistake] = checkClusterProperties({ "bootstrap.servers": "broker:9092", [name]: "x" });
    const [, why] = /^cannot be set: (.+)$/.exec(mistake?.message ?? "") ?? [];
    return why === undefined || why.startsWith("it is code") ? [] : [`| \`${name}\` | ${cell(why)} |`];
  });
  const secret = LIBRDKAFKA_PROPERTIES.map(([name]) => name).filter(isSecretProperty);
  return [
    "## Properties of a cluster",
    "Their names are those of librdkafka 2.15, all of them but those below. A name it does not have is refused. Values are text; numbers and " +
      "booleans need no quotes in a file. What strait connects with beyond librdkafka is in [api.md](api.md#clusters): no Kerberos, keys and certificates as PEM.",
    `**Secrets.** These take \`\${env:NAME}\` or \`\${file:PATH}\` and nothing else: ${secret.map((name) => `\`${name}\``).join(", ")}. So do \`password\` and ` +
      "`token` of a schema registry, and the keys of filters. The reference is what is stored; it is read when it is needed.",
    "**Refused** are those that are code and not values (`*_cb` and such), and these:",
    ["| property | why |", "|---|---|", ...refused].join("\n"),
  ];
}

/** What a mapping is made of where only its topic is given. */
function mappingDefaults(): Readonly<Record<string, unknown>> {
  const { name: _made, source: _given, destination: _template, ...defaults } = completeMapping({ source: "orders" });
  return defaults;
}

function without(schema: object, name: string): Schema {
  const { [name]: _left, ...fields } = (schema as Schema).properties ?? {};
  return { ...schema, properties: fields };
}

/** In words: `text`, `list of text`, `mirror or append`. */
function typeOf(name: string, schema: Schema): string {
  const section = SECTIONS.get(name);
  const ofSection = section === undefined ? null : `[${section}](#a-${section.replaceAll(" ", "-")})`;
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => typeOf("", each)).join(" or ");
  if (schema.const !== undefined) return codeOf(schema.const);
  if (schema.type === "array") {
    return `list of ${range(schema.minItems, schema.maxItems)} ${ofSection ?? typeOf("", schema.items ?? {})}`;
  }
  if (schema.type === "object") {
    if (ofSection !== null) return schema.patternProperties === undefined ? ofSection : `${ofSection} by name`;
    const fields = Object.entries(schema.properties ?? {});
    if (fields.length === 0) return "object";
    return `object with ${fields.map(([field, each]) => `\`${field}\` (${typeOf(field, each)})`).join(", ")}`;
  }
  if (schema.type === "boolean") return "`true` or `false`";
  if (schema.type === "string") {
    if (schema.format === "date-time") return "date and time";
    return schema.maxLength === undefined ? "text" : `text of ${range(schema.minLength, schema.maxLength)} characters`;
  }
  throw new Error(`no words for a field of type ${schema.type} (${name})`);
}

function range(least = 0, most = Number.POSITIVE_INFINITY): string {
  return Number.isFinite(most) ? `${least} to ${most}` : `${least} or more`;
}

/** The description, or that of what a list has in it. */
function describe({ description, items }: Schema): string {
  return description ?? items?.description ?? "";
}

function codeOf(value: unknown): string {
  if (value === undefined) return "";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map(cell).join(" | ")} |`.replaceAll(/ {2,}/g, " ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) process.stdout.write(configurationReference());
