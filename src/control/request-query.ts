/** Reads and checks the query parameters of a request. */

import type { Context } from "hono";
import type { Static, TObject } from "typebox";
import { validate } from "../config/validate.ts";
import { HttpProblem } from "./problem.ts";

/** The parameters, numbers converted as the schema says. Throws 400 naming each bad, unknown or repeated one. */
export function readQuery<Schema extends TObject>(context: Context, schema: Schema): Static<Schema> {
  const query: Record<string, unknown> = Object.create(null);
  for (const [name, values] of Object.entries(context.req.queries())) {
    const [value = ""] = values;
    if (values.length > 1) bad([{ path: `/${name}`, message: "is given more than once" }]);
    const type = (schema.properties[name] as { readonly type?: string } | undefined)?.type;
    query[name] = type === "integer" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  }
  const result = validate(schema, { ...query });
  if (!result.ok) bad(result.errors);
  return result.value;
}

function bad(errors: readonly { readonly path: string; readonly message: string }[]): never {
  throw new HttpProblem(400, errors.map(({ path, message }) => `${path.slice(1)} ${message}`).join("; "), { errors });
}
