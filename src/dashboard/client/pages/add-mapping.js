/** Adding a mapping to a link. */

import { pathTo } from "../api/api.js";
import { schemaForm } from "../form/form.js";
import { mappingHints } from "../parts/mapping-hints.js";
import { page } from "../parts/page.js";

/** @typedef {import("../types.d.ts").LinkView} LinkView */

/** @type {import("../app/app.js").Page} */
export async function addMappingPage(app, { link: name = "" }, signal) {
  /** @type {[LinkView, readonly import("../types.d.ts").CatalogueEntry[], void]} */
  const [link, catalogue] = await Promise.all([
    app.api.get(pathTo("links", name), signal),
    app.filters(),
    app.contract.load(),
  ]);
  const back = `#/links/${encodeURIComponent(name)}`;
  const form = schemaForm({
    schema: app.contract.bodySchema("post", "/v1/links/{link}/mappings"),
    hints: mappingHints(app, { at: "", catalogue, source: () => link.source }),
    submit: "Add mapping",
    busy: "Adding…",
    cancel: back,
    denial: app.contract.denial("post", "/v1/links/{link}/mappings"),
    onSubmit: async (body) => {
      const { name: mapping } = await app.api.send("POST", pathTo("links", name, "mappings"), { body });
      await app.live.refresh();
      app.announce(`Mapping ${mapping} was added`);
      location.assign(`${back}/mappings/${encodeURIComponent(mapping)}`);
    },
  });
  const title = `Add a mapping to ${name}`;
  const path = /** @type {const} */ ([
    ["Links", "#/"],
    [name, back],
  ]);
  return { title, node: page({ title, path }, form) };
}
