/** The messages between a runner and a filter host beside the records (node:child_process IPC, JSON). */

import type { FilterUse } from "../../config/resources.ts";
import type { ErrorCode } from "../../model/errors.ts";
import type { FilterSurroundings } from "../filter-context.ts";
import type { FilterFacts } from "../make-filter.ts";

/** What a host is to run. Secrets are references; the host resolves them from its own environment. */
export interface HostPlan {
  readonly surroundings: FilterSurroundings;
  /** All of them files, in the order of the mapping. */
  readonly filters: readonly FilterUse[];
  readonly answerMs: number;
  /** How often it gives a sign of life while it is at work. */
  readonly signMs: number;
}

/** Runner to host. */
export type HostCommand = { readonly type: "make"; readonly plan: HostPlan } | { readonly type: "close" };

/** Host to runner. None of them holds content. */
export type HostMessage =
  | { readonly type: "ready" }
  /** The filters are made; what is to be known of each. */
  | { readonly type: "made"; readonly facts: readonly FilterFacts[] }
  /** They cannot be. */
  | { readonly type: "refused"; readonly code: ErrorCode; readonly message: string; readonly retriable: boolean }
  /** It ends, as something happened outside of its answers. */
  | { readonly type: "ends"; readonly why: string };

/** The file descriptor of the host that requests come from and answers go to. */
export const RECORDS_DESCRIPTOR = 4;
