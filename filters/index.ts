/** The filters that come with strait, in the order of the catalogue. */

import type { FilterDefinition } from "../src/mod.ts";
import decrypt from "./decrypt.ts";
import detect from "./detect.ts";
import dropRecords from "./drop-records.ts";
import redact from "./redact.ts";
import translateSchemas from "./translate-schemas.ts";

export const builtInFilters: readonly FilterDefinition[] = [redact, detect, decrypt, dropRecords, translateSchemas];
