/** A filter that writes down in `globalThis` that it was closed, and ends its closing as told. */

import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "closes",
  description: "Tells when it is closed.",
  options: Type.Object({ as: Type.String(), ending: Type.String() }),
  create: ({ as, ending }) => {
    const closed = globalThis as { closedFilters?: string[] };
    return {
      apply: () => keep,
      close: () => {
        closed.closedFilters = [...(closed.closedFilters ?? []), as];
        if (ending === "throw") throw new Error("cannot close");
        return ending === "hang" ? new Promise(() => {}) : undefined;
      },
    };
  },
});
