/** Who a request is from. */

import type { Context } from "hono";
import type { Actor } from "../configuration.ts";
import type { Role } from "./role.ts";
import type { Session } from "./sessions.ts";

export interface Principal {
  /** Of the token; null where no token is needed. */
  readonly name: string | null;
  readonly role: Role;
  /** Milliseconds since the epoch; null: never. */
  readonly expires: number | null;
  /** Null unless they came by cookie. */
  readonly session: Session | null;
  /** Whether they would still be let in: false once the token is gone or has expired. For answers that go on for long. */
  readonly isCurrent: () => boolean;
}

const KEY = "principal";

/** Notes who a request is from. */
export function setPrincipal(context: Context, principal: Principal): void {
  context.set(KEY, principal);
}

/** Who a request is from. For routes that need a role; of others nobody asks, and this throws. */
export function principalOf(context: Context): Principal {
  const principal: Principal | undefined = context.get(KEY);
  if (principal === undefined) throw new Error(`nobody was asked for at ${context.req.path}`);
  return principal;
}

/** Who makes the change that a request asks for. */
export function actorOf(context: Context): Actor {
  return { token: principalOf(context).name, via: "http" };
}
