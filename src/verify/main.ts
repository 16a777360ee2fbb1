/** The process of one verification: forked by the control process, as filters are user's code. */

import process from "node:process";
import { fatalMessage } from "../model/fatal-message.ts";
import type { VerificationMessage, VerificationRequest } from "../model/verification.ts";
import { verifyLink } from "./verify-link.ts";

const PROGRESS_INTERVAL_MS = 300;

export function main(): void {
  let progress = { done: 0, of: 0 };
  const report = () => tell({ type: "progress", ...progress });

  const verify = async (request: VerificationRequest) => {
    await verifyLink(request, {
      progress: (done, of) => {
        progress = { done, of };
      },
      partition: (result) => tell({ type: "partition", result }),
    });
    report();
    tell({ type: "done" });
  };

  process.once("message", (request: VerificationRequest) => void verify(request).catch(fail));
  // Without the control process nobody would hear what it finds. It writes nothing, so it may end at any moment.
  process.once("disconnect", () => process.exit(0));
  // The terminal sends Ctrl-C to the whole group; the control process decides what happens then.
  process.on("SIGINT", () => {});
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  setInterval(report, PROGRESS_INTERVAL_MS);
  tell({ type: "ready" });
}

/** Says why; the control process ends this one when it has heard it. */
function fail(error: unknown): void {
  tell(fatalMessage(error));
}

function tell(message: VerificationMessage): void {
  if (process.connected) process.send?.(message);
}

if (import.meta.main) main();
