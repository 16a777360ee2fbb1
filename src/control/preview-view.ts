/** What a preview is asked for, and its answer. */

import { type Static, Type } from "typebox";
import { FilterUse, Mapping, Name } from "../config/resources.ts";
import { PREVIEW_LIMITS } from "../preview/content.ts";
import { PreviewedRecord } from "../preview/protocol.ts";

export const MOST_RECORDS = 100;

export const PreviewInput = Type.Object(
  {
    records: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_RECORDS, default: 10, description: "How many records at most." }),
    ),
    filters: Type.Optional({
      ...Mapping.properties.filters,
      description: "In place of the mapping's own. Those that policies put in front stay. Default: its own.",
    }),
  },
  { additionalProperties: false, description: "What to show. All of it may be left out." },
);
export type PreviewInput = Static<typeof PreviewInput>;

const { partBytes, headers, headerBytes } = PREVIEW_LIMITS;

export const Preview = Type.Object(
  {
    link: Name,
    mapping: Name,
    topic: Type.String(),
    filters: Type.Array(
      Type.Object({
        use: FilterUse.properties.use,
        policy: Type.Union([Type.String(), Type.Null()], { description: "Which policy put it there, if one did." }),
      }),
      { description: "What ran, in order." },
    ),
    records: Type.Array(PreviewedRecord),
  },
  {
    description: `The newest records of a topic before and after the filters. Of a key and a value ${partBytes} bytes are shown at most, and ${headers} headers with ${headerBytes} bytes each.`,
  },
);
export type Preview = Static<typeof Preview>;
