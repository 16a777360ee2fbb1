/** What stays around every page: where one is, who one is, whether what is shown is live. */

import { wordsOf } from "../api/problem.js";
import { el, setAttribute } from "../dom/el.js";
import { icon } from "../dom/icon.js";

/** @typedef {import("./app.js").App} App */

const NAVIGATION = [
  { href: "#/", label: "Links", under: /^\/(links|add-link)?/ },
  { href: "#/clusters", label: "Clusters", under: /^\/(clusters|add-cluster)/ },
  { href: "#/policies", label: "Policies", under: /^\/(policies|add-policy)/ },
  { href: "#/audit", label: "Audit log", under: /^\/audit/ },
];

/** @type {Readonly<Record<import("../live/live.js").ConnectionState, { words: string, picture: string }>>} */
const CONNECTIONS = {
  connecting: { words: "Connecting…", picture: "starting" },
  live: { words: "Live", picture: "running" },
  lost: { words: "Not live: reconnecting…", picture: "retrying" },
};

/**
 * @param {App} app
 * @param {HTMLElement} header
 */
export function shell(app, header) {
  const links = NAVIGATION.map(({ href, label }) => el("a", { href }, label));
  const navigation = el("nav", { class: "navigation", "aria-label": "Main" }, ...links);
  const connection = el("p", { class: "connection", role: "status" });
  const user = el("div", { class: "user" });
  header.replaceChildren(
    el(
      "a",
      { class: "brand", href: "#/", "aria-label": "strait, all links" },
      el("img", { src: "/dashboard/icon.svg", alt: "", width: 24, height: 24 }),
      "strait",
    ),
    navigation,
    el("div", { class: "header-end" }, connection, user, themeSwitch()),
  );
  const whereAmI = () => {
    const path = location.hash.replace(/^#/, "") || "/";
    const found = NAVIGATION.findLastIndex(({ under }) => under.test(path));
    links.forEach((link, index) => {
      setAttribute(link, "aria-current", index === found ? "page" : null);
    });
  };
  window.addEventListener("hashchange", whereAmI);
  whereAmI();

  const whoAmI = () => {
    const { session } = app.api;
    navigation.hidden = session === null;
    connection.hidden = session === null;
    user.replaceChildren(...(session === null ? [] : userParts(app, session)));
  };
  let shown = "";
  app.live.onChange(() => {
    const { state } = app.live.connection;
    if (state === shown) return;
    shown = state;
    connection.setAttribute("data-connection", state);
    connection.replaceChildren(icon(CONNECTIONS[state].picture), el("span", {}, CONNECTIONS[state].words));
  }, new AbortController().signal);
  return { whoAmI };
}

/**
 * @param {App} app
 * @param {import("../types.d.ts").Session} session
 */
function userParts(app, { open, name, role, csrf }) {
  const who = open ? "No tokens: everybody on this machine may do everything" : `${name ?? "token"}, ${role}`;
  const words = el(
    "span",
    { class: "user-name", title: open ? who : `You are logged in as ${who}` },
    open ? "open access" : who,
  );
  if (open || csrf === null) return [words];
  const logOut = async () => {
    try {
      await app.api.logOut();
    } catch (error) {
      app.announce(`Log out: ${wordsOf(error)}`);
    }
  };
  return [words, el("button", { type: "button", class: "button button-small", onclick: logOut }, "Log out")];
}

function themeSwitch() {
  const select = el(
    "select",
    { class: "theme", "aria-label": "Colours" },
    ...[
      ["auto", "Auto"],
      ["light", "Light"],
      ["dark", "Dark"],
    ].map(([value, label]) => el("option", { value }, label)),
  );
  select.value = document.documentElement.dataset["theme"] ?? "auto";
  const changed = () => document.dispatchEvent(new Event("themechange"));
  select.addEventListener("change", () => {
    document.documentElement.dataset["theme"] = select.value;
    localStorage.setItem("strait-theme", select.value);
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  return select;
}
