/** Pseudonyms: the same text under the same key gives the same one, and without the key nobody finds the text. */

import { createHmac } from "node:crypto";
import { type FilterContext, type OptionProblem, Type } from "../../src/mod.ts";
import type { FieldAction, NumberShape } from "../fields/change.ts";
import { pseudonym } from "../json/pseudonym.ts";
import { encodeText } from "../json/text.ts";
import { exactBits } from "./number-range.ts";
import { KEY_VERSION_PATTERN, SecretReference, secretText } from "./secrets.ts";

/** Characters of a whole digest of 32 bytes; base64url without padding. */
const LONGEST = { hex: 64, base64url: 43 } as const;

export const HashOptions = {
  action: Type.Literal("hash"),
  key: SecretReference,
  encoding: Type.Optional(
    Type.Union([Type.Literal("hex"), Type.Literal("base64url")], {
      default: "hex",
      description: "How the digest is written: in lower-case hex digits, or in base64url without padding.",
    }),
  ),
  length: Type.Optional(
    Type.Integer({
      minimum: 8,
      maximum: 64,
      description:
        "Characters of the digest that are kept, by default all (64 of hex, 43 of base64url). Fewer make it likelier that two texts share a pseudonym.",
    }),
  ),
  keyVersion: Type.Optional(
    Type.String({
      pattern: KEY_VERSION_PATTERN,
      description:
        "Put before the digest, as `2:...`, so that pseudonyms of several keys are told apart. Numbers have no room for it.",
    }),
  ),
};

interface Options {
  readonly key: string;
  readonly encoding?: keyof typeof LONGEST;
  readonly length?: number;
  readonly keyVersion?: string;
}

export function hashProblems({ encoding = "hex", length }: Options, pointer: string): OptionProblem[] {
  const longest = LONGEST[encoding];
  if (length === undefined || length <= longest) return [];
  return [{ path: `${pointer}/length`, message: `a digest in ${encoding} has ${longest} characters` }];
}

/** Rejects with `secret-unavailable`. */
export async function hash(options: Options, context: FilterContext, label: string): Promise<FieldAction> {
  const { encoding = "hex", length, keyVersion } = options;
  const key = await secretText(context, options.key, `hashing ${label}`);
  const prefix = keyVersion === undefined ? "" : `${keyVersion}:`;
  const digest = (text: string | Uint8Array): string => {
    const whole = createHmac("sha256", key).update(text).digest(encoding);
    return prefix + (length === undefined ? whole : whole.slice(0, length));
  };
  const text = (value: string): string => digest(encodeText(value));
  return {
    name: "hash",
    text,
    bytes: (value) => encodeText(digest(value)),
    ...(keyVersion === undefined ? { number: (decimal, shape) => numberFor(decimal, shape, key) } : {}),
    json: pseudonym(label, digest),
  };
}

/** A positive integer from the first bits of the HMAC, as many as the type holds exactly. */
function numberFor(decimal: string, shape: NumberShape, key: string): string {
  const first = createHmac("sha256", key).update(decimal).digest().readBigUInt64BE();
  const value = first >> BigInt(64 - exactBits(shape));
  return String(value === 0n ? 1n : value);
}
