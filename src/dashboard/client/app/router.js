/** Shows the page that the address names: #/links/eu-to-us. */

import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("./app.js").Shown} Shown */

/** Nobody sees a message about what takes less. */
const LOADING_AFTER_MS = 250;

/**
 * @param {object} options
 * @param {App} options.app
 * @param {HTMLElement} options.main
 * @param {Readonly<Record<string, Page>>} options.pages by pattern: /links/:link
 * @param {Page} options.missing
 */
export function router({ app, main, pages, missing }) {
  const patterns = Object.entries(pages).map(([pattern, page]) => ({ match: matcher(pattern), page }));
  let leaving = new AbortController();
  let isFirst = true;

  const put = (/** @type {Shown} */ { title, node }, /** @type {boolean} */ isDone) => {
    main.replaceChildren(node);
    main.setAttribute("aria-busy", String(!isDone));
    document.title = `${title} · strait`;
    const heading = node.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    // So that what is read out begins at the page. At the very first one the focus is where the browser has it.
    if (isDone && !isFirst) heading?.focus({ preventScroll: true });
    if (isDone) {
      if (!isFirst) window.scrollTo(0, 0);
      isFirst = false;
    }
  };
  const showPage = async (/** @type {Page} */ page, /** @type {Record<string, string>} */ parts = {}) => {
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    const timer = setTimeout(() => {
      if (!signal.aborted) put(loading(), false);
    }, LOADING_AFTER_MS);
    /** @type {Shown} */
    let shown;
    try {
      shown = await page(app, parts, signal);
    } catch (error) {
      shown = failed(error, () => void showPage(page, parts));
    } finally {
      clearTimeout(timer);
    }
    if (!signal.aborted) put(shown, true);
  };
  const show = () => {
    const path = location.hash.replace(/^#/, "") || "/";
    for (const { match, page } of patterns) {
      const parts = match(path);
      if (parts !== null) return showPage(page, parts);
    }
    return showPage(missing, { path });
  };
  const showError = (/** @type {unknown} */ error, /** @type {() => void} */ again) => put(failed(error, again), true);
  return { show, showPage, showError };
}

/**
 * @param {string} pattern
 * @returns {(path: string) => Record<string, string> | null}
 */
function matcher(pattern) {
  const wanted = pattern.split("/");
  return (path) => {
    const given = path.split("/");
    if (given.length !== wanted.length) return null;
    /** @type {Record<string, string>} */
    const parts = {};
    for (const [index, part] of wanted.entries()) {
      const value = given[index] ?? "";
      if (part.startsWith(":")) parts[part.slice(1)] = decoded(value);
      else if (part !== value) return null;
    }
    return parts;
  };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // an address that somebody typed: there will be nothing of that name
  }
}

/** @returns {Shown} */
function loading() {
  return {
    title: "Loading",
    node: el("div", { class: "page" }, el("p", { class: "loading", role: "status" }, "Loading…")),
  };
}

/**
 * @param {unknown} error
 * @param {() => void} again
 * @returns {Shown}
 */
function failed(error, again) {
  const node = el(
    "div",
    { class: "page" },
    el("h1", {}, "This page cannot be shown"),
    el("p", { class: "problem" }, wordsOf(error)),
    el(
      "p",
      { class: "actions" },
      el("button", { type: "button", class: "button", onclick: again }, "Try again"),
      el("a", { class: "button", href: "#/" }, "All links"),
    ),
  );
  return { title: "Error", node };
}
