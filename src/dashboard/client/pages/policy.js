/** One policy, as JSON: to be read by all, and changed by those who keep the policies. */

import { el } from "../dom/el.js";
import { schemaForm } from "../form/form.js";
import { jsonField } from "../form/json-field.js";
import { textField } from "../form/text-field.js";
import { actionButton } from "../parts/action-button.js";
import { page } from "../parts/page.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").Policy} Policy */

const OPERATION = "/v1/policies/{policy}";
const PATH = /** @type {const} */ ([["Policies", "#/policies"]]);

/** What a new one may look like. */
const EXAMPLE = {
  from: ["eu"],
  to: ["*"],
  topics: ["orders*"],
  rule: { filters: [{ use: "redact", options: { keep: ["$.id"] } }] },
};

/** @type {import("../app/app.js").Page} */
export async function policyPage(app, { policy: name = "" }, signal) {
  /** @type {Policy} */
  const { version, digest, name: _name, ...content } = await app.api.get(pathOf(name), signal);
  const remove = actionButton(app, {
    label: "Remove",
    about: `policy ${name}`,
    picture: "remove",
    danger: true,
    needs: ["delete", OPERATION],
    question: {
      title: `Remove policy ${name}?`,
      text: "Running mappings go on without its filters, or stop where it was what let them.",
      yes: "Remove policy",
    },
    run: async () => {
      await app.api.send("DELETE", pathOf(name));
      location.assign("#/policies");
      return `Policy ${name} was removed`;
    },
  });
  const about = el("p", { class: "muted" }, `Version ${version}, digest ${digest}`);
  return {
    title: name,
    node: page({ title: name, path: PATH, actions: [remove] }, about, policyForm(app, { name, content })),
  };
}

/** @type {import("../app/app.js").Page} */
export function addPolicyPage(app) {
  const title = "Add a policy";
  return { title, node: page({ title, path: PATH }, policyForm(app, { content: EXAMPLE })) };
}

/**
 * @param {App} app
 * @param {{ name?: string, content: object }} options
 */
function policyForm(app, { name, content }) {
  return schemaForm({
    schema: {},
    hints: {
      "": {
        widget: (_schema, context) =>
          name === undefined ? namedPolicy(context, content) : contentField(context, content),
      },
    },
    submit: "Save policy",
    cancel: "#/policies",
    denial: app.contract.denial("put", OPERATION),
    onSubmit: async (value) => {
      const saved = name === undefined ? value : { name, content: value };
      const { name: put } = await app.api.send("PUT", pathOf(saved.name), { body: saved.content });
      await app.live.refresh();
      app.announce(`Policy ${put} is saved and counts from the next record on`);
      location.assign("#/policies");
    },
  });
}

/**
 * @param {import("../types.d.ts").FieldContext} context
 * @param {object} content
 */
function contentField(context, content) {
  const description =
    "from and to: lists of regions, * for all. topics: patterns with * and ?. rule: deny, allow, or { filters: [...] }.";
  return jsonField({ description }, { ...context, label: "Policy", hints: {}, value: content });
}

/**
 * A name and the content: the name goes into the path.
 *
 * @param {import("../types.d.ts").FieldContext} context
 * @param {object} content
 * @returns {import("../types.d.ts").Field}
 */
function namedPolicy(context, content) {
  const name = textField(
    { type: "string", description: "Lower-case letters, digits and dashes." },
    { ...context, label: "Name", hints: {}, value: undefined },
  );
  const field = contentField(context, content);
  return {
    node: el("div", { class: "fields" }, name.node, field.node),
    value: () => ({ name: name.value(), content: field.value() }),
    setErrors: (errors) => {
      const ofName = errors.filter(({ path }) => path === "/name");
      name.setErrors(ofName.map(({ message }) => ({ path: "", message })));
      field.setErrors(errors.filter((error) => !ofName.includes(error)));
    },
  };
}

/** @param {string} name */
function pathOf(name) {
  return `/v1/policies/${encodeURIComponent(name)}`;
}
