/** Routes and their descriptions in one place, so that the OpenAPI document cannot differ from what is served. */

import { type Context, Hono } from "hono";
import type { TObject, TSchema } from "typebox";
import { HttpProblem } from "./problem.ts";
import type { NeededRole } from "./security/role.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

export interface Answer {
  readonly description: string;
  /** The JSON it carries; absent for an empty one. */
  readonly schema?: TSchema;
  /** Default application/json. */
  readonly mediaType?: string;
  /** What its header `Location` leads to; absent where it has none. */
  readonly location?: string;
}

export interface Operation {
  readonly method: Method;
  /** As in OpenAPI: `/v1/links/{link}`. */
  readonly path: string;
  readonly summary: string;
  /** Who may call it. */
  readonly role: NeededRole;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Default true, where there is one. */
  readonly bodyRequired?: boolean;
  /** By status; problem documents need not be listed except by status in `problems`. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses answered with a problem document. */
  readonly problems?: readonly number[];
}

export type Handler = (context: Context) => Response | Promise<Response>;

/** Lets a request through that may have what needs this role, and throws for others. */
export type Admit = (context: Context, needed: NeededRole) => void;

export class RouteTable {
  readonly app = new Hono();
  readonly #admit: Admit;
  readonly #operations: Operation[] = [];

  /** Asks `admit` before any handler is called. */
  constructor(admit: Admit) {
    this.#admit = admit;
  }

  get operations(): readonly Operation[] {
    return this.#operations;
  }

  add(operation: Operation, handler: Handler): void {
    this.#operations.push(operation);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    this.app.on(operation.method.toUpperCase(), path, (context) => {
      this.#admit(context, operation.role);
      return handler(context);
    });
  }

  /** For a request that no route took: 405 where the path has other methods, 404 where it has none. */
  notFound(path: string): HttpProblem {
    // A path of its own (/v1/policies/explain) is no name in another (/v1/policies/{policy}).
    const own = this.#operations.filter((each) => each.path === path);
    const matching = own.length > 0 ? own : this.#operations.filter((each) => pathPattern(each.path).test(path));
    const methods = matching.map(({ method }) => method);
    if (methods.length === 0)
      return new HttpProblem(404, `there is nothing at ${path.slice(0, 200)}; see /openapi.json`);
    const allow = methods.map((method) => method.toUpperCase()).join(", ");
    return new HttpProblem(405, `this path takes ${allow}`, { headers: { allow } });
  }
}

/** Matches the paths that an operation at `path` takes. */
export function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
