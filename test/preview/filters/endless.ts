/** A user's filter that never comes back from a record that says so. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "endless",
  description: "Loops for ever on the value `loop`.",
  options: Type.Object({}),
  create: () => ({
    apply({ value }) {
      const isLoop = value?.toString() === "loop" || new TextDecoder().decode(value ?? undefined) === "loop";
      while (isLoop);
      return keep;
    },
  }),
});
