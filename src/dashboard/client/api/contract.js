/** What the API document says: schemas to make forms from, and which role may do what. */

/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */
/** @typedef {import("../types.d.ts").Role} Role */
/** @typedef {import("./api.js").Api} Api */

/**
 * @typedef {object} ApiDocument
 * @property {Record<string, Record<string, Operation>>} paths
 *
 * @typedef {object} Operation
 * @property {string} [x-role]
 * @property {{ content: Record<string, { schema: JsonSchema }> }} [requestBody]
 */

export class Contract {
  #api;
  /** @type {Promise<ApiDocument> | null} */
  #loading = null;
  /** @type {ApiDocument | null} */
  #document = null;

  /** @param {Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** Reads the document, once. Everything else here needs it. */
  async load() {
    this.#loading ??= this.#api.get("/openapi.json");
    try {
      this.#document = await this.#loading;
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  /** Forgets the document: another strait may be behind the address now. */
  forget() {
    this.#loading = null;
  }

  /**
   * The schema of a request's body.
   *
   * @param {string} method
   * @param {string} path as in the document: /v1/links/{link}
   * @returns {JsonSchema}
   */
  bodySchema(method, path) {
    const schema = this.#operation(method, path)?.requestBody?.content["application/json"]?.schema;
    if (schema === undefined) throw new Error(`the API document has no body for ${method} ${path}`);
    return /** @type {JsonSchema} */ (this.#resolved(schema));
  }

  /**
   * Why one may not do this, in a sentence; null if one may.
   *
   * @param {string} method
   * @param {string} path as in the document
   * @returns {string | null}
   */
  denial(method, path) {
    const { session } = this.#api;
    if (session === null) return "log in first";
    const needed = this.#operation(method, path)?.["x-role"] ?? "none";
    if (permits(session.role, needed)) return null;
    return `this needs the role ${needed === "admin" ? needed : `${needed} or admin`}, and yours is ${session.role}`;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @returns {Operation | undefined}
   */
  #operation(method, path) {
    return this.#document?.paths[path]?.[method.toLowerCase()];
  }

  /**
   * The schema with what it refers to in place.
   *
   * @param {unknown} schema
   * @returns {unknown}
   */
  #resolved(schema) {
    if (Array.isArray(schema)) return schema.map((each) => this.#resolved(each));
    if (typeof schema !== "object" || schema === null) return schema;
    const { $ref } = /** @type {JsonSchema} */ (schema);
    if (typeof $ref === "string") return this.#resolved(this.#at($ref));
    return Object.fromEntries(Object.entries(schema).map(([name, each]) => [name, this.#resolved(each)]));
  }

  /** @param {string} reference #/components/schemas/Name */
  #at(reference) {
    /** @type {unknown} */
    let found = this.#document;
    for (const part of reference.replace(/^#\//, "").split("/")) {
      found = /** @type {Record<string, unknown> | undefined} */ (found)?.[part];
    }
    return found;
  }
}

/**
 * As the server has it: operators and stewards are beside each other, an admin may do everything.
 *
 * @param {Role} role
 * @param {string} needed
 */
function permits(role, needed) {
  return needed === "none" || needed === "viewer" || role === needed || role === "admin";
}
