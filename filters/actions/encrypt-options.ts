/** What the action `encrypt` takes. Apart from the action, so that the catalogue does not load the ciphers. */

import { Type } from "../../src/mod.ts";
import { KEY_VERSION_PATTERN, SecretReference } from "./secrets.ts";

export const EncryptOptions = {
  action: Type.Literal("encrypt"),
  key: SecretReference,
  algorithm: Type.Optional(
    Type.Union([Type.Literal("aes-256-gcm"), Type.Literal("aes-siv")], {
      default: "aes-256-gcm",
      description:
        "aes-256-gcm: the same text gives something else in every place. aes-siv: it gives the same everywhere, so that records can be joined, and whoever sees them knows which are equal.",
    }),
  ),
  keyVersion: Type.Optional(
    Type.String({
      pattern: KEY_VERSION_PATTERN,
      default: "1",
      description: "Stands in the output, so that decrypt knows which key it takes.",
    }),
  ),
};
