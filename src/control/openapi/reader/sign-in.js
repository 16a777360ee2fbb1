/** Asks for a token where strait needs one. */

import { el } from "./el.js";

/**
 * A form; `onDone` is called once strait knows who one is. The token goes into no storage: strait sets a cookie that
 * scripts cannot read.
 *
 * @param {() => void} onDone
 * @returns {HTMLElement}
 */
export function signIn(onDone) {
  const token = el("input", { id: "token", type: "password", autocomplete: "off", required: "" });
  const problem = el("p", { role: "alert" });
  const form = el(
    "form",
    { class: "sign-in" },
    el("h2", {}, "This needs a token"),
    el("p", {}, "Any role will do: the document says what strait can do, not what it does."),
    el("label", { for: "token" }, "Token"),
    token,
    el("button", { type: "submit" }, "Show the document"),
    problem,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const refusal = await logIn(token.value.trim());
    if (refusal === null) onDone();
    else problem.textContent = refusal;
  });
  return form;
}

/**
 * Why one is not let in; null if one is.
 *
 * @param {string} token
 * @returns {Promise<string | null>}
 */
async function logIn(token) {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/v1/session", { method: "POST", headers, body: JSON.stringify({ token }) });
    if (response.ok) return null;
    const { detail } = await response.json();
    return String(detail);
  } catch {
    return "strait does not answer; is it running?";
  }
}
