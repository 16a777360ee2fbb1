/** Adding a link, with its first mappings or without. */

import { schemaForm } from "../form/form.js";
import { mappingHints } from "../parts/mapping-hints.js";
import { page } from "../parts/page.js";

/** @typedef {import("../types.d.ts").Cluster} Cluster */

/** @type {import("../app/app.js").Page} */
export async function addLinkPage(app, _parts, signal) {
  /** @type {[{ clusters: Cluster[] }, readonly import("../types.d.ts").CatalogueEntry[], void]} */
  const [{ clusters }, catalogue] = await Promise.all([
    app.api.get("/v1/clusters", signal),
    app.filters(),
    app.contract.load(),
  ]);
  const choices = clusters.map(({ name }) => name);
  let source = "";
  const form = schemaForm({
    schema: app.contract.bodySchema("post", "/v1/links"),
    hints: {
      ...mappingHints(app, { at: "/mappings/*", catalogue, source: () => source }),
      "/source": {
        label: "From",
        help: "The cluster that records come from.",
        choices,
        onPick: (name) => {
          source = name;
        },
      },
      "/destination": { label: "To", help: "The cluster that they go to.", choices },
      "/mappings": { upfront: true, help: "The topics it copies. They can be added later, too." },
    },
    submit: "Add link",
    busy: "Adding…",
    cancel: "#/",
    denial: app.contract.denial("post", "/v1/links"),
    onSubmit: async (body) => {
      const { name } = await app.api.send("POST", "/v1/links", { body });
      await app.live.refresh();
      app.announce(`Link ${name} was added`);
      location.assign(`#/links/${encodeURIComponent(name)}`);
    },
  });
  const title = "Add a link";
  return { title, node: page({ title, path: [["Links", "#/"]] }, form) };
}
