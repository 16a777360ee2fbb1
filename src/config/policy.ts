/** Residency policies: what may leave a region, and which filters it has to go through. */

import { type Static, Type } from "typebox";
import { FilterUse, Name } from "./resources.ts";

/** In a policy's lists: every region. Among the defaults of regions: each that has none of its own. */
export const ANY_REGION = "*";

export const RegionName = Type.String({ minLength: 1, maxLength: 64, description: "As clusters have it; * for all." });

const regions = (description: string) =>
  Type.Array(RegionName, { minItems: 1, maxItems: 100, uniqueItems: true, description });

const TopicPattern = Type.String({
  pattern: "^[a-zA-Z0-9._*?-]{1,249}$",
  description: "A pattern for topic names: * stands for any characters or none, ? for exactly one.",
});

/** `use` and `options` only: a filter that merely looks on would not do what a policy is for. */
const PolicyFilter = Type.Pick(FilterUse, ["use", "options"], { additionalProperties: false });

/** What a policy says, without what strait adds. */
export const PolicyContent = Type.Object(
  {
    from: regions("The regions that records leave; * for all."),
    to: regions("The regions they go to; * for all."),
    topics: Type.Array(TopicPattern, { minItems: 1, maxItems: 1000, uniqueItems: true }),
    rule: Type.Union(
      [
        Type.Literal("deny"),
        Type.Literal("allow"),
        Type.Object(
          { filters: Type.Array(PolicyFilter, { minItems: 1, maxItems: 32 }) },
          { additionalProperties: false, description: "They leave through these filters." },
        ),
      ],
      { description: "deny: they do not leave. allow: they may, where the region's default is deny." },
    ),
  },
  { additionalProperties: false, description: "A policy: which topics may go from where to where, and how." },
);
export type PolicyContent = Static<typeof PolicyContent>;

export const Policy = Type.Object(
  {
    name: Name,
    ...PolicyContent.properties,
    version: Type.Integer({ minimum: 1, description: "Counts up with each change; never used twice for a name." }),
    digest: Type.String({ description: "SHA-256, hex, of name and content in canonical JSON (RFC 8785)." }),
  },
  { additionalProperties: false, description: "A policy: which topics may go from where to where, and how." },
);
export type Policy = Static<typeof Policy>;

/** Which policy it was, exactly. */
export const PolicyReference = Type.Pick(Policy, ["name", "version", "digest"]);
export type PolicyReference = Static<typeof PolicyReference>;

/** What is shown may be put, so what only strait can know is taken and ignored. */
export const PolicyInput = Type.Object(
  {
    name: Type.Optional(Name),
    ...PolicyContent.properties,
    version: Type.Optional(Type.Unknown({ readOnly: true, description: "Ignored." })),
    digest: Type.Optional(Type.Unknown({ readOnly: true, description: "Ignored." })),
  },
  {
    additionalProperties: false,
    description: "A policy to add or to replace, also as it was shown. The name is the one in the path.",
  },
);

export const RegionInput = Type.Object(
  {
    default: Type.Union([Type.Literal("deny"), Type.Literal("allow")], {
      description: "What happens to topics that leave the region and that no policy names.",
    }),
  },
  { additionalProperties: false, description: "What a region does where no policy says otherwise." },
);

export const Region = Type.Object(
  { name: RegionName, ...RegionInput.properties },
  { additionalProperties: false, description: "What a region does where no policy says otherwise." },
);
export type Region = Static<typeof Region>;

/** Policies and regions by name, as in the configuration file: all of them are taken over at once. */
export const PoliciesInput = Type.Object(
  {
    policies: Type.Optional(Type.Record(Type.String(), PolicyContent)),
    regions: Type.Optional(Type.Record(Type.String(), RegionInput)),
  },
  { additionalProperties: false, description: "Policies and regions by name. What is not named stays." },
);
export type PoliciesInput = Static<typeof PoliciesInput>;

/** All that decides about what leaves regions. */
export interface Residency {
  readonly policies: readonly Policy[];
  readonly regions: readonly Region[];
}
