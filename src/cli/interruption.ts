/** How a command that has no end of its own is ended: Ctrl-C, a signal, or nobody who reads any more. */

import process from "node:process";
import { Observable } from "rxjs";

/** Emits once and completes. Until then Ctrl-C does not end the process. */
export function interruption(): Observable<void> {
  return new Observable((subscriber) => {
    const end = () => {
      subscriber.next();
      subscriber.complete();
    };
    // `| head` closes the pipe; what is written then fails with EPIPE. Other errors are not ours to judge.
    const onError = ({ code }: NodeJS.ErrnoException) => {
      if (code === "EPIPE") end();
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
    process.stdout.on("error", onError);
    return () => {
      process.off("SIGINT", end);
      process.off("SIGTERM", end);
      process.stdout.off("error", onError);
    };
  });
}
