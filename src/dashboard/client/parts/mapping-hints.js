/** What forms for mappings know beside the schema: the topics there are, and how filters are chosen. */

import { pathTo } from "../api/api.js";
import { el } from "../dom/el.js";
import { filterChain } from "../filters/filter-chain.js";
import { isObject } from "../form/schema-kind.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").FilterUse} FilterUse */
/** @typedef {import("../types.d.ts").Hints} Hints */

/**
 * @param {App} app
 * @param {object} options
 * @param {string} options.at the pointer of the mapping: "" or /mappings/*
 * @param {readonly import("../types.d.ts").CatalogueEntry[]} options.catalogue
 * @param {() => string} options.source the cluster whose topics are suggested; empty while none is chosen
 * @returns {Hints}
 */
export function mappingHints(app, { at, catalogue, source }) {
  return {
    [`${at}/source`]: {
      label: "Source topic",
      help: "The topic to copy.",
      suggest: async () => {
        if (source() === "") return [];
        /** @type {{ topics: { name: string, internal: boolean }[] }} */
        const { topics } = await app.api.get(pathTo("clusters", source(), "topics"));
        return topics.filter(({ internal }) => !internal).map(({ name }) => name);
      },
    },
    [`${at}/destination`]: { label: "Destination topic" },
    [`${at}/mode`]: { upfront: true },
    [`${at}/start`]: { upfront: true },
    [`${at}/filters`]: {
      upfront: true,
      widget: (_schema, { pointer, value }) => {
        const filters = Array.isArray(value) ? value.filter(isObject) : [];
        const chain = filterChain({
          pointer,
          catalogue,
          filters: /** @type {FilterUse[]} */ (/** @type {unknown} */ (filters)),
          announce: app.announce,
        });
        const node = el("fieldset", { class: "group" }, el("legend", {}, "Filters"), chain.node);
        return { ...chain, node };
      },
    },
  };
}
