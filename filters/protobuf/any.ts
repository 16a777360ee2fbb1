/** `google.protobuf.Any`: a message in bytes whose type only the record says. What is in it cannot be chosen from. */

import type { DescMessage } from "@bufbuild/protobuf";
import { StraitError } from "../../src/mod.ts";
import type { Chooser } from "./chooser.ts";
import type { Place } from "./place.ts";

const ANY = "google.protobuf.Any";
/** What an Any says of itself, with the JSON name. */
const OWN_NAMES: readonly string[] = ["type_url", "typeUrl"];

/**
 * Throws `filter-invalid` where something that is chosen could be inside of an Any that crosses: anything texts, tags, `..`
 * or a path that leads into it may mean. An Any whose bytes are chosen themselves is safe, and so are allow-lists, which
 * let none cross that is not named.
 */
export function checkAny(message: DescMessage, place: Place, chooser: Chooser): void {
  if (message.typeName !== ANY || chooser.keeps) return;
  const value = message.fields.find(({ name }) => name === "value");
  if (value !== undefined && chooser.field(value, place.member("value")) !== null) return;
  const leadsInside = place.other().live || [...place.names].some((name) => !OWN_NAMES.includes(name));
  if (chooser.texts === null && !chooser.byTags && !leadsInside) return;
  throw new StraitError(
    "filter-invalid",
    `${ANY} holds messages that cannot be looked into, and what is chosen may be in one; drop the fields of that type, too, or list what is to be kept`,
  );
}
