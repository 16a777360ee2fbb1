/** Which fields and types of a schema are left, wherever they are used, when a program has done its work. */

import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import type { Action, Plan, Program } from "./plan.ts";

export interface UsedTypes {
  /** The numbers of the fields that are left in some place. A message that is not among the keys is used nowhere. */
  readonly fields: ReadonlyMap<DescMessage, ReadonlySet<number>>;
  readonly enums: ReadonlySet<DescEnum>;
}

/** What is used by messages of these types, with all that is in them. */
export function usedBy(messages: Iterable<DescMessage>): UsedTypes {
  const uses = new Uses();
  for (const message of messages) uses.addAll(message);
  return uses;
}

/** What of a message type is left by a program that enters it. */
export function leftBy(program: Program): UsedTypes {
  const uses = new Uses();
  if (program.root.kind === "enter") uses.addPlan(program.root.plan, program.keeps);
  return uses;
}

class Uses implements UsedTypes {
  readonly fields = new Map<DescMessage, Set<number>>();
  readonly enums = new Set<DescEnum>();
  readonly #whole = new Set<DescMessage>();
  readonly #plans = new Set<Plan>();

  addAll(message: DescMessage): void {
    if (this.#whole.has(message)) return;
    this.#whole.add(message);
    this.#fieldsOf(message);
    for (const field of message.fields) this.#addField(field);
  }

  addPlan(plan: Plan, keeps: boolean): void {
    const { message, steps } = plan;
    if (message === null || this.#plans.has(plan)) return;
    this.#plans.add(plan);
    this.#fieldsOf(message);
    for (const field of message.fields) {
      const step = steps.get(field.number);
      if (step !== undefined) this.#addAction(field, step.action, keeps);
      else if (!keeps) this.#addField(field);
    }
  }

  /** A field that stays, whatever is in it. */
  #addField(field: DescField): void {
    this.#fieldsOf(field.parent).add(field.number);
    if (field.enum !== undefined) this.enums.add(field.enum);
    if (field.message !== undefined) this.addAll(field.message);
  }

  #addAction(field: DescField, action: Action, keeps: boolean): void {
    switch (action.kind) {
      case "drop":
        return;
      case "enter": {
        this.#fieldsOf(field.parent).add(field.number);
        const { plan } = action;
        // In an entry of a map it is the value that matters.
        const value = plan.steps.get(2);
        if (plan.message !== null) this.addPlan(plan, keeps);
        else if (value === undefined) this.#addField(field);
        else this.#addAction(field, value.action, keeps);
        return;
      }
      case "entries":
        this.#addAction(field, action.entry, keeps);
        return;
      case "keyed":
        for (const entry of [action.other, ...action.byKey.values()]) this.#addAction(field, entry, keeps);
        return;
      case "counted":
        for (const single of [action.other, ...action.byIndex.values()]) this.#addAction(field, single, keeps);
        return;
      default:
        this.#addField(field);
    }
  }

  #fieldsOf(message: DescMessage): Set<number> {
    let fields = this.fields.get(message);
    if (fields === undefined) {
      fields = new Set();
      this.fields.set(message, fields);
    }
    return fields;
  }
}
