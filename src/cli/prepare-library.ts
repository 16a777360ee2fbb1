/** Gets the native library ready before runners need it, where its building can be watched. */

import type { Logger } from "pino";
import { openLibrary } from "../rdkafka/library.ts";
import { missingFeaturesNotice } from "../rdkafka/library-features.ts";

/** Finds or builds librdkafka and says what it cannot do. Rejects with `library-not-found` or `library-build-failed`. */
export async function prepareLibrary(log: Logger): Promise<void> {
  const library = await openLibrary();
  log.debug({ version: library.version, path: library.path }, "librdkafka is ready");
  const notice = missingFeaturesNotice(library);
  if (notice !== null) log.warn(notice);
}
