/**
 * Redaction of Protobuf as surgery: the bytes are walked along the plans, going into those messages only in which something
 * may be chosen. What is chosen is cut or replaced, and the lengths of the messages around it are written anew.
 */

import { Edits } from "../bytes/edits.ts";
import { ChangedPaths } from "../fields/changed-paths.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { keyText } from "./map-key.ts";
import { Memory } from "./memory.ts";
import type { Change, Counted, Enter, Entry, Plan, Program, Single, Step, Whole } from "./plan.ts";
import { FIXED32, FIXED64, LENGTH, malformed, VARINT, WireReader, writeVarint32 } from "./wire.ts";

/** As many messages inside each other as parsers take by default, the outermost included. */
const MAX_DEPTH = 100;

/** Where one field is. */
interface Found {
  readonly number: number;
  readonly wire: number;
  /** Where its tag starts, its value (with a length, if it has one), and what the length is of. */
  readonly start: number;
  readonly value: number;
  readonly content: number;
  readonly end: number;
}

/** What a program does to payloads. */
export class ProtobufSurgery implements Surgeon {
  readonly #program: Program;
  readonly #keeps: boolean;
  readonly #changed: ChangedPaths;
  readonly #edits = new Edits();
  readonly #reader = new WireReader();
  /** By how much all edits so far make the payload longer. */
  #growth = 0;
  /** How many values an allow-list has let stay. */
  #kept = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#keeps = program.keeps;
    this.#changed = new ChangedPaths(program.labels);
  }

  get changed(): readonly string[] {
    return this.#changed.list;
  }

  operate(bytes: Uint8Array): Uint8Array | null {
    const { root, remembers } = this.#program;
    const edits = this.#edits;
    edits.clear();
    this.#changed.clear();
    this.#reader.bytes = bytes;
    this.#growth = 0;
    if (root.kind === "stay") return null;
    if (root.kind === "change") this.#change(root, 0, 0, bytes.length);
    else this.#walk(root.plan, 0, bytes.length, 1, remembers ? new Memory() : null);
    if (edits.isEmpty) return null;
    if (this.#keeps) this.#changed.add(0);
    return edits.apply(bytes);
  }

  /** Walks a message from `start` to `end`. */
  #walk(plan: Plan, start: number, end: number, depth: number, memory: Memory | null): void {
    if (depth > MAX_DEPTH) throw malformed(`messages more than ${MAX_DEPTH} deep`, start);
    const reader = this.#reader;
    const bytes = reader.bytes;
    const { table, steps, message } = plan;
    const keeps = this.#keeps;
    let at = start;
    // Where the fields begin that go and are not cut yet: neighbours are cut together.
    let cut = -1;
    while (at < end) {
      const field = at;
      let tag = bytes[at]!;
      if (tag < 0x80) at++;
      else {
        reader.at = at;
        tag = reader.varint32(end);
        at = reader.at;
      }
      const number = tag >>> 3;
      if (number === 0) throw malformed("a field with number 0", field);
      const wire = tag & 7;
      const value = at;
      let content = at;
      if (wire === LENGTH) {
        let length = at < end ? bytes[at]! : 0x80;
        if (length < 0x80) at++;
        else {
          reader.at = at;
          length = reader.varint32(end);
          at = reader.at;
        }
        content = at;
        if (length > end - at) throw malformed("a length that reaches past the end", value);
        at += length;
      } else if (wire === VARINT) {
        if (at < end && bytes[at]! < 0x80) at++;
        else {
          reader.at = at;
          reader.skipVarint(end);
          at = reader.at;
        }
      } else if (wire === FIXED64 || wire === FIXED32) {
        at += wire === FIXED64 ? 8 : 4;
        if (at > end) throw malformed("a value that reaches past the end", value);
      } else
        throw malformed(wire === 3 || wire === 4 ? "a group, which is not supported," : "an unknown wire type", field);

      const step = number < table.length ? table[number] : steps.get(number);
      let stays: boolean;
      if (step === undefined) stays = !keeps;
      else if (wire !== step.wire && !(wire === LENGTH && step.packable)) {
        // Readers take it for an unknown field, whatever it holds.
        if (!keeps) throw malformed(`a field with number ${number} of another wire type than the schema's`, field);
        stays = false;
      } else {
        const { action } = step;
        if (action.kind === "drop") {
          if (action.rule >= 0) this.#changed.add(action.rule);
          stays = false;
        } else if (action.kind === "stay") {
          if (message !== null) this.#kept++;
          stays = true;
        } else {
          if (cut >= 0) {
            this.#remove(cut, field);
            cut = -1;
          }
          const found = { number, wire, start: field, value, content, end: at };
          stays = this.#act(step, found, depth, memory);
        }
      }
      if (!stays) {
        if (cut < 0) cut = field;
      } else if (cut >= 0) {
        this.#remove(cut, field);
        cut = -1;
      }
    }
    if (cut >= 0) this.#remove(cut, end);
  }

  /** Does what a step asks for, unless that is to stay or to go; returns whether something of the field stays. */
  #act(step: Step, found: Found, depth: number, memory: Memory | null): boolean {
    const { action } = step;
    const isRun = step.packable && found.wire === LENGTH;
    switch (action.kind) {
      case "change":
        if (isRun) return this.#run(step, action, found, memory);
        this.#change(action, found.value, found.content, found.end);
        return true;
      case "enter":
        this.#enter(action, step, found, depth, memory);
        return true;
      case "entries":
        return this.#entry(action.entry, step, found, depth, memory);
      case "keyed": {
        const key = keyText(action.key, this.#reader, found.content, found.end);
        return this.#entry(action.byKey.get(key) ?? action.other, step, found, depth, memory);
      }
      case "counted":
        if (isRun) return this.#run(step, action, found, memory);
        return this.#one(elementOf(step, action, memory), step, found, depth, memory);
      case "whole":
        return this.#whole(step, action, found, memory);
      default:
        return this.#one(action, step, found, depth, memory);
    }
  }

  /** Settles one value on its own. */
  #one(action: Single, step: Step, found: Found, depth: number, memory: Memory | null): boolean {
    switch (action.kind) {
      case "stay":
        this.#kept++;
        return true;
      case "drop":
        if (action.rule >= 0) this.#changed.add(action.rule);
        return false;
      case "change":
        this.#change(action, found.value, found.content, found.end);
        return true;
      case "enter":
        this.#enter(action, step, found, depth, memory);
        return true;
    }
  }

  /** An entry stays in an allow-list only if something of its value does: its key is content, too. */
  #entry(entry: Entry, step: Step, found: Found, depth: number, memory: Memory | null): boolean {
    const mark = this.#edits.mark();
    const growth = this.#growth;
    const kept = this.#kept;
    if (!this.#one(entry, step, found, depth, memory)) return false;
    if (!this.#keeps || this.#kept !== kept) return true;
    this.#edits.rewind(mark);
    this.#growth = growth;
    return false;
  }

  #enter({ plan, repeats }: Enter, step: Step, found: Found, depth: number, memory: Memory | null): void {
    const { number, start, value, content, end } = found;
    let inner: Memory | null = null;
    if (memory !== null) {
      // A member of a oneof that comes again may go on with the first one or not: it depends on what was in between.
      if (repeats === "last" && memory.has(step))
        throw malformed(`field ${number} of a oneof for the second time, in which elements are counted,`, start);
      inner = repeats === "each" ? new Memory() : memory.inner(step);
    }
    const mark = this.#edits.hold();
    const growth = this.#growth;
    this.#walk(plan, content, end, depth + 1, inner);
    this.#newLength(mark, growth, value, content, end);
  }

  /** Settles the elements of a packed field. */
  #run(step: Step, action: Change | Counted, found: Found, memory: Memory | null): boolean {
    const { value, content, end } = found;
    const reader = this.#reader;
    const mark = this.#edits.hold();
    const growth = this.#growth;
    let left = content === end;
    for (let at = content; at < end; at = reader.at) {
      reader.at = at;
      reader.skipScalar(step.wire, end);
      const single = action.kind === "change" ? action : elementOf(step, action, memory);
      if (single.kind === "drop") {
        if (single.rule >= 0) this.#changed.add(single.rule);
        this.#remove(at, reader.at);
        continue;
      }
      left = true;
      if (single.kind === "change") this.#change(single, at, at, reader.at);
      else this.#kept++;
    }
    if (left) {
      this.#newLength(mark, growth, value, content, end);
      return true;
    }
    this.#edits.rewind(mark);
    this.#growth = growth;
    return false;
  }

  #whole(step: Step, { bytes, rule }: Whole, { start, end }: Found, memory: Memory | null): boolean {
    this.#changed.add(rule);
    if (countOf(step, memory) > 0 || bytes.length === 0) return false;
    const { patch } = this.#edits;
    const from = patch.length;
    patch.append(bytes);
    this.#replace(start, end, from);
    return true;
  }

  /** Changes the content of a value; its length, where it has one, starts at `value`. */
  #change({ edit, rule }: Change, value: number, content: number, end: number): void {
    const { patch } = this.#edits;
    const from = patch.length;
    if (!edit(this.#reader.bytes, content, end, patch)) return;
    this.#replace(value, end, from);
    this.#changed.add(rule);
  }

  /** Fills in the edit held at `mark`: the length before `content`, which has grown since. */
  #newLength(mark: number, growth: number, value: number, content: number, end: number): void {
    if (this.#edits.isLast(mark)) {
      this.#edits.rewind(mark);
      return;
    }
    const { patch } = this.#edits;
    const from = patch.length;
    writeVarint32(patch, end - content + this.#growth - growth);
    this.#edits.fill(mark, value, content, from, patch.length);
    this.#growth += patch.length - from - (content - value);
  }

  #replace(start: number, end: number, from: number): void {
    const { patch } = this.#edits;
    this.#edits.replace(start, end, from, patch.length);
    this.#growth += patch.length - from - (end - start);
  }

  #remove(start: number, end: number): void {
    this.#edits.remove(start, end);
    this.#growth -= end - start;
  }
}

function elementOf(step: Step, { byIndex, other }: Counted, memory: Memory | null): Single {
  return byIndex.get(countOf(step, memory)) ?? other;
}

function countOf(step: Step, memory: Memory | null): number {
  if (memory === null) throw new RangeError("a program that counts is run without a memory");
  return memory.count(step);
}
