/** Finds files that operators' configurations name, and nothing outside the directories they may be in. */

import { realpath, stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { messageOf, StraitError } from "../model/errors.ts";

/**
 * The real path of a file, looked for in the directories in turn; it must lie inside the one it is found in, links
 * resolved. Rejects with `filter-invalid`; the same answer for "outside" and "missing" tells nothing about other files.
 */
export async function fileInside(path: string, directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    try {
      const inside = await realpath(directory);
      const file = await realpath(resolve(inside, path));
      const way = relative(inside, file);
      const escapes = way === "" || way === ".." || way.startsWith(`..${sep}`) || resolve(way) === way;
      if (!escapes && (await stat(file)).isFile()) return file;
    } catch (error) {
      // Not in this directory; whatever else keeps us from reading it is worth saying.
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "ENOENT" && code !== "ENOTDIR")
        throw new StraitError("filter-invalid", `cannot read filter file ${path}: ${messageOf(error)}`, {
          cause: error,
        });
    }
  }
  throw new StraitError(
    "filter-invalid",
    `no filter file ${path} inside ${directories.join(" or ")} (set with --filters)`,
  );
}
