/** A filter that counts how often it was closed in a header-like place tests can see, and then misbehaves as told. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "closes",
  description: "Tells when it is closed.",
  options: Type.Object({ as: Type.String(), then: Type.String() }),
  create: ({ as, then }) => {
    const closed = globalThis as { closedFilters?: string[] };
    return {
      apply: () => keep,
      close: () => {
        closed.closedFilters = [...(closed.closedFilters ?? []), as];
        if (then === "throw") throw new Error("cannot close");
        return then === "hang" ? new Promise(() => {}) : undefined;
      },
    };
  },
});
