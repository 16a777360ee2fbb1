/** A link as it is shown: what is configured, and how it is. */

import { type Static, Type } from "typebox";
import { OrNull } from "../config/or-null.ts";
import { Link } from "../config/resources.ts";
import { MappingView, mappingView } from "./mapping-view.ts";
import { linkRulings } from "./policies/link-rulings.ts";
import type { State } from "./state.ts";
import type { Supervisor } from "./supervisor.ts";

export const LinkView = Type.Object(
  {
    ...Link.properties,
    mappings: Type.Array(MappingView),
    state: Type.Union([
      Type.Literal("starting"),
      Type.Literal("running"),
      Type.Literal("paused"),
      Type.Literal("degraded"),
      Type.Literal("failed"),
      Type.Literal("stopped"),
    ]),
    reason: OrNull(Type.String({ description: "Why it is in this state, in a sentence." })),
    restarts: Type.Integer({ description: "How often its runner ended unasked since strait started." }),
  },
  { additionalProperties: false, description: "A link and its state." },
);
export type LinkView = Static<typeof LinkView>;

export function linkView(link: Link, all: State, supervisor: Supervisor): LinkView {
  const { state = "starting", reason = null, restarts = 0 } = supervisor.snapshot(link.name) ?? {};
  const rulings = linkRulings(all, link);
  const mappings = link.mappings.map((mapping) => mappingView(mapping, rulings));
  return { ...link, mappings, state, reason, restarts };
}
