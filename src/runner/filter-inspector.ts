/**
 * A short-lived process that loads filter files and checks options against them, so that no user's code runs in the
 * control process. Started by src/control/filter-inspection.ts, which ends it when it takes too long.
 */

import process from "node:process";
import { checkFilterOptions } from "../config/filter-options.ts";
import type { FieldError } from "../config/invalid-configuration.ts";
import type { FilterUse } from "../config/resources.ts";
import { messageOf } from "../model/errors.ts";
import { loadFilterDefinition } from "./load-filter.ts";

/** Control to inspector, once. */
export interface InspectionRequest {
  readonly filters: readonly FilterUse[];
  readonly directories: readonly string[];
}

/** Inspector to control: first `ready`, then the mistakes of each filter in the order they were asked for. */
export type InspectionMessage =
  | { readonly type: "ready" }
  | { readonly type: "checked"; readonly errors: FieldError[] };

async function inspect(request: InspectionRequest): Promise<void> {
  for (const { use, options } of request.filters) {
    let errors: FieldError[];
    try {
      const { definition } = await loadFilterDefinition(use, request.directories);
      errors = checkFilterOptions(definition, options ?? {});
    } catch (error) {
      errors = [{ path: "/use", message: messageOf(error) }];
    }
    tell({ type: "checked", errors });
  }
}

function tell(message: InspectionMessage): void {
  process.send?.(message);
}

if (import.meta.main) {
  process.once("message", (request: InspectionRequest) => void inspect(request));
  process.once("disconnect", () => process.exit(0));
  tell({ type: "ready" });
}
