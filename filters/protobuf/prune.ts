/** Takes out of plans what leads nowhere: messages in which, whatever they hold, nothing is chosen. */

import type { Action, Drop, Plan, Stay } from "./plan.ts";

/** Changes the plans and returns those that do something. In allow-lists that is to keep something. */
export function prune(plans: readonly Plan[], keeps: boolean): ReadonlySet<Plan> {
  const useful = new Set<Plan>();
  const isUseful = (action: Action): boolean => {
    switch (action.kind) {
      case "stay":
        return keeps;
      case "drop":
        return action.rule >= 0;
      case "enter":
        return useful.has(action.plan);
      case "entries":
        return isUseful(action.entry);
      case "keyed":
        return isUseful(action.other) || [...action.byKey.values()].some(isUseful);
      case "counted":
        return isUseful(action.other) || [...action.byIndex.values()].some(isUseful);
      default:
        return true;
    }
  };
  // Plans that were made later lie deeper, mostly.
  const backwards = plans.toReversed();
  for (let before = -1; before !== useful.size; ) {
    before = useful.size;
    for (const plan of backwards)
      if (!useful.has(plan) && [...plan.steps].some(([number, { action }]) => !isKey(plan, number) && isUseful(action)))
        useful.add(plan);
  }
  const unlisted: Stay | Drop = keeps ? { kind: "drop", rule: -1 } : { kind: "stay" };
  const orUnlisted = <T extends Action>(action: T): T | Stay | Drop => (isUseful(action) ? action : unlisted);
  const inside = (action: Action): Action => {
    if (action.kind === "keyed")
      return {
        ...action,
        byKey: new Map([...action.byKey].map(([key, entry]) => [key, orUnlisted(entry)])),
        other: orUnlisted(action.other),
      };
    if (action.kind === "counted")
      return {
        ...action,
        byIndex: new Map([...action.byIndex].map(([index, single]) => [index, orUnlisted(single)])),
        other: orUnlisted(action.other),
      };
    return action;
  };
  for (const plan of plans) {
    for (const [number, step] of plan.steps) {
      if (isKey(plan, number)) continue;
      if (isUseful(step.action)) plan.steps.set(number, { ...step, action: inside(step.action) });
      else plan.steps.delete(number);
    }
  }
  return useful;
}

/** The key of a kept entry goes along with it and is no reason to keep it. */
function isKey(plan: Plan, number: number): boolean {
  return plan.message === null && number === 1 && plan.steps.get(1)?.action.kind === "stay";
}
