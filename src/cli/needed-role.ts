/** Which role a request needs, for telling it to somebody who has no token at all: then the server does not say. */

import type { Role } from "../control/security/role.ts";

const ADMIN = /^\/v1\/tokens(\/|$)/;
const OPERATOR = /^\/v1\/links(\/|$)/;
const STEWARD = /^\/v1\/(policies|regions)(\/|$)/;

/** The least role that may do it; `admin` where that is not known. `path` is without its query. */
export function neededRole(method: string, path: string): Role {
  if (ADMIN.test(path)) return "admin";
  if (method === "GET") return "viewer";
  if (OPERATOR.test(path)) return "operator";
  return STEWARD.test(path) ? "steward" : "admin";
}
