/**
 * What the surgery is held against: JSON read into a tree that keeps every spelling, paths evaluated as RFC 9535 words
 * them, and the text rebuilt from what is left. Written for clearness, sharing nothing with the filters.
 */

import { createHmac } from "node:crypto";

export interface Item {
  /** White space before the item, and after it up to the comma or the closing bracket. */
  readonly before: string;
  readonly after: string;
  /** Decoded; null in arrays. */
  readonly name: string | null;
  /** The name's spelling with colon and white space; "" in arrays. */
  readonly label: string;
  readonly node: Node;
}

export interface Node {
  /** The text of the value as it was. */
  readonly raw: string;
  readonly kind: "object" | "array" | "scalar";
  readonly items: readonly Item[];
  /** White space in a container without items. */
  readonly inner: string;
}

export interface ReferenceSegment {
  readonly descend: boolean;
  readonly selector: string | number | null;
}

export type ReferenceAction =
  | { readonly action: "drop" }
  | { readonly action: "replace"; readonly value: unknown }
  | { readonly action: "mask"; readonly first: number; readonly last: number; readonly with: string }
  | {
      readonly action: "hash";
      readonly secret: string;
      readonly encoding: "hex" | "base64url";
      readonly length: number;
      readonly keyVersion: string;
    }
  | { readonly action: "truncate"; readonly length: number }
  | { readonly action: "generalise"; readonly bucket: number }
  | { readonly action: "generalise"; readonly postcode: number; readonly rest: "drop" | "mask" };

export interface ReferenceRule {
  readonly text: string;
  readonly segments: readonly ReferenceSegment[];
  readonly change: ReferenceAction;
}

/** A document: the root and the white space around it. The text must be JSON. */
export interface Document {
  readonly before: string;
  readonly root: Node;
  readonly after: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null/y;

export function parseReference(text: string): Document {
  let at = 0;
  const blank = (): string => {
    const start = at;
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
    return text.slice(start, at);
  };
  const token = (): string => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0];
    if (found === undefined) throw new SyntaxError(`no token at ${at}`);
    at += found.length;
    return found;
  };
  const value = (): Node => {
    const start = at;
    const open = text[at];
    if (open !== "{" && open !== "[") return { raw: token(), kind: "scalar", items: [], inner: "" };
    const items: Item[] = [];
    at++;
    let before = blank();
    const inner = before;
    while (text[at] !== "}" && text[at] !== "]") {
      const from = at;
      let name: string | null = null;
      if (open === "{") {
        name = JSON.parse(token()) as string;
        blank();
        at++; // the colon
        blank();
      }
      const label = text.slice(from, at);
      const node = value();
      const after = blank();
      items.push({ before, after, name, label, node });
      if (text[at] === ",") {
        at++;
        before = blank();
      }
    }
    at++;
    return { raw: text.slice(start, at), kind: open === "{" ? "object" : "array", items, inner };
  };
  const before = blank();
  const root = value();
  return { before, root, after: blank() };
}

/** The values a path leads to. */
export function select(root: Node, segments: readonly ReferenceSegment[]): Set<Node> {
  let selected = new Set([root]);
  for (const { descend, selector } of segments) {
    const from = descend ? new Set([...selected].flatMap(withDescendants)) : selected;
    selected = new Set(
      [...from].flatMap(({ items }) =>
        items
          .filter((item, index) => selector === null || selector === (typeof selector === "string" ? item.name : index))
          .filter((item) => typeof selector !== "number" || item.name === null)
          .map((item) => item.node),
      ),
    );
  }
  return selected;
}

export function withDescendants(node: Node): Node[] {
  return [node, ...node.items.flatMap((item) => withDescendants(item.node))];
}

export interface Outcome {
  readonly text: string;
  readonly changed: readonly string[];
}

/** The `fields` form. Throws where a value cannot be masked or hashed. */
export function changeReference(text: string, rules: readonly ReferenceRule[]): Outcome {
  const { before, root, after } = parseReference(text);
  const matched = rules.map(({ segments }) => select(root, segments));
  const changed: string[] = [];
  const render = (node: Node): string | null => {
    const rule = rules[matched.findIndex((nodes) => nodes.has(node))];
    if (rule === undefined) return node.kind === "scalar" ? node.raw : rebuild(node, render);
    const result = changedText(node, rule.change);
    if (result !== undefined) changed.push(rule.text);
    return result === undefined ? node.raw : result;
  };
  const result = render(root);
  return { text: `${before}${result}${after}`, changed };
}

/**
 * The `texts` form: what `change` makes of each string, or number where `numbers` is true; null removes one, undefined
 * leaves it. Throws where the root is to go.
 */
export function textsReference(
  text: string,
  numbers: boolean,
  change: (value: string) => string | null | undefined,
): string {
  const { before, root, after } = parseReference(text);
  const render = (node: Node): string | null => {
    if (node.kind !== "scalar") return rebuild(node, render);
    const isText = node.raw.startsWith('"');
    if (!isText && !(numbers && /^[-0-9]/.test(node.raw))) return node.raw;
    const result = change(isText ? (JSON.parse(node.raw) as string) : node.raw);
    return result === undefined ? node.raw : result === null ? null : JSON.stringify(result);
  };
  const result = render(root);
  if (result === null) throw new Error("the whole text is to go");
  return `${before}${result}${after}`;
}

/** The `keep` form. Throws for a root that is neither object nor array. */
export function keepReference(text: string, paths: readonly (readonly ReferenceSegment[])[]): string {
  const { before, root, after } = parseReference(text);
  if (root.kind === "scalar") throw new Error("a scalar root");
  const kept = new Set(paths.flatMap((segments) => [...select(root, segments)]));
  const holdsKept = (node: Node): boolean => withDescendants(node).some((inside) => kept.has(inside));
  const render = (node: Node): string | null =>
    kept.has(node) ? node.raw : holdsKept(node) || node === root ? rebuild(node, render) : null;
  return `${before}${render(root)}${after}`;
}

/** A container with its items as `render` gives them; null removes one. White space goes with the comma it stands at. */
function rebuild(node: Node, render: (node: Node) => string | null): string {
  const { items, kind, inner } = node;
  let body = items.length === 0 ? inner : "";
  let first = true;
  for (const [index, item] of items.entries()) {
    if (index === 0) body += item.before;
    const value = render(item.node);
    if (value === null) continue;
    if (!first) body += `${items[index - 1]?.after},${item.before}`;
    body += item.label + value;
    first = false;
  }
  body += items.at(-1)?.after ?? "";
  return kind === "object" ? `{${body}}` : `[${body}]`;
}

/** The text in a value's place, null for none, undefined for one that stays. */
function changedText({ raw, kind }: Node, change: ReferenceAction): string | null | undefined {
  if (change.action === "drop") return null;
  if (change.action === "replace") return JSON.stringify(change.value);
  if (kind !== "scalar") throw new Error(`cannot ${change.action} a container`);
  if (raw === "null") return undefined;
  const text = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
  if (change.action === "hash") {
    const digest = createHmac("sha256", change.secret).update(text.toWellFormed(), "utf8").digest(change.encoding);
    return JSON.stringify(`${change.keyVersion}:${digest.slice(0, change.length)}`);
  }
  if ("bucket" in change) {
    const bound = lowerBound(text, change.bucket);
    if (bound === text) return undefined;
    return raw.startsWith('"') ? JSON.stringify(bound) : bound;
  }
  const characters = [...text];
  if (change.action === "truncate")
    return characters.length <= change.length ? undefined : JSON.stringify(characters.slice(0, change.length).join(""));
  if (change.action === "generalise") {
    const shown = characters.length > change.postcode ? change.postcode : 0;
    const after = characters.map((char, index) => (index < shown ? char : change.rest === "mask" ? "*" : "")).join("");
    return after === text ? undefined : JSON.stringify(after);
  }
  const visible = (index: number): boolean => index < change.first || index >= characters.length - change.last;
  const all = change.first + change.last >= characters.length;
  return JSON.stringify(characters.map((char, index) => (!all && visible(index) ? char : change.with)).join(""));
}

/** Every number the tests make is a whole number of these. */
const DIGITS = 900;

/** The largest multiple of a whole bucket that is not above the number, by long division of its digits. */
function lowerBound(text: string, bucket: number): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  if (!/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(mantissa) || !/^[+-]?[0-9]+$/.test(exponent))
    throw new Error("no number");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const zeros = DIGITS + Number(exponent) - fraction.length;
  let units = BigInt(whole + fraction + "0".repeat(zeros));
  if (mantissa.startsWith("-")) units = -units;
  const step = BigInt(bucket) * 10n ** BigInt(DIGITS);
  let multiples = units / step;
  if (multiples * step > units) multiples--;
  return String(multiples * BigInt(bucket));
}
