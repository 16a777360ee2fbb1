/**
 * Confluent's tags: `confluent.field_meta` and `confluent.message_meta`, extensions with number 1088 of the options of
 * fields and messages, hold a `confluent.Meta` whose field 3 lists the tags (confluent/meta.proto).
 */

import type { DescField, UnknownField } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { LENGTH } from "./wire.ts";

const META = 1088;
const TAGS = 3;

/** The tags of a field and of the message it is in, whose tags are those of all its fields. */
export function tagsOf(field: DescField): readonly string[] {
  return [...tagsIn(field.proto.options?.$unknown), ...tagsIn(field.parent.proto.options?.$unknown)];
}

function tagsIn(options: readonly UnknownField[] | undefined): string[] {
  const tags: string[] = [];
  for (const { no, wireType, data } of options ?? []) {
    if (no !== META || wireType !== LENGTH) continue;
    const meta = new BinaryReader(new BinaryReader(data).bytes());
    while (meta.pos < meta.len) {
      const [number, wire] = meta.tag();
      if (number === TAGS && wire === LENGTH) tags.push(meta.string());
      else meta.skip(wire, number);
    }
  }
  return tags;
}
