/** What policies have against a mapping that is added or changed. */

import { errorsUnder, type FieldError } from "./invalid-configuration.ts";
import { jsonPointer } from "./json-pointer.ts";
import { type MappingRuling, type Rulings, rulingOf } from "./policy-ruling.ts";
import type { Link, Mapping } from "./resources.ts";
import { sameButPaused } from "./same-mapping.ts";

/** Why the mapping is refused; paths into the mapping. */
export function checkRuling({ refusal }: MappingRuling): FieldError[] {
  if (refusal === null) return [];
  const remedy = "ask whoever keeps the policies; `strait policy explain` says which there are and what they name";
  return [{ path: "/source", message: `${refusal}; ${remedy}` }];
}

/**
 * The same for every mapping of a link that is new or not what it was; paths into the link. What was there before stays,
 * stopped where a policy denies it: a change elsewhere must not be refused because of it.
 */
export function checkRulings(link: Link, before: Link | undefined, rulings: Rulings): FieldError[] {
  return link.mappings.flatMap((mapping, index) =>
    wasThere(mapping, link, before)
      ? []
      : errorsUnder(jsonPointer("mappings", index), checkRuling(rulingOf(rulings, mapping))),
  );
}

function wasThere(mapping: Mapping, { source, destination }: Link, before: Link | undefined): boolean {
  if (before?.source !== source || before.destination !== destination) return false;
  return before.mappings.some((each) => each.name === mapping.name && sameButPaused(each, mapping));
}
