/** Applies a selection to a schema: what happens at each place, with every mistake found before the first record. */

import { StraitError } from "../../src/mod.ts";
import { compileMatcher, elementState, type MatchState, namedState } from "../fields/matcher.ts";
import type { Selection } from "../fields/selection.ts";
import { type ActScope, aNameOf, cannot, fittingBytes, scalarFate } from "./act-scope.ts";
import { blankOf, nullOf } from "./blank.ts";
import { fittingBranch } from "./encode.ts";
import { type Fate, type FateNode, STAYS } from "./fates.ts";
import { type AvroSchema, type AvroType, isContainer, type RecordField, type UnionType } from "./model.ts";
import { memberPath } from "./place-path.ts";
import { Reach } from "./reach.ts";
import { type FoundRule, Rules } from "./rules.ts";

/** What a dropped field leaves: nothing, and a schema without it; or null or its default, and the schema as it is. */
export type Drops = "reduce" | "blank";

/** Types times the states of the matcher; a schema of a thousand types with some paths has a few thousand. */
const MOST_NODES = 100_000;

/** How a part of the schema is looked at: as what the paths make of it, or as what one change is made to. */
type Scope = MatchState | ActScope;

/** Where a value is: on top, in an array or a map, or in a field. */
type Holder = "top" | "item" | RecordField;

interface Pending {
  readonly node: FateNode;
  readonly scope: Scope;
  readonly path: string;
  readonly holder: Holder;
}

export interface Chosen {
  readonly root: Fate;
  /** By the rules' indexes. */
  readonly labels: readonly string[];
}

/** Throws `filter-invalid`, with the place and the remedy, for what the schema does not allow. */
export function choose(schema: AvroSchema, selection: Selection, drops: Drops): Chosen {
  return new Choosing(selection, drops).choose(schema);
}

class Choosing {
  readonly #selection: Selection;
  readonly #drops: Drops;
  readonly #rules: Rules;
  /** Below this nothing is kept. */
  readonly #nothing = compileMatcher([], { below: false });
  readonly #reach = new Reach();
  readonly #actScopes = new Map<string, ActScope>();
  readonly #nodes = new Map<AvroType, Map<Scope, FateNode>>();
  readonly #pending: Pending[] = [];
  #count = 0;

  constructor(selection: Selection, drops: Drops) {
    this.#selection = selection;
    this.#drops = drops;
    this.#rules = new Rules(selection);
  }

  choose({ root }: AvroSchema): Chosen {
    const selection = this.#selection;
    let fate = this.#fate(root.type, this.#rootScope(), null, "$", "top");
    if (fate.kind === "goes") {
      if (selection.form === "fields")
        cannot(
          "drop",
          this.#rules.list[fate.rule]!.label,
          "$",
          "it is the whole value; use drop-records to drop whole records",
        );
      if (!isContainer(root.type)) cannot("keep", "what is listed", "$", `the value is ${aNameOf(root.type)}`);
      fate = this.#within(root.type, this.#nothing, "$", "top");
    }
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) this.#fill(next);
    const labels = selection.form === "fields" ? this.#rules.list.map(({ label }) => label) : [selection.label];
    return { root: fate, labels };
  }

  #rootScope(): Scope {
    const selection = this.#selection;
    if (selection.form !== "texts") return this.#rules.matcher;
    const { change, label } = selection;
    if (change.kind === "drop")
      return cannot("drop", label, "$", "texts are replaced or changed; to drop some, name the fields");
    return { rule: 0, label, change, reach: "texts" };
  }

  /** `field` where the place is one: it may have tags. */
  #fate(type: AvroType, scope: Scope, field: RecordField | null, path: string, holder: Holder): Fate {
    if (!isMatchState(scope)) return this.#actFate(type, scope, path, holder);
    if (this.#selection.form === "keep") {
      if (scope.matches.length > 0) return STAYS;
      return this.#reach.from(type, scope)
        ? this.#within(type, scope, path, holder)
        : { kind: "goes", rule: 0, shell: null };
    }
    const rule = this.#rules.first(scope, field);
    if (rule !== null) return this.#ruleFate(type, rule, path, holder);
    return scope.live || this.#rules.hasTags ? this.#within(type, scope, path, holder) : STAYS;
  }

  #ruleFate(type: AvroType, { rule, byTag }: FoundRule, path: string, holder: Holder): Fate {
    const { change, label } = this.#rules.list[rule]!;
    if (change.kind === "drop") return { kind: "goes", rule, shell: null };
    if (change.kind === "replace")
      return {
        kind: "constant",
        rule,
        bytes: fittingBytes(type, change.value, label, path),
        always: true,
        whole: null,
      };
    const key = `${rule} ${byTag}`;
    let scope = this.#actScopes.get(key);
    if (scope === undefined) {
      scope = { rule, label, change, reach: byTag ? "below" : "value" };
      this.#actScopes.set(key, scope);
    }
    return this.#actFate(type, scope, path, holder);
  }

  #actFate(type: AvroType, scope: ActScope, path: string, holder: Holder): Fate {
    if (!isContainer(type)) return scalarFate(type, scope, path);
    if (scope.reach === "value" && type.kind !== "union") {
      const name = scope.change.kind === "act" ? scope.change.action.name : scope.change.kind;
      return cannot(name, scope.label, path, `it holds ${aNameOf(type)}; drop or replace it, or name what is in it`);
    }
    return this.#within(type, scope, path, holder);
  }

  #within(type: AvroType, scope: Scope, path: string, holder: Holder): Fate {
    if (!isContainer(type)) return STAYS;
    let nodes = this.#nodes.get(type);
    if (nodes === undefined) {
      nodes = new Map();
      this.#nodes.set(type, nodes);
    }
    let node = nodes.get(scope);
    if (node === undefined) {
      if (++this.#count > MOST_NODES)
        throw new StraitError(
          "filter-invalid",
          "the paths and the Avro schema have too many combinations; name more of the members",
        );
      node = { type, parts: [], indexes: new Map(), keys: new Map(), key: STAYS };
      nodes.set(scope, node);
      this.#pending.push({ node, scope, path, holder });
    }
    return { kind: "within", node };
  }

  #fill({ node, scope, path, holder }: Pending): void {
    const { type } = node;
    switch (type.kind) {
      case "record":
        for (const field of type.fields) node.parts.push(this.#fieldFate(field, scope, memberPath(path, field.name)));
        break;
      case "union":
        for (const [index, branch] of type.branches.entries()) {
          const fate = this.#fate(branch.type, scope, null, path, holder);
          node.parts.push(fate.kind === "goes" ? this.#goneBranch(type, index, path, holder) : fate);
        }
        break;
      case "array": {
        const item = (state: Scope, step: string): Fate => this.#itemFate(type.items.type, state, `${path}[${step}]`);
        node.parts.push(item(isMatchState(scope) ? scope.other : scope, "*"));
        if (isMatchState(scope))
          for (const index of scope.indexes.keys())
            node.indexes.set(index, item(elementState(scope, index), `${index}`));
        break;
      }
      case "map": {
        const value = (state: Scope, at: string): Fate => this.#itemFate(type.values.type, state, at);
        node.parts.push(value(isMatchState(scope) ? scope.other : scope, `${path}[*]`));
        if (!isMatchState(scope)) node.key = scalarFate(KEY_TYPE, scope, `${path} (its keys)`);
        else
          for (const key of scope.names.keys())
            node.keys.set(key, value(namedState(scope, key), memberPath(path, key)));
        break;
      }
    }
  }

  #itemFate(type: AvroType, scope: Scope, path: string): Fate {
    const fate = this.#fate(type, scope, null, path, "item");
    return fate.kind === "goes" ? { ...fate, shell: this.#shell(type, path) } : fate;
  }

  /**
   * The type of what an allow-list takes out of arrays, maps and unions: no such value is left, but the schema still has
   * the type, which is not to say what was in it.
   */
  #shell(type: AvroType, path: string): FateNode | null {
    if (this.#selection.form !== "keep" || this.#drops !== "reduce") return null;
    const fate = this.#within(type, this.#nothing, path, "item");
    return fate.kind === "within" ? fate.node : null;
  }

  #fieldFate(field: RecordField, scope: Scope, path: string): Fate {
    const { type } = field.place;
    const fate = this.#fate(type, isMatchState(scope) ? namedState(scope, field.name) : scope, field, path, field);
    if (fate.kind !== "goes" || this.#drops === "reduce") return fate;
    const bytes = blankOf(field);
    if (bytes !== null) return { kind: "constant", rule: fate.rule, bytes, always: false, whole: null };
    const why = field.hasDefault ? "its default does not fit its type" : "it can neither be null nor has it a default";
    return this.#cannotGo(fate.rule, path, `${why}; replace it, or let the schema be reduced`);
  }

  /** What an allow-list makes of values of one branch when only other branches lead to something that is kept. */
  #goneBranch(union: UnionType, index: number, path: string, holder: Holder): Fate {
    const { type } = union.branches[index]!;
    if (type.kind === "null") return STAYS;
    const shell = this.#shell(type, path);
    if (holder === "item") return { kind: "goes", rule: 0, shell };
    const bytes = nullOf(union) ?? this.#defaultOf(union, holder);
    if (bytes !== null) return { kind: "constant", rule: 0, bytes, always: false, whole: { shell } };
    // Nothing can stand in its place, but it can be emptied.
    if (isContainer(type)) return this.#within(type, this.#nothing, path, holder);
    return this.#cannotGo(
      0,
      path,
      `${aNameOf(type)} in its union can neither be null nor has it a default; keep all of ${path}`,
    );
  }

  /** The default of a field of this union, encoded; null where there is none, or it has a type that is to be reduced. */
  #defaultOf(union: UnionType, holder: Holder): Uint8Array | null {
    if (typeof holder === "string" || !holder.hasDefault) return null;
    const branch = union.branches[fittingBranch(union, holder.json["default"])];
    if (branch !== undefined && isContainer(branch.type) && this.#drops === "reduce") return null;
    return blankOf(holder);
  }

  #cannotGo(rule: number, path: string, why: string): never {
    return this.#selection.form === "keep"
      ? cannot("leave out", path, path, why)
      : cannot("drop", this.#rules.list[rule]!.label, path, why);
  }
}

const KEY_TYPE: AvroType = { kind: "string", logical: null };

function isMatchState(scope: Scope): scope is MatchState {
  return "matches" in scope;
}
