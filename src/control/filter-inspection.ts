/** Checks the filters of a mapping: built-in ones here, those from files in a process of their own. */

import type { ChildProcess } from "node:child_process";
import { builtInFilters } from "../../filters/index.ts";
import { checkFilterOptions, isFilterFile } from "../config/filter-options.ts";
import { errorsUnder, type FieldError } from "../config/invalid-configuration.ts";
import { jsonPointer } from "../config/json-pointer.ts";
import { suggestion } from "../config/nearest-name.ts";
import type { FilterUse } from "../config/resources.ts";
import { forkModule } from "../fork-module.ts";
import { OWN_PROCESSES } from "../own-modules.ts";
import type { InspectionMessage, InspectionRequest } from "../runner/filter-inspector.ts";
import type { CleanFile } from "../runner/type-check.ts";

export interface FilterInspectionOptions {
  /** Directories filter files may come from. */
  readonly directories: readonly string[];
  /** How long the files of one mapping may take to load and check their options, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** How long checking their types may take, milliseconds. Default 20,000. */
  readonly typeCheckTimeoutMs?: number;
  /** Remembers whose types are right, so that the next mapping with the same file is added at once. Default: nothing. */
  readonly cleanFiles?: CleanFiles;
  /** Hears what could not be checked, where that is no mistake: a sentence. */
  readonly onSkipped?: (why: string) => void;
}

/** Files whose types were right, by content. */
export class CleanFiles {
  readonly #files = new Map<string, CleanFile>();

  all(): CleanFile[] {
    return [...this.#files.values()];
  }

  remember(files: readonly CleanFile[]): void {
    for (const file of files) this.#files.set(file.file, file);
  }
}

/** The mistakes in a list of filters, with paths into the list (`/0/options/fields/1/path`). */
export async function inspectFilters(
  filters: readonly FilterUse[],
  options: FilterInspectionOptions,
): Promise<FieldError[]> {
  const files = filters.filter(({ use }) => isFilterFile(use));
  const ofFiles = files.length === 0 ? [] : await inspectFiles(files, options);
  return filters.flatMap((filter, index) => {
    const errors = isFilterFile(filter.use) ? (ofFiles[files.indexOf(filter)] ?? []) : checkBuiltIn(filter);
    return errorsUnder(jsonPointer(index), errors);
  });
}

function checkBuiltIn({ use, options }: FilterUse): FieldError[] {
  const names = builtInFilters.map(({ name }) => name);
  const definition = builtInFilters.find(({ name }) => name === use);
  if (definition !== undefined) return checkFilterOptions(definition, options ?? {});
  const hint = suggestion(use, names) || `; there are ${names.join(", ")}`;
  return [
    { path: "/use", message: `no filter \`${use}\`${hint}; a filter file is given by its path, as ./my-filter.ts` },
  ];
}

/** One list of mistakes per file, in their order. What was not checked in time, or at all, is a mistake too. */
function inspectFiles(files: readonly FilterUse[], options: FilterInspectionOptions): Promise<FieldError[][]> {
  const { directories, timeoutMs = 10_000, typeCheckTimeoutMs = 20_000, cleanFiles, onSkipped } = options;
  return new Promise((resolve) => {
    const results: FieldError[][] = [];
    const child = forkModule(OWN_PROCESSES.filterInspector, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const finish = (why: string): void => {
      clearTimeout(timer);
      end(child);
      const unchecked = files.slice(results.length).map(() => [{ path: "/use", message: why }]);
      resolve([...results, ...unchecked]);
    };
    const late = () => finish(`the filter did not load within ${timeoutMs / 1000} s`);
    // The compiler's time is bounded where it runs; loading has all of its own after that.
    let timer = setTimeout(late, timeoutMs + typeCheckTimeoutMs);
    child.on("message", (message: InspectionMessage) => {
      if (message.type === "ready") {
        const clean = cleanFiles?.all() ?? [];
        const request: InspectionRequest = { filters: files, directories, clean, typeCheckTimeoutMs };
        child.send(request, (error) => {
          if (error) finish(`the filter could not be checked: ${error.message}`);
        });
        return;
      }
      if (message.type === "typed") {
        clearTimeout(timer);
        timer = setTimeout(late, timeoutMs);
        cleanFiles?.remember(message.clean);
        if (message.skipped !== null) onSkipped?.(message.skipped);
        return;
      }
      results.push(message.errors);
      if (results.length === files.length) finish("");
    });
    child.once("error", (error) => finish(`the filter could not be checked: ${error.message}`));
    child.once("exit", (code, signal) => finish(`the process loading the filter ended (${signal ?? `exit ${code}`})`));
  });
}

function end(child: ChildProcess): void {
  child.removeAllListeners();
  child.on("error", () => undefined); // it is being killed; nobody waits for it any more
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}
