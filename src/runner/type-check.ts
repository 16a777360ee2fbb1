/** Checks the types of filter files with the TypeScript compiler, as strictly as strait checks its own. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../model/errors.ts";
import { isExecutable } from "../packaging/is-executable.ts";
import { readCompilerOutput, type TypeMistake } from "./type-check-output.ts";

/** A file without mistakes, and the digest of each of the user's files that this depends on, itself included. */
export interface CleanFile {
  readonly file: string;
  /** SHA-256, hex, by absolute path. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface TypeCheckOptions {
  /** What was clean before; files of which nothing has changed since are not looked at again. */
  readonly known: readonly CleanFile[];
  readonly timeoutMs: number;
  /** Default: the one that is installed. Null where there is none. */
  readonly compiler?: Compiler | null;
}

/** Where the compiler and the types of the runtime are. */
export interface Compiler {
  readonly script: string;
  readonly typeRoot: string;
}

export interface TypeCheckResult {
  /** In the user's files only. */
  readonly mistakes: readonly TypeMistake[];
  /** What is clean now, to be given as `known` next time. */
  readonly clean: readonly CleanFile[];
  /** Why nothing was checked, in a sentence; null where it was. */
  readonly skipped: string | null;
  /** Why it did not come to an end; null where it did. The files then count as wrong. */
  readonly failed: string | null;
}

/** Where strait itself is: its files are checked when it is made, not here. */
const STRAIT = fileURLToPath(new URL("../..", import.meta.url));
const OWN_FOLDERS = ["src", "filters", "plugins", "node_modules"].map((folder) => join(STRAIT, folder) + sep);

/** What only TypeScript has: the others cannot be wrong in this way. */
export function isTypeScript(file: string): boolean {
  return file.endsWith(".ts");
}

/** Checks files, given by absolute path, and what they import. Runs none of their code. Never rejects. */
export async function checkTypes(files: readonly string[], options: TypeCheckOptions): Promise<TypeCheckResult> {
  const typed = [...new Set(files.filter(isTypeScript))];
  const unchanged: CleanFile[] = [];
  for (const known of options.known)
    if (typed.includes(known.file) && (await isUnchanged(known))) unchanged.push(known);
  const changed = typed.filter((file) => !unchanged.some((known) => known.file === file));
  const result = { mistakes: [], clean: unchanged, skipped: null, failed: null };
  if (changed.length === 0) return result;
  const { compiler = findCompiler() } = options;
  if (compiler === null) {
    return { ...result, skipped: "types of filter files were not checked: the package typescript is not installed" };
  }
  try {
    // Before the compiler reads them: what is changed while it works was not checked.
    const digests = await digestsOf(changed);
    const output = await compile(changed, compiler, options.timeoutMs);
    const [foreign] = output.others;
    if (foreign !== undefined) throw new Error(foreign);
    const counts = (file: string) => changed.includes(file) || !isOurs(file);
    const mistakes = output.mistakes.filter(({ file }) => counts(file));
    if (mistakes.length > 0) return { ...result, mistakes };
    // What they import is not told apart: a change to any of it has all of them checked again.
    const all = { ...(await digestsOf(output.files.filter(counts))), ...digests };
    return { ...result, clean: [...unchanged, ...changed.map((file) => ({ file, digests: all }))] };
  } catch (error) {
    return { ...result, failed: `its types could not be checked: ${messageOf(error)}` };
  }
}

/** Null where the packages are not there; an executable has no use for those of the folder it is started in. */
function findCompiler(): Compiler | null {
  if (isExecutable()) return null;
  try {
    const typescript = dirname(fileURLToPath(import.meta.resolve("typescript/package.json")));
    const types = dirname(fileURLToPath(import.meta.resolve("bun-types/package.json")));
    return { script: join(typescript, "bin/tsc"), typeRoot: dirname(types) };
  } catch {
    return null;
  }
}

async function compile(files: readonly string[], { script, typeRoot }: Compiler, timeoutMs: number) {
  // Real, as the compiler gives paths as seen from where it really is.
  const directory = await realpath(await mkdtemp(join(tmpdir(), "strait-types-")));
  try {
    const project = join(directory, "tsconfig.json");
    await writeFile(project, JSON.stringify({ compilerOptions: compilerOptions(typeRoot), files }));
    const args = [script, "--project", project, "--pretty", "false", "--listFiles"];
    return readCompilerOutput(await run(args, directory, timeoutMs), directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What strict means for a filter. Nothing that is only taste: an unused name is no mistake of a filter at work. */
function compilerOptions(typeRoot: string) {
  return {
    target: "ESNext",
    lib: ["ESNext"],
    module: "Preserve",
    moduleResolution: "bundler",
    moduleDetection: "force",
    types: ["bun-types"],
    typeRoots: [typeRoot],
    paths: { strait: [join(STRAIT, "src/mod.ts")] },
    noEmit: true,
    allowImportingTsExtensions: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    skipLibCheck: true,
  };
}

/** The compiler's output; it ends with a code other than 0 whenever there is a mistake. */
function run(args: readonly string[], cwd: string, timeoutMs: number): Promise<string> {
  const limits = { timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: 64 << 20 } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [...args], { cwd, ...limits }, (error, stdout, stderr) => {
      if (error === null || (typeof error.code === "number" && stdout !== "")) return resolve(stdout);
      const late = child.killed ? `no end within ${timeoutMs / 1000} s` : null;
      reject(new Error(late ?? (stderr.trim() || error.message), { cause: error }));
    });
  });
}

function isOurs(file: string): boolean {
  return OWN_FOLDERS.some((folder) => file.startsWith(folder)) || file.includes(`${sep}node_modules${sep}`);
}

async function isUnchanged({ digests }: CleanFile): Promise<boolean> {
  const now = await digestsOf(Object.keys(digests));
  return Object.entries(digests).every(([file, digest]) => now[file] === digest);
}

/** By path; none for a file that cannot be read. */
async function digestsOf(files: readonly string[]): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const file of files) {
    try {
      digests[file] = createHash("sha256")
        .update(await readFile(file))
        .digest("hex");
    } catch {
      // It is gone or unreadable: whoever loads it says so.
    }
  }
  return digests;
}
