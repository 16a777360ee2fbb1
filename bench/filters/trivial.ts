/** What measures the way to a filter file and back: it keeps or replaces, and says which process it is in when asked. */

import { defineFilter, keep, replace, Type } from "../../src/mod.ts";

export default defineFilter({
  name: "trivial",
  description: "Does next to nothing, for measurements.",
  options: Type.Object({ answer: Type.Union([Type.Literal("keep"), Type.Literal("replace")]) }),
  create: ({ answer }) => ({
    apply: ({ key, value }) => {
      if (key === null) return replace({ value: new TextEncoder().encode(String(process.pid)) });
      return answer === "keep" ? keep : replace({ value }, ["$"]);
    },
  }),
});
