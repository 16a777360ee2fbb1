/** Turns fates into the steps of the walk. What nothing happens in becomes passive, however many nodes it has. */

import { type ConstantFate, type Fate, type FateNode, fatesIn, nodesLeadingTo } from "./fates.ts";
import type { AvroType, ContainerType } from "./model.ts";
import { joined, PassiveSteps } from "./passive-steps.ts";
import {
  ACT_BYTES,
  ACT_FIXED,
  ACT_FLOAT,
  ACT_INTEGER,
  ACT_TEXT,
  CHANGED_ARRAY,
  CHANGED_MAP,
  CHANGED_RECORD,
  CHANGED_UNION,
  CONSTANT,
  CUT_FIELD,
  CUT_ITEM,
  RECORD,
  Step,
  WHOLE_CONSTANT,
} from "./step.ts";

/** The step for the whole payload. With `once` it is of no importance how many fields went. */
export function changingSteps(type: AvroType, root: Fate, once: boolean): Step {
  return new ChangingSteps(root, once).of(type, root);
}

class ChangingSteps {
  readonly #passive = new PassiveSteps();
  readonly #steps = new Map<FateNode, Step>();
  readonly #once: boolean;

  constructor(root: Fate, once: boolean) {
    this.#once = once;
    // All first, then what is in them: they may be in themselves.
    for (const node of this.#changingNodes(root)) this.#steps.set(node, new Step(OPS[node.type.kind]));
    for (const [node, step] of this.#steps) this.#fill(node, step);
  }

  of(type: AvroType, fate: Fate, inRecord = false): Step {
    const passive = this.#passive.of(type);
    if (fate.kind !== "within" && !this.#changes(type, fate, inRecord)) return passive;
    const step = this.#made(fate, passive, inRecord);
    step.least = passive.least;
    return step;
  }

  /**
   * Whether something happens to the bytes of a value. Where it has none, only what is around it can change: the count of
   * a block, the branch of a union. A record of records of nothing can have more fields than anybody could look at.
   */
  #changes(type: AvroType, fate: Fate, inRecord: boolean): boolean {
    if (fate.kind === "stays" || fate.kind === "within") return false;
    if ((fate.kind === "goes" && !inRecord) || (fate.kind === "constant" && fate.whole !== null)) return true;
    return this.#passive.of(type).least > 0;
  }

  /** The nodes in which, at any depth, something happens. */
  #changingNodes(root: Fate): Set<FateNode> {
    const nodeOf = (fate: Fate): FateNode | null => (fate.kind === "within" ? fate.node : null);
    return nodesLeadingTo(
      nodeOf(root),
      (node) => fatesIn(node).map(nodeOf),
      ({ type, parts, indexes, keys, key }) => {
        if (type.kind === "record")
          return type.fields.some(({ place }, index) => this.#changes(place.type, parts[index]!, true));
        if (type.kind === "union")
          return type.branches.some((branch, index) => this.#changes(branch.type, parts[index]!, false));
        const item = type.kind === "array" ? type.items.type : type.values.type;
        const fates = [...parts, ...indexes.values(), ...keys.values()];
        return key.kind !== "stays" || fates.some((fate) => this.#changes(item, fate, false));
      },
    );
  }

  #made(fate: Fate, passive: Step, inRecord: boolean): Step {
    switch (fate.kind) {
      case "stays":
        return passive;
      case "within":
        return this.#steps.get(fate.node) ?? passive;
      case "goes": {
        const step = new Step(inRecord ? CUT_FIELD : CUT_ITEM);
        step.rule = fate.rule;
        step.passive = passive;
        return step;
      }
      case "constant":
        return constantStep(fate, passive);
      case "acted":
        return actStep(fate);
    }
  }

  #fill(node: FateNode, step: Step): void {
    const { type, parts } = node;
    switch (type.kind) {
      case "record": {
        const steps = type.fields.map(({ place }, index) => this.of(place.type, parts[index]!, true));
        step.parts = joined(this.#once ? joinedCuts(steps) : steps);
        break;
      }
      case "union":
        step.parts = type.branches.map((branch, index) => this.of(branch.type, parts[index]!));
        break;
      case "array":
      case "map": {
        const item = type.kind === "array" ? type.items.type : type.values.type;
        step.parts = [this.of(item, parts[0]!)];
        if (node.indexes.size > 0)
          step.indexes = new Map([...node.indexes].map(([index, fate]) => [index, this.of(item, fate)]));
        if (node.keys.size > 0) step.keys = new Map([...node.keys].map(([key, fate]) => [key, this.of(item, fate)]));
        if (node.key.kind !== "stays") step.key = this.of({ kind: "string", logical: null }, node.key);
        step.cuts = fatesIn(node).some(mayGo);
        break;
      }
    }
  }
}

const OPS: Readonly<Record<ContainerType["kind"], number>> = {
  record: CHANGED_RECORD,
  array: CHANGED_ARRAY,
  map: CHANGED_MAP,
  union: CHANGED_UNION,
};

/** Whether an item with this fate can go: always, or in some branch of its union. */
function mayGo(fate: Fate): boolean {
  if (fate.kind === "goes") return true;
  return (
    fate.kind === "within" && fate.node.type.kind === "union" && fate.node.parts.some(({ kind }) => kind === "goes")
  );
}

/** Fields that go, one behind the other, as one. */
function joinedCuts(parts: readonly Step[]): Step[] {
  const result: Step[] = [];
  let passed: Step[] = [];
  for (const part of parts) {
    if (part.op !== CUT_FIELD) {
      result.push(part);
      passed = [];
      continue;
    }
    passed.push(part.passive!);
    if (passed.length > 1) result.pop();
    const cut = new Step(CUT_FIELD);
    cut.passive = passed.length === 1 ? part.passive : new Step(RECORD);
    if (passed.length > 1) cut.passive!.parts = joined(passed);
    result.push(cut);
  }
  return result;
}

function constantStep({ rule, bytes, always, whole }: ConstantFate, passive: Step): Step {
  const step = new Step(whole === null ? CONSTANT : WHOLE_CONSTANT);
  step.rule = rule;
  step.bytes = bytes;
  step.always = always;
  step.passive = passive;
  return step;
}

function actStep({ rule, action, type }: Fate & { kind: "acted" }): Step {
  const step = new Step(actOp(type));
  step.rule = rule;
  step.action = action;
  switch (type.kind) {
    case "fixed":
      step.size = type.size;
      break;
    case "int":
    case "long":
      step.shape = { kind: "integer", bits: type.kind === "int" ? 32 : 64, signed: true, logical: type.logical };
      break;
    case "float":
    case "double":
      step.shape = { kind: "float", bits: type.kind === "float" ? 32 : 64, signed: true, logical: null };
      break;
  }
  return step;
}

function actOp(type: AvroType): number {
  switch (type.kind) {
    case "string":
      return ACT_TEXT;
    case "bytes":
      return ACT_BYTES;
    case "fixed":
      return ACT_FIXED;
    case "int":
    case "long":
      return ACT_INTEGER;
    case "float":
    case "double":
      return ACT_FLOAT;
    default:
      throw new RangeError(`no action takes a ${type.kind}`);
  }
}
