/** One operation: who may call it, with what, and what it answers. */

import { commandOf } from "./command.js";
import { el } from "./el.js";
import { rulesOf } from "./schema-text.js";
import { schemaView, typeView } from "./schema-view.js";

/** @typedef {import("./types.d.ts").ApiDocument} ApiDocument */
/** @typedef {import("./types.d.ts").Answer} Answer */
/** @typedef {import("./types.d.ts").Content} Content */
/** @typedef {import("./types.d.ts").Entry} Entry */
/** @typedef {import("./types.d.ts").Parameter} Parameter */

/**
 * @param {Entry} entry
 * @param {ApiDocument} api
 * @returns {HTMLElement}
 */
export function operationView(entry, api) {
  const { method, path, operation } = entry;
  const { operationId, summary, parameters = [], requestBody, responses } = operation;
  const role = operation["x-role"];
  return el(
    "article",
    { id: operationId, "aria-labelledby": `${operationId}-title`, tabindex: "-1" },
    el("h3", { id: `${operationId}-title` }, methodView(method), " ", el("code", {}, path)),
    el("p", {}, summary),
    el("p", { class: "role" }, role === "none" ? "For everybody, without a token." : `Needs the role ${role}.`),
    parameters.length === 0 ? null : parametersView(parameters),
    requestBody === undefined ? null : el("h4", {}, requestBody.required ? "Body" : "Body, which may be absent"),
    requestBody === undefined ? null : contentView(requestBody.content),
    el("h4", {}, "Answers"),
    ...Object.entries(responses).map(([status, answer]) => answerView(status, resolved(answer, api))),
    el("details", {}, el("summary", {}, "As a command"), codeView(commandOf(entry, location.origin), "Command")),
  );
}

/** @param {string} method */
export function methodView(method) {
  return el("span", { class: `method ${method}` }, method.toUpperCase());
}

/**
 * @param {Answer | import("./types.d.ts").Reference} answer
 * @param {ApiDocument} api
 * @returns {Answer}
 */
function resolved(answer, api) {
  if (!("$ref" in answer)) return answer;
  return api.components.responses[answer.$ref.split("/").at(-1) ?? ""] ?? { description: answer.$ref };
}

/** @param {readonly Parameter[]} parameters */
function parametersView(parameters) {
  const rows = parameters.map((each) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("code", {}, each.name), el("small", {}, ` ${placeOf(each)}`)),
      el("td", {}, typeView(each.schema)),
      el("td", {}, each.description, el("small", {}, ` ${rulesOf(each.schema).join("; ")}`)),
    ),
  );
  const head = ["Parameter", "Type", "Meaning"].map((title) => el("th", { scope: "col" }, title));
  return el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
}

/** @param {Parameter} parameter */
function placeOf(parameter) {
  return parameter.required ? `in ${parameter.in}, required` : `in ${parameter.in}`;
}

/**
 * @param {string} status
 * @param {Answer} answer
 */
function answerView(status, { description, headers = {}, content = {} }) {
  const isProblem = Number(status) >= 400;
  const sent = Object.entries(headers).map(([name, header]) =>
    el("p", {}, "Header ", el("code", {}, name), `: ${header.description}`),
  );
  return el(
    "details",
    isProblem ? { class: "problem" } : { open: "" },
    el("summary", {}, el("strong", {}, status), ` ${description}`),
    ...sent,
    Object.keys(content).length === 0 ? el("p", {}, "No content.") : contentView(content),
  );
}

/** @param {Content} content */
function contentView(content) {
  const parts = Object.entries(content).map(([mediaType, { schema, example }]) =>
    el(
      "div",
      {},
      el("p", { class: "media" }, mediaType),
      schemaView(schema),
      example === undefined ? null : codeView(textOf(example), "Example"),
    ),
  );
  return el("div", {}, ...parts);
}

/**
 * @param {string} text
 * @param {string} label
 */
function codeView(text, label) {
  // Scrolls by itself where it is wide, so it must be reachable by keyboard.
  return el("pre", { tabindex: "0", role: "region", "aria-label": label }, el("code", {}, text));
}

/** @param {unknown} example */
function textOf(example) {
  return typeof example === "string" ? example : JSON.stringify(example, null, 2);
}
