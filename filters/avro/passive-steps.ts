/** Steps that find where a value ends, one for each type. */

import type { AvroType, RecordType } from "./model.ts";
import { ARRAY, BOOLEAN, ENUM, FIXED, LENGTH_FIRST, MAP, RECORD, Step, UNION, VARINT } from "./step.ts";

export class PassiveSteps {
  readonly #made = new Map<AvroType, Step>();

  of(type: AvroType): Step {
    const made = this.#made.get(type);
    if (made !== undefined) return made;
    const step = new Step(opOf(type));
    // Before what is in it: a record may be in itself.
    this.#made.set(type, step);
    switch (type.kind) {
      case "null":
        this.#fixed(step, 0);
        break;
      case "float":
        this.#fixed(step, 4);
        break;
      case "double":
        this.#fixed(step, 8);
        break;
      case "fixed":
        this.#fixed(step, type.size);
        break;
      case "enum":
        step.size = type.symbols.length;
        break;
      case "array":
        step.parts = [this.of(type.items.type)];
        break;
      case "map":
        step.parts = [this.of(type.values.type)];
        break;
      case "union":
        step.parts = type.branches.map((branch) => this.of(branch.type));
        break;
      case "record":
        this.#record(step, type);
        break;
    }
    return step;
  }

  #fixed(step: Step, size: number): void {
    step.size = size;
    step.least = size;
  }

  /** A record of nothing but fixed lengths is one itself. */
  #record(step: Step, type: RecordType): void {
    const parts = joined(type.fields.map(({ place }) => this.of(place.type)));
    step.parts = parts;
    step.least = parts.reduce((sum, part) => sum + part.least, 0);
    if (parts.length > 1 || parts.some(({ op }) => op !== FIXED)) return;
    step.op = FIXED;
    step.size = step.least;
  }
}

/** Neighbours of fixed length as one. */
export function joined(parts: readonly Step[]): Step[] {
  const result: Step[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.op !== FIXED || last?.op !== FIXED) {
      result.push(part);
      continue;
    }
    const both = new Step(FIXED);
    both.size = last.size + part.size;
    both.least = both.size;
    result[result.length - 1] = both;
  }
  return result;
}

function opOf(type: AvroType): number {
  switch (type.kind) {
    case "null":
    case "float":
    case "double":
    case "fixed":
      return FIXED;
    case "int":
    case "long":
      return VARINT;
    case "bytes":
    case "string":
      return LENGTH_FIRST;
    case "boolean":
      return BOOLEAN;
    case "enum":
      return ENUM;
    case "array":
      return ARRAY;
    case "map":
      return MAP;
    case "union":
      return UNION;
    case "record":
      return RECORD;
  }
}
