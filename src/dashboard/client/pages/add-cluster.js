/** Adding a cluster. */

import { el } from "../dom/el.js";
import { clusterForm } from "../parts/cluster-form.js";
import { page } from "../parts/page.js";

/** @type {import("../app/app.js").Page} */
export async function addClusterPage(app) {
  await app.contract.load();
  const form = clusterForm(app, {
    cancel: "#/clusters",
    onSaved: ({ name }) => {
      app.announce(`Cluster ${name} answers and was added`);
      location.assign("#/clusters");
    },
  });
  const title = "Add a cluster";
  const help = el("p", { class: "help" }, "strait connects to it before it is added, for up to 10 seconds.");
  return { title, node: page({ title, path: [["Clusters", "#/clusters"]] }, help, form) };
}
