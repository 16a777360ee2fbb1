/** Data as avsc has it, with each value of a union wrapped in an object that names its branch. */

import avro from "avsc";
import type { Datum } from "./datum.ts";

export function avscType(schema: unknown): avro.Type {
  return avro.Type.forSchema(JSON.parse(JSON.stringify(schema)) as avro.Schema, { wrapUnions: true });
}

/** For a type that is the datum's own, or what it was reduced to: fields go by their names, branches by their order. */
export function avscValue(datum: Datum, type: avro.Type): unknown {
  switch (datum.kind) {
    case "leaf":
      return datum.value;
    case "union": {
      if (datum.value.spec.kind === "null") return null;
      const branch = (type as avro.types.WrappedUnionType).types[datum.index]!;
      return { [branch.branchName!]: avscValue(datum.value, branch) };
    }
    case "record": {
      const { fields } = type as avro.types.RecordType;
      const names = datum.fields.map(({ field }) => field.name);
      if (names.join() !== fields.map(({ name }) => name).join()) throw new Error("the schema has other fields");
      return Object.fromEntries(
        datum.fields.map(({ field, value }, i) => [field.name, avscValue(value, fields[i]!.type)]),
      );
    }
    case "blocks": {
      const items = datum.blocks.flatMap((block) => block.items);
      if (datum.spec.kind === "array")
        return items.map(({ value }) => avscValue(value, (type as avro.types.ArrayType).itemsType));
      const { valuesType } = type as avro.types.MapType;
      return Object.fromEntries(items.map(({ key, value }) => [key?.value, avscValue(value, valuesType)]));
    }
  }
}

/** Records without their classes, so that they compare. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
