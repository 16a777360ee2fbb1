/** Files that a crash leaves as they were or as they should be, never in between. */

import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file as a whole; it is on disk when this returns, readable by its owner only. Throws what the file system
 * says, and then nothing changed.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new`;
  writeDurably(temporary, text);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, "w", 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A rename is durable only when the directory that holds the name is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
