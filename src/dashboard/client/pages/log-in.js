/** Logging in with a token. */

import { wordsOf } from "../api/problem.js";
import { el } from "../dom/el.js";

/**
 * @param {() => Promise<void>} onLoggedIn
 * @returns {import("../app/app.js").Page}
 */
export function logInPage(onLoggedIn) {
  return (app) => {
    const input = el("input", {
      id: "token",
      type: "password",
      autocomplete: "current-password",
      required: true,
      "aria-describedby": "token-help token-problem",
    });
    const problem = el("p", { id: "token-problem", class: "problem", role: "alert", hidden: true });
    const button = el("button", { type: "submit", class: "button button-primary" }, "Log in");
    const form = el(
      "form",
      { class: "form log-in" },
      el(
        "div",
        { class: "field" },
        el("label", { for: "token" }, "Token"),
        input,
        el(
          "p",
          { id: "token-help", class: "help" },
          "An administrator makes one: ",
          el("code", { class: "code" }, "strait token new NAME --role operator"),
        ),
      ),
      problem,
      el("div", { class: "actions" }, button),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.setAttribute("aria-busy", "true");
      problem.hidden = true;
      try {
        await app.api.logIn(input.value.trim());
        input.value = "";
        await onLoggedIn();
      } catch (error) {
        problem.textContent = wordsOf(error);
        problem.hidden = false;
        input.focus();
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
    return { title: "Log in", node: el("div", { class: "page page-narrow" }, el("h1", {}, "Log in to strait"), form) };
  };
}
