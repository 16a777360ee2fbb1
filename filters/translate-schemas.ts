/** The `translate-schemas` filter: for framed data of which nothing is to be changed but the ids of its schemas. */

import {
  defineFilter,
  type FilterResult,
  type KafkaRecord,
  keep,
  type RecordHeader,
  type Replace,
  Type,
} from "../src/mod.ts";
import type { Payload, PayloadChange } from "./fields/payload.ts";
import type { Selection } from "./fields/selection.ts";
import { SCHEMA_ID_HEADERS, schemaIdHeader } from "./registry/frame.ts";
import { registryPayload } from "./registry/registry-payload.ts";

const Part = Type.Union([Type.Literal("value"), Type.Literal("key")]);
type Part = Type.Static<typeof Part>;

const VALUE_ONLY: readonly Part[] = ["value"];
const NOTHING: Selection = { form: "fields", rules: [] };

const Options = Type.Object(
  {
    parts: Type.Optional(
      Type.Array(Part, {
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        default: ["value"],
        description: "The parts of the record that are framed.",
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineFilter({
  name: "translate-schemas",
  description:
    "Copies the schemas of framed data from the source's schema registry to the destination's, and writes their ids there into the frames; all other bytes stay identical. Null passes, anything that is not framed fails.",
  options: Options,
  changesKey: ({ parts = VALUE_ONLY }) => parts.includes("key"),

  create({ parts = VALUE_ONLY }, context) {
    const steps = parts.map((part) => ({
      part,
      payload: registryPayload(context, { target: part, selection: NOTHING }),
    }));
    return { apply: (record) => translate(record, steps) };
  },
});

interface Step {
  readonly part: Part;
  readonly payload: Payload;
}

type Edit = Pick<Replace, "key" | "value" | "headers">;

/** Takes the record through the steps from `from` on; where both have their ids in headers, the second sees the first's. */
function translate(
  record: KafkaRecord,
  steps: readonly Step[],
  from = 0,
  before: Edit | null = null,
): FilterResult | Promise<FilterResult> {
  let edit = before;
  for (let i = from; i < steps.length; i++) {
    const { part, payload } = steps[i]!;
    const bytes = record[part];
    // Nothing at all is framed where the frame is in a header.
    const isFramed =
      bytes !== null && (bytes.length > 0 || schemaIdHeader(record.headers, SCHEMA_ID_HEADERS[part]) !== null);
    if (!isFramed) continue;
    const change = payload.operate(bytes, edit?.headers === undefined ? record : withHeaders(record, edit.headers));
    if (change instanceof Promise) {
      const soFar = edit;
      return change.then((settled) => translate(record, steps, i + 1, withChange(soFar, part, settled)));
    }
    edit = withChange(edit, part, change);
  }
  return edit === null ? keep : { verb: "replace", ...edit, changed: UNCHANGED };
}

/** No field is another one. */
const UNCHANGED: readonly string[] = [];

function withChange(edit: Edit | null, part: Part, change: PayloadChange | null): Edit | null {
  if (change === null) return edit;
  const { bytes, headers } = change;
  return { ...edit, [part]: bytes, ...(headers === undefined ? {} : { headers }) };
}

function withHeaders(record: KafkaRecord, headers: readonly RecordHeader[]): KafkaRecord {
  const { topic, partition, offset, timestamp, key, value } = record;
  return { topic, partition, offset, timestamp, key, value, headers };
}
