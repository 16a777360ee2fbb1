/** A filter that writes down in a file that it was closed, and ends its closing as told. */

import { appendFileSync } from "node:fs";
import { defineFilter, keep, Type } from "../../../src/mod.ts";

export default defineFilter({
  name: "closes",
  description: "Tells when it is closed.",
  options: Type.Object({ file: Type.String(), as: Type.String(), ending: Type.String() }),
  create: ({ file, as, ending }) => ({
    apply: () => keep,
    close: () => {
      appendFileSync(file, `${as} `);
      if (ending === "throw") throw new Error("cannot close");
      return ending === "hang" ? new Promise(() => {}) : undefined;
    },
  }),
});
