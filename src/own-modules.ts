/**
 * The modules that run in processes and threads of their own, and the files that are read when strait runs. Beside this file
 * they are what they are; an executable has them at the same places inside (src/packaging/compile.ts), for all that it is
 * made of believes to lie where this file does.
 */

const own = (path: string) => new URL(path, import.meta.url);

/** Each has a `main` that it calls when it is run; in an executable src/executable.ts calls it. */
export const OWN_PROCESSES = {
  runner: own("./runner/main.ts"),
  filterHost: own("./runner/isolation/host-main.ts"),
  filterInspector: own("./runner/filter-inspector.ts"),
  previewer: own("./preview/main.ts"),
  verifier: own("./verify/main.ts"),
} as const;

export const OWN_THREADS = {
  blockingWorker: own("./rdkafka/blocking-worker.ts"),
  hostGuard: own("./runner/isolation/host-guard.ts"),
} as const;

/** The folder of the dashboard's files. */
export const OWN_DASHBOARD = own("./dashboard/client");

/** librdkafka inside an executable; there is no such file beside the sources. */
export const OWN_LIBRARY = own("./native/librdkafka");
