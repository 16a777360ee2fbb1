/** All clusters. */

import { el } from "../dom/el.js";
import { dataTable } from "../parts/data-table.js";
import { formLink, page } from "../parts/page.js";
import { count } from "../text/numbers.js";

/** @typedef {import("../types.d.ts").Cluster} Cluster */

/** @type {import("../app/app.js").Page} */
export async function clustersPage(app, _parts, signal) {
  /** @type {{ clusters: Cluster[] }} */
  const { clusters } = await app.api.get("/v1/clusters", signal);
  const links = [...app.live.links.values()];
  const table = dataTable({
    caption: "Clusters",
    empty: "There are no clusters yet. Add two: where records come from, and where they go.",
    keyOf: (/** @type {Cluster} */ { name }) => name,
    columns: [
      {
        label: "Cluster",
        heading: true,
        quiet: true,
        cell: ({ name }) => ({
          node: el("a", { href: `#/clusters/${encodeURIComponent(name)}` }, name),
          update: () => undefined,
        }),
      },
      { label: "Region", text: ({ region }) => region },
      { label: "Brokers", long: true, text: ({ properties }) => properties["bootstrap.servers"] ?? "" },
      { label: "Protocol", text: ({ properties }) => properties["security.protocol"] ?? "plaintext" },
      {
        label: "Links from it",
        numeric: true,
        text: ({ name }) => count(links.filter(({ source }) => source === name).length),
      },
      {
        label: "Links to it",
        numeric: true,
        text: ({ name }) => count(links.filter(({ destination }) => destination === name).length),
      },
    ],
  });
  table.update(clusters);
  const add = formLink(app, {
    label: "Add cluster",
    href: "#/add-cluster",
    primary: true,
    needs: ["put", "/v1/clusters/{cluster}"],
  });
  const title = "Clusters";
  return { title, node: page({ title, actions: [add] }, table.node) };
}
