/** A filter that resolves its secret and does nothing with it. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "keeps-secret",
  description: "Resolves a secret.",
  options: Type.Object({ key: Type.String() }),
  create: async ({ key }, context) => {
    await context.secret(key);
    return { apply: () => keep };
  },
});
