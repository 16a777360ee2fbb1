/** Compiles a selection for one writer schema. */

import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { changingSteps } from "./changing-steps.ts";
import { choose, type Drops } from "./choose.ts";
import type { AvroSchema } from "./model.ts";
import { reducedSchema } from "./reduce.ts";
import { AvroSurgeon } from "./surgeon.ts";

export interface CompiledAvro {
  /** For one binary datum without container file and without frame. Not for two at a time. */
  readonly surgeon: Surgeon;
  /** What the surgeon's results are written with (see `reducedSchema`); null where that is the schema as it was. */
  readonly reduced: unknown | null;
}

/**
 * Compiles a selection for data of a schema. Paths name record fields and map keys, `[*]` and indexes the elements of
 * arrays; unions are transparent. A tag chooses the fields that have it in `confluent:tags`, or whose record has it; an
 * action is then applied to all scalars below, and to the keys of maps. `texts` are all strings and the keys of maps; two
 * keys that become the same are one entry to most readers.
 *
 * With `drops` as `reduce` a dropped field is not in the data any more, nor in the schema. With `blank` it is null where it
 * can be, and else its default. Throws `filter-invalid`, with the place and the remedy, for what the schema does not allow.
 */
export function compileAvro(
  schema: AvroSchema,
  selection: Selection,
  { drops }: { readonly drops: Drops },
): CompiledAvro {
  const { root, labels } = choose(schema, selection, drops);
  // An allow-list says once of a record that something was left out.
  const once = selection.form === "keep";
  const surgeon = new AvroSurgeon(changingSteps(schema.root.type, root, once), labels, once);
  return { surgeon, reduced: drops === "reduce" ? reducedSchema(schema, root) : null };
}
