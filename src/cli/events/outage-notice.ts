/** Says that no events come, once for each outage, and when they come again. */

import { printable } from "../printable.ts";
import type { Update } from "./follow-events.ts";

/** To be told every update. `complain` gets a line. */
export function outageNotice(complain: (text: string) => void): (update: Update) => void {
  let isOut = false;
  return (update) => {
    if (update.type === "disconnected" && !isOut) {
      isOut = true;
      complain(`no news: ${printable(update.reason)}; trying again`);
    } else if (update.type === "connected" && isOut) {
      isOut = false;
      complain("news again");
    }
  };
}
