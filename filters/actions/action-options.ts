/** What may be done with a chosen value, as options: one object for each action, told apart by `action`. */

import type { TProperties } from "typebox";
import { type OptionProblem, Type } from "../../src/mod.ts";
import { EncryptOptions } from "./encrypt-options.ts";
import {
  GeneraliseBucketOptions,
  GeneralisePostcodeOptions,
  GeneraliseToOptions,
  generaliseProblems,
} from "./generalise.ts";
import { HashOptions, hashProblems } from "./hash.ts";
import { MaskOptions, maskProblems } from "./mask.ts";
import { ReplaceOptions, replaceProblems } from "./replace.ts";
import { TruncateOptions } from "./truncate.ts";

/** The schema of all actions, each with further properties (such as the path of what it is done to). */
export function actionOptions<Extra extends TProperties>(extra: Extra) {
  return Type.Union([
    Type.Object({ ...extra, action: Type.Literal("drop") }, closed("Removes the member, element or header.")),
    Type.Object({ ...extra, ...ReplaceOptions }, closed("Puts the same value in place of each.")),
    Type.Object(
      { ...extra, ...MaskOptions },
      described(
        "Hides all characters but the first and last ones, and all where those would be the whole text. JSON numbers and booleans become strings. Where a schema wants a number, its digits are hidden if `with` is a digit.",
      ),
    ),
    Type.Object(
      { ...extra, ...HashOptions },
      described(
        "Puts the HMAC-SHA-256 of the text in its place. JSON numbers and booleans become strings. Where a schema wants a number it becomes a positive one of the type.",
      ),
    ),
    Type.Object(
      { ...extra, ...EncryptOptions },
      described(
        "Puts strait.1.<gcm|siv>.<key version>.<base64url> in its place; decrypt gives the exact original back. Of JSON any value can be encrypted, objects and arrays included.",
      ),
    ),
    Type.Object(
      { ...extra, ...TruncateOptions },
      described("Keeps the beginning of a text. What is short enough stays as it is."),
    ),
    Type.Object(
      { ...extra, ...GeneraliseToOptions },
      described("Keeps the period of a date or the network of an address."),
    ),
    Type.Object({ ...extra, ...GeneraliseBucketOptions }, described("Keeps the bucket a number is in.")),
    Type.Object({ ...extra, ...GeneralisePostcodeOptions }, described("Keeps how a postcode begins.")),
  ]);
}

export const ActionOptions = actionOptions({});
export type ActionOptions = Type.Static<typeof ActionOptions>;

/** Mistakes in an action's options that their schema cannot express; `pointer` is where they are. */
export function actionProblems(options: ActionOptions, pointer: string): OptionProblem[] {
  switch (options.action) {
    case "replace":
      return replaceProblems(options.value, pointer);
    case "mask":
      return maskProblems(options, pointer);
    case "hash":
      return hashProblems(options, pointer);
    case "generalise":
      return generaliseProblems(options, pointer);
    default:
      return [];
  }
}

function described(description: string) {
  return closed(`${description} Null stays; what the action cannot handle fails.`);
}

function closed(description: string) {
  return { additionalProperties: false, description } as const;
}
