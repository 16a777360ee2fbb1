/**
 * The different schemas that the fates make of a schema's types. Two nodes of one type are one variant when the same
 * fields are left, and below them again, so that a type gets no second name without need.
 */

import { type Fate, type FateNode, fatesIn, nodesLeadingTo } from "./fates.ts";
import type { AvroType } from "./model.ts";

/** A type in one of its variants. `node` is null for the type as it was. */
export interface Variant {
  readonly type: AvroType;
  readonly node: FateNode | null;
}

export class Variants {
  readonly #classes: ReadonlyMap<FateNode, number>;
  readonly #ids = new Map<AvroType | number, number>();

  constructor(root: Fate) {
    this.#classes = classesOf(reducedNodes(root));
  }

  /** The variant a place has by its fate. */
  of(type: AvroType, fate: Fate): Variant {
    const node = nodeOf(fate);
    return { type, node: node !== null && this.#classes.has(node) ? node : null };
  }

  /** A number that two variants share when they are the same. */
  idOf({ type, node }: Variant): number {
    const key = node === null ? type : this.#classes.get(node)!;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
    }
    return id;
  }
}

/** Where the schema of a place is described: below it, or in what is left of a type without values. */
function nodeOf(fate: Fate): FateNode | null {
  switch (fate.kind) {
    case "within":
      return fate.node;
    case "goes":
      return fate.shell;
    case "constant":
      return fate.whole?.shell ?? null;
    default:
      return null;
  }
}

/** What the schema of a node is made of: a record's fields that are left, branches, and all items there can be. */
function partsLeft(node: FateNode): readonly Fate[] {
  if (node.type.kind === "union") return node.parts;
  if (node.type.kind === "record") return node.parts.filter(({ kind }) => kind !== "goes");
  return itemsLeft(node);
}

/** The fates of a node's items that are left; where all go, of those that were there. */
export function itemsLeft(node: FateNode): readonly Fate[] {
  const fates = fatesIn(node);
  const left = fates.filter(({ kind }) => kind !== "goes");
  return left.length > 0 ? left : fates;
}

/** The nodes in which, at any depth, a record has lost a field. */
function reducedNodes(root: Fate): FateNode[] {
  const loses = ({ type, parts }: FateNode): boolean =>
    type.kind === "record" && parts.some(({ kind }) => kind === "goes");
  return [...nodesLeadingTo(nodeOf(root), (node) => partsLeft(node).map(nodeOf), loses)];
}

/** Numbers for the nodes, equal where no difference can be found: told apart by what is in them until nothing new shows. */
function classesOf(nodes: readonly FateNode[]): ReadonlyMap<FateNode, number> {
  const types = new Map<AvroType, number>();
  const typeId = (type: AvroType): number => {
    const id = types.get(type) ?? types.size;
    types.set(type, id);
    return id;
  };
  const wanted = new Set(nodes);
  let classes = new Map<FateNode, number>(nodes.map((node) => [node, 0]));
  for (let count = 0; ; ) {
    const numbers = new Map<string, number>();
    const next = new Map<FateNode, number>();
    for (const node of nodes) {
      const left =
        node.type.kind === "record" ? node.parts.map(({ kind }) => (kind === "goes" ? "-" : "+")).join("") : "";
      const below = partsLeft(node).map((fate) => {
        const part = nodeOf(fate);
        return part !== null && wanted.has(part) ? classes.get(part) : "=";
      });
      const signature = `${typeId(node.type)} ${classes.get(node)} ${left} ${below.join()}`;
      const number = numbers.get(signature) ?? numbers.size;
      numbers.set(signature, number);
      next.set(node, number);
    }
    classes = next;
    if (numbers.size === count) return classes;
    count = numbers.size;
  }
}
