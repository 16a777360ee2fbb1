/** What a token lets its holder do. */

import { type Static, Type } from "typebox";

export const Role = Type.Union(
  [Type.Literal("viewer"), Type.Literal("operator"), Type.Literal("steward"), Type.Literal("admin")],
  {
    description:
      "viewer reads; operator also changes links and mappings; steward also changes policies and regions; admin may do everything.",
  },
);
export type Role = Static<typeof Role>;

/** What a route asks for; `none`: anybody may call it, also without a token. */
export type NeededRole = Role | "none";

/** Operators and stewards are beside each other: who moves the data does not decide what may leave, and the reverse. */
const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ["viewer"],
  operator: ["viewer", "operator"],
  steward: ["viewer", "steward"],
  admin: ["viewer", "operator", "steward", "admin"],
};

/** Whether somebody with a role may do what needs one. */
export function permits(role: Role, needed: NeededRole): boolean {
  return needed === "none" || INCLUDED[role].includes(needed);
}
