/** The form of a cluster, to add one or to change it. */

import { pathTo } from "../api/api.js";
import { schemaForm } from "../form/form.js";

/** @typedef {import("../app/app.js").App} App */
/** @typedef {import("../types.d.ts").Cluster} Cluster */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

const OPERATION = /** @type {const} */ (["put", "/v1/clusters/{cluster}"]);

/** The properties most clusters need; the server knows all others. */
const USUAL_PROPERTIES = [
  "bootstrap.servers",
  "security.protocol",
  "sasl.mechanism",
  "sasl.username",
  "sasl.password",
  "ssl.ca.location",
  "ssl.certificate.location",
  "ssl.key.location",
  "compression.codec",
  "client.id",
];

/**
 * @param {App} app
 * @param {{ cluster?: Cluster, cancel: string, onSaved: (cluster: Cluster) => void }} options
 */
export function clusterForm(app, { cluster, cancel, onSaved }) {
  const schema = app.contract.bodySchema(...OPERATION);
  const required = cluster === undefined ? ["name", ...(schema.required ?? [])] : (schema.required ?? []);
  return schemaForm({
    // The name goes into the path; the body may leave it out, so the schema does not ask for it.
    schema: { ...schema, required },
    value: cluster ?? { properties: { "bootstrap.servers": "" } },
    hints: {
      "/name": cluster === undefined ? {} : { hidden: true },
      "/properties": {
        suggest: async () => USUAL_PROPERTIES,
        help: "As librdkafka has them. bootstrap.servers is required: host:port, several with commas. Secrets are given as ${env:NAME} or ${file:PATH}; *** keeps the one that is stored.",
      },
    },
    submit: cluster === undefined ? "Add cluster" : "Save cluster",
    busy: "Connecting…",
    cancel,
    denial: app.contract.denial(...OPERATION),
    onSubmit: async (body) => {
      const { name = cluster?.name, ...content } = body;
      onSaved(await app.api.send("PUT", pathTo("clusters", name), { body: content }));
    },
  });
}
