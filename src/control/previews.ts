/** Shows what the filters of a mapping make of its topic's newest records. */

import type { FieldError } from "../config/invalid-configuration.ts";
import { errorsUnder, refuse } from "../config/invalid-configuration.ts";
import { effectiveFilters, rulingOf } from "../config/policy-ruling.ts";
import type { FilterUse } from "../config/resources.ts";
import { type ErrorCode, StraitError } from "../model/errors.ts";
import type { LinkPlan } from "../model/runner-protocol.ts";
import { PREVIEW_LIMITS } from "../preview/content.ts";
import type { PreviewedRecord, PreviewRequest } from "../preview/protocol.ts";
import type { AuditLog } from "./audit-log.ts";
import type { Actor } from "./configuration.ts";
import { type PreviewFailure, PreviewProcess } from "./preview-process.ts";
import type { Preview, PreviewInput } from "./preview-view.ts";
import { HttpProblem } from "./problem.ts";

export interface PreviewsOptions {
  readonly audit: Pick<AuditLog, "append">;
  /** What each link is at the moment. */
  readonly plans: () => readonly LinkPlan[];
  readonly checkFilters: (filters: readonly FilterUse[]) => Promise<readonly FieldError[]>;
  /** The module that makes previews. Default: strait's own. */
  readonly module?: URL;
  /** How long one may take, milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
  /** How many may be made at the same time. Default 2. */
  readonly maxRunning?: number;
}

/** How long a filter file may take for a record. */
const ANSWER_MS = 5000;

export class Previews {
  readonly #options: PreviewsOptions;
  readonly #running = new Set<PreviewProcess>();
  #closed = false;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /**
   * Who looks at which mapping is in the audit log before anything is read. Throws `not-found` where there is no such
   * mapping, `configuration` for filters that cannot be used, 503 where too many look at the same time, 504 where it
   * takes too long, and what clusters and filters say.
   */
  async preview(linkName: string, mappingName: string, input: PreviewInput, actor: Actor): Promise<Preview> {
    const { filters: given, records: newest = 10 } = input;
    if (given !== undefined) refuse(errorsUnder("/filters", await this.#options.checkFilters(given)));
    const plan = this.#options.plans().find(({ link }) => link.name === linkName);
    const own = plan?.link.mappings.find(({ name }) => name === mappingName);
    if (plan === undefined || own === undefined) {
      throw new StraitError("not-found", `link ${linkName} has no mapping \`${mappingName}\``);
    }
    this.#requireRoom();
    const mapping = given === undefined ? own : { ...own, filters: given };
    const filters = effectiveFilters(rulingOf(plan.rulings, own), mapping);
    this.#options.audit.append({
      ...actor,
      action: "mapping.preview",
      resource: `links/${linkName}/mappings/${mappingName}`,
      before: null,
      after: { records: newest, filters: filters.map(({ use, policy }) => ({ use, policy })) },
    });
    const { source, destination, filterDirectories } = plan;
    const records = await this.#run({
      link: linkName,
      mapping,
      filters,
      source: registryOf(source),
      destination: registryOf(destination),
      filterDirectories,
      records: { newest, of: source },
      shown: PREVIEW_LIMITS,
      answerMs: ANSWER_MS,
      ownWords: false,
    });
    return {
      link: linkName,
      mapping: mappingName,
      topic: mapping.source,
      filters: filters.map(({ use, policy }) => ({ use, policy })),
      records,
    };
  }

  /** Ends all. Resolves when no process is left. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#running];
    for (const process of running) process.kill("strait was stopped");
    await Promise.all(running.map(({ ended }) => ended));
  }

  #requireRoom(): void {
    if (this.#closed) throw new StraitError("closed", "strait is shutting down");
    const { maxRunning = 2 } = this.#options;
    if (this.#running.size < maxRunning) return;
    throw new HttpProblem(503, `${maxRunning} previews are being made already; ask again in a moment`);
  }

  async #run(request: PreviewRequest): Promise<PreviewedRecord[]> {
    const { module, timeoutMs = 20_000 } = this.#options;
    const records: PreviewedRecord[] = [];
    const process = new PreviewProcess(request, {
      timeoutMs,
      onRecord: (record) => records.push(record),
      ...(module !== undefined && { module }),
    });
    this.#running.add(process);
    const failure = await process.ended;
    this.#running.delete(process);
    if (failure !== null) throw problemOf(failure, request);
    return records;
  }
}

function registryOf({ schemaRegistry }: LinkPlan["source"]): PreviewRequest["source"] {
  return schemaRegistry === undefined ? {} : { schemaRegistry };
}

/** What a preview that failed is answered with. */
function problemOf({ how, code, message, at }: PreviewFailure, { mapping: { source } }: PreviewRequest): Error {
  if (how === "late") {
    const where = at === null ? "" : `; a filter still has ${source}/${at.partition} offset ${at.offset}`;
    return new HttpProblem(504, `there is no preview: ${message}${where}`);
  }
  if (how === "ended") return new HttpProblem(503, `there is no preview: ${message}`);
  return new HttpProblem(STATUSES[code as ErrorCode] ?? 502, message);
}

/** Of errors that are not the cluster's. */
const STATUSES: Partial<Readonly<Record<ErrorCode, number>>> = {
  "filter-invalid": 422,
  "secret-unavailable": 422,
  "unknown-topic": 404,
  "runner-failed": 500,
};
