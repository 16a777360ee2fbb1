/** A user's filter that never comes back from some records. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

const text = new TextDecoder();

export default defineFilter({
  name: "endless",
  description: "Loops for ever on records that say so.",
  options: Type.Object({}),
  create: () => ({
    apply: ({ value }) => {
      while (text.decode(value ?? new Uint8Array()) === "loop");
      return keep;
    },
  }),
});
