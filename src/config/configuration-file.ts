/** Reads a configuration file (YAML) and finds the line of each mistake in it. */

import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { messageOf } from "../model/errors.ts";
import { type FieldError, InvalidConfiguration } from "./invalid-configuration.ts";
import { pointerSegments } from "./json-pointer.ts";
import { ConfigurationFile } from "./resource-inputs.ts";
import { validate } from "./validate.ts";

export interface FilePlace {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** A mistake and where in the file it is. */
export interface FileError extends FieldError, FilePlace {}

/** A file whose shape is right; what it says may still break rules. */
export interface ParsedFile {
  readonly content: ConfigurationFile;
  /** Adds the places to mistakes found later. */
  locate(errors: readonly FieldError[]): FileError[];
}

/** Thrown for a file that is not YAML or not of the right shape. */
export class InvalidConfigurationFile extends InvalidConfiguration {
  readonly located: readonly FileError[];

  constructor(located: readonly FileError[]) {
    super(located);
    this.located = located;
  }
}

/** Parses the text of a file. Numbers and booleans among cluster properties become text, as librdkafka takes them. */
export function parseConfigurationFile(text: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, at: pos[0] }));
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      problems.push({ message: `nothing has the anchor ${alias.source}`, at: alias.range?.[0] ?? 0 });
    },
  });
  if (problems.length > 0) {
    const located = problems.map(({ message, at }) => ({ path: "", message, ...place(lines, at) }));
    throw new InvalidConfigurationFile(located);
  }
  const locate = (errors: readonly FieldError[]) =>
    errors.map((error) => ({ ...error, ...place(lines, offsetOf(document.contents, pointerSegments(error.path))) }));
  const result = validate(ConfigurationFile, withTextProperties(contentOf(document)));
  if (!result.ok) throw new InvalidConfigurationFile(locate(result.errors));
  return { content: result.value, locate };
}

function place(lines: LineCounter, offset: number): FilePlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where the deepest part of the path that exists begins; for a member, its name. */
function offsetOf(root: Node | null, segments: readonly string[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const segment of segments) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (!isPair(pair)) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = (node as { items?: readonly unknown[] } | null)?.items?.[Number(segment)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}

function contentOf(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // Aliases that multiply without end (yaml's maxAliasCount).
    throw new InvalidConfigurationFile([{ path: "", message: messageOf(error), line: 1, column: 1 }]);
  }
}

function withTextProperties(content: unknown): unknown {
  if (!isObject(content) || !isObject(content["clusters"])) return content;
  const clusters = Object.entries(content["clusters"]).map(([name, cluster]) => {
    if (!isObject(cluster) || !isObject(cluster["properties"])) return [name, cluster];
    const properties = Object.entries(cluster["properties"]).map(([property, value]) => [
      property,
      typeof value === "number" || typeof value === "boolean" ? String(value) : value,
    ]);
    return [name, { ...cluster, properties: Object.fromEntries(properties) }];
  });
  return { ...content, clusters: Object.fromEntries(clusters) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
