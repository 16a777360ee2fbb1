/** Tells the actions of a selection which record comes next. */

import type { KafkaRecord } from "../../src/mod.ts";
import type { FieldAction } from "./change.ts";
import type { Selection } from "./selection.ts";

/** To be called before each record, with nothing awaited in between; null where no action wants to know. */
export function beginRecord(selection: Selection): ((record: KafkaRecord) => void) | null {
  const actions = actionsOf(selection).filter(({ begin }) => begin !== undefined);
  if (actions.length === 0) return null;
  return (record) => {
    for (const action of actions) action.begin?.(record);
  };
}

function actionsOf(selection: Selection): FieldAction[] {
  if (selection.form === "keep") return [];
  const changes = selection.form === "fields" ? selection.rules.map(({ change }) => change) : [selection.change];
  return changes.flatMap((change) => (change.kind === "act" ? [change.action] : []));
}
