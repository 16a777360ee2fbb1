/** The dashboard: begins here. */

import { createApp } from "./app/app.js";
import { router } from "./app/router.js";
import { shell } from "./app/shell.js";
import { addClusterPage } from "./pages/add-cluster.js";
import { addLinkPage } from "./pages/add-link.js";
import { addMappingPage } from "./pages/add-mapping.js";
import { auditPage } from "./pages/audit.js";
import { clusterPage } from "./pages/cluster.js";
import { clustersPage } from "./pages/clusters.js";
import { linkPage } from "./pages/link.js";
import { linksPage } from "./pages/links.js";
import { logInPage } from "./pages/log-in.js";
import { mappingPage } from "./pages/mapping.js";
import { missingPage } from "./pages/missing.js";
import { policiesPage } from "./pages/policies.js";
import { addPolicyPage, policyPage } from "./pages/policy.js";

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const main = byId("main");
const app = createApp(byId("toasts"));
const { whoAmI } = shell(app, byId("header"));
const pages = router({
  app,
  main,
  pages: {
    "/": linksPage,
    "/add-link": addLinkPage,
    "/links/:link": linkPage,
    "/links/:link/add-mapping": addMappingPage,
    "/links/:link/mappings/:mapping": mappingPage,
    "/clusters": clustersPage,
    "/add-cluster": addClusterPage,
    "/clusters/:cluster": clusterPage,
    "/policies": policiesPage,
    "/add-policy": addPolicyPage,
    "/policies/:policy": policyPage,
    "/audit": auditPage,
  },
  missing: missingPage,
});

byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the page
  main.focus();
});
window.addEventListener("hashchange", () => {
  if (app.api.session !== null) void pages.show();
});
app.api.onSignedOut = () => {
  app.live.stop();
  app.contract.forget();
  void begin();
};

/** Shows the page that is asked for once it is known who asks, else lets them log in. */
async function begin() {
  try {
    const session = app.api.session ?? (await app.api.identify());
    whoAmI();
    if (session === null) {
      await pages.showPage(logInPage(begin));
      return;
    }
    await Promise.all([app.contract.load(), app.live.start()]);
    await pages.show();
  } catch (error) {
    pages.showError(error, begin);
  }
}

await begin();
