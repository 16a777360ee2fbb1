/** Tokens as they are shown, asked for and kept. */

import { type Static, Type } from "typebox";
import { Name } from "../../config/resources.ts";
import { Role } from "./role.ts";

const Expires = Type.Union([Type.String({ format: "date-time" }), Type.Null()], {
  description: "From when on it is refused; null: never.",
});

export const Token = Type.Object(
  {
    name: Name,
    role: Role,
    created: Type.String({ format: "date-time" }),
    expires: Expires,
  },
  { additionalProperties: false, description: "A token, without what proves that one has it." },
);
export type Token = Static<typeof Token>;

export const TokenInput = Type.Object(
  { name: Name, role: Role, expires: Type.Optional(Expires) },
  { additionalProperties: false, description: "A token to make. It never expires unless it is said when." },
);
export type TokenInput = Static<typeof TokenInput>;

export const NewToken = Type.Object(
  { ...Token.properties, token: Type.String({ description: "The token itself, shown this once." }) },
  { additionalProperties: false, description: "A token that was made." },
);
export type NewToken = Static<typeof NewToken>;

export const KeptToken = Type.Object(
  { ...Token.properties, hash: Type.String({ pattern: "^[0-9a-f]{64}$" }) },
  { additionalProperties: false, description: "A token as it is kept: with the SHA-256 of its text." },
);
export type KeptToken = Static<typeof KeptToken>;

/** Without what is kept for comparing. */
export function shownToken({ name, role, created, expires }: KeptToken): Token {
  return { name, role, created, expires };
}

/** Whether a token is refused at that time, milliseconds since the epoch. */
export function isExpired({ expires }: Token, now: number): boolean {
  return expires !== null && Date.parse(expires) <= now;
}
