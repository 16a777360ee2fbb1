/** Changes chosen fields of one payload, whatever its format. */
export interface Surgeon {
  /**
   * A changed copy, or null when nothing is to be changed; every byte outside the chosen fields is as it was, but for the
   * lengths of what is around them. Throws `filter-failed` unless `bytes` are one payload of the format.
   */
  operate(bytes: Uint8Array): Uint8Array | null;
  /** What the last `operate` changed: a label for each change. Not to be written to. */
  readonly changed: readonly string[];
}
