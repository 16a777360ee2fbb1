/** Paths to places, for messages. */

/** As paths of filters are written: `.name`, or `["a name"]` where it must be quoted. */
export function memberPath(path: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
