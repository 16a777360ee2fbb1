/**
 * The files of the dashboard. Browsers load them as they are written: there is no build step, and nothing comes from
 * another server.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { StraitError } from "../model/errors.ts";
import { OWN_DASHBOARD } from "../own-modules.ts";

export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** As in the header ETag: another content has another one. */
  readonly etag: string;
}

/** Files of any other kind are not for browsers. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** What comes from packages, by the name it is served under. */
const VENDORED: Readonly<Record<string, string>> = {
  "vendor/uplot.js": "uPlot.esm.js",
  "vendor/uplot.css": "uPlot.min.css",
};

/** All files by their path below `/dashboard/`. Reads them; throws `configuration` where the installation lacks some. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const directory = fileURLToPath(OWN_DASHBOARD);
  const assets = new Map<string, Asset>();
  try {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && extname(path) in MEDIA_TYPES) assets.set(relative(directory, path), readAsset(path));
    }
    // An executable has no packages: there they are among the others.
    const vendored = Object.entries(VENDORED).filter(([name]) => !assets.has(name));
    const packaged = vendored.length === 0 ? "" : dirname(createRequire(import.meta.url).resolve("uplot"));
    for (const [name, file] of vendored) assets.set(name, readAsset(join(packaged, file)));
  } catch (error) {
    throw new StraitError("configuration", "the dashboard's files cannot be read; install strait anew", {
      cause: error,
    });
  }
  return assets;
}

function readAsset(path: string): Asset {
  const body = new Uint8Array(readFileSync(path));
  const digest = createHash("sha256").update(body).digest("base64url");
  return {
    body,
    mediaType: MEDIA_TYPES[extname(path)] ?? "application/octet-stream",
    etag: `"${digest.slice(0, 22)}"`,
  };
}
