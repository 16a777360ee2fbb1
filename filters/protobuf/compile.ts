/** From a message type and a selection to what changes payloads. */

import type { DescMessage } from "@bufbuild/protobuf";
import type { Selection } from "../fields/selection.ts";
import type { Surgeon } from "../fields/surgeon.ts";
import { programFor } from "./planner.ts";
import { ProtobufSurgery } from "./surgery.ts";

/**
 * Compiles a selection for the payloads of one message type. Paths are over field names or JSON names; a map's entries are
 * named by their keys. Throws `filter-invalid` for a selection that the schema does not allow: a value or an action that
 * does not fit a field's type, a required field that would go, groups, a `google.protobuf.Any` that could hide what is
 * chosen. A path that leads nowhere is no error: schemas change.
 *
 * Fields the schema does not know, extensions among them, stay, but for those in messages that an allow-list passes
 * through. A message on the way to what is kept stays as a shell, as an absent field may stand for its default; an entry
 * of a map only where something is left in it. An Any crosses an allow-list only where it is named itself.
 */
export function compileProtobuf(message: DescMessage, selection: Selection): Surgeon {
  return new ProtobufSurgery(programFor(message, selection));
}
