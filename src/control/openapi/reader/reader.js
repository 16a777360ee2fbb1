/** Shows the document of the HTTP API: a list of operations, each in full, and the schemas they share. */

import { el } from "./el.js";
import { methodView, operationView } from "./operation-view.js";
import { schemaView } from "./schema-view.js";
import { matches, searchText } from "./search.js";
import { signIn } from "./sign-in.js";

/** @typedef {import("./types.d.ts").ApiDocument} ApiDocument */
/** @typedef {import("./types.d.ts").Entry} Entry */

const main = byId("main");
const contents = byId("contents");
const words = /** @type {HTMLInputElement} */ (byId("words"));

await start();

async function start() {
  const response = await fetch("/openapi.json").catch(() => null);
  if (response?.status === 401) return main.replaceChildren(signIn(() => void start()));
  if (!response?.ok) {
    const what = response === null ? "strait does not answer" : `strait answers with status ${response.status}`;
    return main.replaceChildren(el("p", { role: "alert" }, `${what}. Is it running?`));
  }
  show(/** @type {ApiDocument} */ (await response.json()));
}

/** @param {ApiDocument} api */
function show(api) {
  byId("version").textContent = api.info.version;
  const entries = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
  const sections = api.tags.map((tag) =>
    section(
      tag,
      entries.filter(({ operation }) => operation.tags[0] === tag.name),
      api,
    ),
  );
  main.replaceChildren(el("p", {}, api.info.summary ?? ""), ...sections.map(({ node }) => node), schemas(api));
  contents.replaceChildren(...sections.map(({ list }) => list), el("a", { href: "#schemas" }, "Schemas"));
  listenToSearch(sections);
  listenToKeys();
  toHash();
  window.addEventListener("hashchange", toHash);
}

/**
 * @param {ApiDocument["tags"][number]} tag
 * @param {readonly Entry[]} entries
 * @param {ApiDocument} api
 */
function section(tag, entries, api) {
  const id = `tag-${tag.name.toLowerCase()}`;
  const found = entries.map((entry) => {
    const { method, path, operation } = entry;
    const link = el("a", { href: `#${operation.operationId}` }, methodView(method), " ", path);
    return { text: searchText(entry), item: el("li", {}, link), article: operationView(entry, api) };
  });
  const articles = found.map(({ article }) => article);
  const node = el(
    "section",
    { "aria-labelledby": id },
    el("h2", { id }, tag.name),
    el("p", {}, tag.description),
    ...articles,
  );
  const list = el("div", {}, el("h2", {}, tag.name), el("ul", {}, ...found.map(({ item }) => item)));
  return { node, list, found };
}

/** @param {ApiDocument} api */
function schemas({ components }) {
  const all = Object.entries(components.schemas).map(([name, schema]) => {
    const description = schema.description === undefined ? null : el("p", {}, schema.description);
    return el("article", { id: `schema-${name}`, tabindex: "-1" }, el("h3", {}, name), description, schemaView(schema));
  });
  return el("section", { id: "schemas", "aria-label": "Schemas" }, el("h2", {}, "Schemas"), ...all);
}

/** @param {readonly ReturnType<typeof section>[]} sections */
function listenToSearch(sections) {
  const count = sections.reduce((sum, { found }) => sum + found.length, 0);
  const search = () => {
    let shown = 0;
    for (const { node, list, found } of sections) {
      for (const { text, item, article } of found) {
        const hidden = !matches(text, words.value);
        item.hidden = hidden;
        article.hidden = hidden;
        if (!hidden) shown++;
      }
      const isEmpty = found.every(({ item }) => item.hidden);
      node.hidden = isEmpty;
      list.hidden = isEmpty;
    }
    byId("found").textContent = `${shown} of ${count}`;
  };
  words.addEventListener("input", search);
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (contents.querySelector("li:not([hidden]) a"))?.focus();
  });
  search();
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      words.focus();
      words.select();
    }
    if (event.key === "Escape" && event.target === words) {
      words.value = "";
      words.dispatchEvent(new Event("input"));
    }
  });
}

/** Shows what the address names, also where a search hides it, and opens it for the keyboard. */
function toHash() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  if (target.hidden || target.closest("[hidden]") !== null) {
    words.value = "";
    words.dispatchEvent(new Event("input"));
  }
  target.scrollIntoView();
  target.focus({ preventScroll: true });
  for (const link of contents.querySelectorAll("a")) {
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
