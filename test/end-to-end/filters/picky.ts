/** A user's filter as it should not be: it throws on poison, and the error's words hold the content. */

import { defineFilter, keep, replace, Type } from "../../../src/mod.ts";

const text = new TextDecoder();
const bytes = new TextEncoder();

export default defineFilter({
  name: "picky",
  description: "Marks records as seen and throws on those that hold poison.",
  options: Type.Object({ later: Type.Optional(Type.Boolean({ description: "Answer with a promise." })) }),
  create: ({ later = false }) => {
    const taste = (value: Uint8Array | null) => {
      const content = text.decode(value ?? new Uint8Array());
      if (content.includes("poison")) throw new RangeError(`cannot stomach ${content}`);
      return value === null ? keep : replace({ value: bytes.encode(`${content}, seen`) }, ["$"]);
    };
    return { apply: later ? async ({ value }) => taste(value) : ({ value }) => taste(value) };
  },
});
