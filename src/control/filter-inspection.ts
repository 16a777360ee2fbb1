/** Checks the filters of a mapping: built-in ones here, those from files in a process of their own. */

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { builtInFilters } from "../../filters/index.ts";
import { checkFilterOptions, isFilterFile } from "../config/filter-options.ts";
import { errorsUnder, type FieldError } from "../config/invalid-configuration.ts";
import { jsonPointer } from "../config/json-pointer.ts";
import { suggestion } from "../config/nearest-name.ts";
import type { FilterUse } from "../config/resources.ts";
import type { InspectionMessage, InspectionRequest } from "../runner/filter-inspector.ts";

export interface FilterInspectionOptions {
  /** Directories filter files may come from. */
  readonly directories: readonly string[];
  /** How long the files of one mapping may take to load and check their options. Default 10,000. */
  readonly timeoutMs?: number;
}

const INSPECTOR = fileURLToPath(new URL("../runner/filter-inspector.ts", import.meta.url));

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
  const { directories, timeoutMs = 10_000 } = options;
  return new Promise((resolve) => {
    const results: FieldError[][] = [];
    const child = fork(INSPECTOR, [], { stdio: ["ignore", "ignore", "ignore", "ipc"], serialization: "json" });
    const finish = (why: string): void => {
      clearTimeout(timer);
      end(child);
      const unchecked = files.slice(results.length).map(() => [{ path: "/use", message: why }]);
      resolve([...results, ...unchecked]);
    };
    const timer = setTimeout(() => finish(`the filter did not load within ${timeoutMs / 1000} s`), timeoutMs);
    child.on("message", (message: InspectionMessage) => {
      if (message.type === "ready") {
        child.send({ filters: files, directories } satisfies InspectionRequest, (error) => {
          if (error) finish(`the filter could not be checked: ${error.message}`);
        });
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
