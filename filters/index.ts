/** The filters that come with strait, in the order of the catalogue. */

import type { FilterDefinition } from "../src/mod.ts";
import dropRecords from "./drop-records.ts";
import redact from "./redact.ts";

export const builtInFilters: readonly FilterDefinition[] = [redact, dropRecords];
