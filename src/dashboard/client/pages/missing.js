/** The page for an address that names none. */

import { el } from "../dom/el.js";
import { page } from "../parts/page.js";

/** @type {import("../app/app.js").Page} */
export function missingPage(_app, { path = "" }) {
  const node = page(
    { title: "There is no such page" },
    el("p", {}, `Nothing is at ${path}. `, el("a", { href: "#/" }, "See all links")),
  );
  return { title: "No such page", node };
}
