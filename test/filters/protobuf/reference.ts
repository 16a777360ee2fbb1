/**
 * What the surgery is held against: payloads decoded by @bufbuild/protobuf into a tree, paths evaluated on it as RFC 9535
 * words them, and the tree rebuilt from what is left. Written for clearness, sharing nothing with the filters.
 */

import { type DescField, type DescMessage, fromBinary, isFieldSet, type Message, ScalarType } from "@bufbuild/protobuf";
import type { JsonPath, Segment } from "../../../filters/fields/path.ts";

export type Node = MessageNode | ListNode | MapNode | Leaf;

export interface MessageNode {
  readonly kind: "message";
  readonly desc: DescMessage;
  /** By field number, set fields only. */
  readonly members: ReadonlyMap<number, Node>;
  readonly unknown: readonly string[];
}

export interface ListNode {
  readonly kind: "list";
  readonly field: DescField;
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: "map";
  readonly field: DescField;
  readonly entries: readonly { readonly key: Leaf; readonly value: Node }[];
}

export interface Leaf {
  readonly kind: "leaf";
  readonly scalar: ScalarType | "enum";
  /** Texts and digits; bytes in hex. */
  readonly value: string;
}

export function decodeTree(desc: DescMessage, bytes: Uint8Array): MessageNode {
  return messageNode(desc, fromBinary(desc, bytes) as Message & Record<string, unknown>);
}

function messageNode(desc: DescMessage, message: Message & Record<string, unknown>): MessageNode {
  const members = new Map<number, Node>();
  for (const field of desc.fields) {
    if (!isFieldSet(message, field)) continue;
    const raw =
      field.oneof === undefined
        ? message[field.localName]
        : (message[field.oneof.localName] as { value: unknown }).value;
    members.set(field.number, fieldNode(field, raw));
  }
  const unknown = (message.$unknown ?? []).map(({ no, wireType, data }) => `${no}:${wireType}:${hex(data)}`);
  return { kind: "message", desc, members, unknown };
}

function fieldNode(field: DescField, raw: unknown): Node {
  const single = (value: unknown): Node => {
    if (field.message !== undefined) return messageNode(field.message, value as Message & Record<string, unknown>);
    return leaf(field.scalar ?? "enum", value);
  };
  if (field.fieldKind === "list") return { kind: "list", field, items: (raw as unknown[]).map(single) };
  if (field.fieldKind === "map") {
    const { mapKey } = field;
    const entries = Object.entries(raw as object).map(([key, value]) => ({
      key: leaf(mapKey, key),
      value: single(value),
    }));
    return { kind: "map", field, entries: entries.sort((a, b) => (a.key.value < b.key.value ? -1 : 1)) };
  }
  return single(raw);
}

function leaf(scalar: ScalarType | "enum", value: unknown): Leaf {
  return { kind: "leaf", scalar, value: value instanceof Uint8Array ? hex(value) : String(value) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The steps to the parts of a value: a field's two names, an index, a key. */
function partsOf(node: Node): readonly { readonly names: readonly (string | number)[]; readonly node: Node }[] {
  switch (node.kind) {
    case "message":
      return node.desc.fields.flatMap(({ name, jsonName, number }) => {
        const member = node.members.get(number);
        return member === undefined ? [] : [{ names: [name, jsonName], node: member }];
      });
    case "list":
      return node.items.map((item, index) => ({ names: [index], node: item }));
    case "map":
      return node.entries.map(({ key, value }) => ({ names: [key.value], node: value }));
    default:
      return [];
  }
}

function withDescendants(node: Node): Node[] {
  return [node, ...partsOf(node).flatMap((part) => withDescendants(part.node))];
}

/** The values a path leads to. */
export function select(root: Node, path: JsonPath): Set<Node> {
  let selected = new Set<Node>([root]);
  for (const { descend, selector } of path) {
    const from = descend ? new Set([...selected].flatMap(withDescendants)) : selected;
    selected = new Set(
      [...from].flatMap((node) =>
        partsOf(node)
          .filter(({ names }) => selector === null || names.includes(selector))
          .map((part) => part.node),
      ),
    );
  }
  return selected;
}

/** The `fields` form: `change` gives what stands in the place of a chosen value, undefined for nothing. */
export function changeTree(
  root: MessageNode,
  paths: readonly JsonPath[],
  change: (node: Node, rule: number) => Node | undefined,
): Node | undefined {
  const chosen = paths.map((path) => select(root, path));
  return rebuild(root, (node) => {
    const rule = chosen.findIndex((nodes) => nodes.has(node));
    return rule === -1 ? null : { node: change(node, rule) };
  });
}

/** Rebuilds a tree; where `settle` gives something, it stands in the place of a value, and else its parts are settled. */
function rebuild(node: Node, settle: (node: Node) => { node: Node | undefined } | null): Node | undefined {
  const settled = settle(node);
  if (settled !== null) return settled.node;
  const parts = (list: readonly Node[]): Node[] => list.flatMap((part) => rebuild(part, settle) ?? []);
  switch (node.kind) {
    case "leaf":
      return node;
    case "list":
      return { ...node, items: parts(node.items) };
    case "map":
      return {
        ...node,
        entries: node.entries.flatMap(({ key, value }) => {
          const rebuilt = rebuild(value, settle);
          return rebuilt === undefined ? [] : [{ key, value: rebuilt }];
        }),
      };
    case "message":
      return {
        ...node,
        members: new Map(
          [...node.members].flatMap(([number, member]): [number, Node][] => {
            const rebuilt = rebuild(member, settle);
            return rebuilt === undefined ? [] : [[number, rebuilt]];
          }),
        ),
      };
  }
}

/** All texts of a tree and the keys of its maps, as `change` makes them. */
export function changeTexts(node: Node, change: (text: string) => string): Node {
  const text = (one: Leaf): Leaf => (one.scalar === ScalarType.STRING ? { ...one, value: change(one.value) } : one);
  switch (node.kind) {
    case "leaf":
      return text(node);
    case "list":
      return { ...node, items: node.items.map((item) => changeTexts(item, change)) };
    case "map": {
      const entries = node.entries.map(({ key, value }) => ({ key: text(key), value: changeTexts(value, change) }));
      return { ...node, entries: entries.sort((a, b) => (a.key.value < b.key.value ? -1 : 1)) };
    }
    case "message":
      return {
        ...node,
        members: new Map([...node.members].map(([number, one]) => [number, changeTexts(one, change)])),
      };
  }
}

/** How far paths have come at one place. */
type Progress = readonly { readonly path: JsonPath; readonly taken: number }[];

/** The `keep` form: messages on the way to what may be kept stay as shells, entries of maps if something in them does. */
export function keepTree(root: MessageNode, paths: readonly JsonPath[]): Node {
  return (
    kept(
      root,
      paths.map((path) => ({ path, taken: 0 })),
    ) ?? { ...root, members: new Map(), unknown: [] }
  );
}

function kept(node: Node, progress: Progress): Node | undefined {
  if (progress.some(({ path, taken }) => taken === path.length)) return node;
  switch (node.kind) {
    case "leaf":
      return undefined;
    case "list":
      return { ...node, items: node.items.flatMap((item, index) => kept(item, step(progress, [index])) ?? []) };
    case "map":
      return {
        ...node,
        entries: node.entries.flatMap(({ key, value }) => {
          const inside = step(progress, [key.value]);
          const left = kept(value, inside);
          return left === undefined || !holdsKept(value, inside) ? [] : [{ key, value: left }];
        }),
      };
    case "message": {
      if (!mayHold(node.desc, progress, new Set())) return undefined;
      const members = new Map<number, Node>();
      for (const { name, jsonName, number } of node.desc.fields) {
        const member = node.members.get(number);
        const left = member && kept(member, step(progress, [name, jsonName]));
        if (left !== undefined) members.set(number, left);
      }
      return { ...node, members, unknown: [] };
    }
  }
}

/** Whether something that is there is kept. */
function holdsKept(node: Node, progress: Progress): boolean {
  if (progress.some(({ path, taken }) => taken === path.length)) return true;
  return partsOf(node).some((part) => holdsKept(part.node, step(progress, part.names)));
}

/** Whether a message of the type could hold something that is kept, by the schema alone. */
function mayHold(desc: DescMessage, progress: Progress, seen: Set<string>): boolean {
  const key = `${desc.typeName} ${progress
    .map(({ path, taken }) => `${JSON.stringify(path)}${taken}`)
    .sort()
    .join()}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return desc.fields.some((field) => {
    let inside = step(progress, [field.name, field.jsonName]);
    if (inside.some(({ path, taken }) => taken === path.length)) return true;
    if (field.fieldKind === "list") inside = anyStep(inside, "number");
    if (field.fieldKind === "map") inside = anyStep(inside, "string");
    if (inside.some(({ path, taken }) => taken === path.length)) return true;
    return field.message !== undefined && mayHold(field.message, inside, seen);
  });
}

function step(progress: Progress, names: readonly (string | number)[]): Progress {
  return advance(progress, ({ selector }) => selector === null || names.includes(selector));
}

/** The steps to some element, or to the entry with some key. */
function anyStep(progress: Progress, kind: "number" | "string"): Progress {
  return advance(progress, ({ selector }) => selector === null || typeof selector === kind);
}

function advance(progress: Progress, takes: (segment: Segment) => boolean): Progress {
  const next = progress.flatMap(({ path, taken }) => {
    const segment = path[taken];
    if (segment === undefined) return [];
    return [...(segment.descend ? [{ path, taken }] : []), ...(takes(segment) ? [{ path, taken: taken + 1 }] : [])];
  });
  return next.filter(
    (one, index) => next.findIndex(({ path, taken }) => path === one.path && taken === one.taken) === index,
  );
}

/** A tree without what a decoder cannot tell from nothing: lists and maps without content. Comparable with `toEqual`. */
export function comparable(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case "leaf":
      return `${node.scalar}:${node.value}`;
    case "list":
      return node.items.map(comparable);
    case "map":
      return node.entries.map(({ key, value }) => [key.value, comparable(value)]);
    case "message": {
      const members = [...node.members]
        .filter(([, member]) => !(member.kind === "list" && member.items.length === 0))
        .filter(([, member]) => !(member.kind === "map" && member.entries.length === 0))
        .sort(([a], [b]) => a - b)
        .map(([number, member]) => [number, comparable(member)]);
      return { members, unknown: node.unknown };
    }
  }
}
