/** A filter that reads a file while it is made, and another one when a record asks for it. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "reads-file",
  description: "Reads files.",
  options: Type.Object({ path: Type.String() }),
  create: async ({ path }, context) => {
    await context.file(path);
    return {
      apply: async ({ value }) => {
        if (value !== null && new TextDecoder().decode(value) === "again") await context.file(path);
        return keep;
      },
    };
  },
});
