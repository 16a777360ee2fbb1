/** Lists of changed paths. Most records of a topic are changed in the same places, so the lists are shared. */

/** Beyond so many entries or lists (records with arrays of unlike lengths) lists are made for each record. */
const LONGEST_SHARED = 32;
const MOST_SHARED = 4096;

interface Node {
  readonly list: readonly string[];
  readonly next: (Node | undefined)[];
}

export class ChangedPaths {
  readonly #names: readonly string[];
  readonly #root: Node = { list: [], next: [] };
  #shared = 0;
  #node: Node | null = this.#root;
  #own: string[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  clear(): void {
    this.#node = this.#root;
  }

  /** Notes that the path with index `rule` was changed once more. */
  add(rule: number): void {
    const node = this.#node;
    if (node === null) {
      this.#own.push(this.#name(rule));
      return;
    }
    let next = node.next[rule];
    if (next === undefined) {
      const list = [...node.list, this.#name(rule)];
      if (list.length > LONGEST_SHARED || this.#shared >= MOST_SHARED) {
        this.#own = list;
        this.#node = null;
        return;
      }
      next = { list: Object.freeze(list), next: [] };
      node.next[rule] = next;
      this.#shared++;
    }
    this.#node = next;
  }

  /** What was noted since `clear`, in order; not to be written to. */
  get list(): readonly string[] {
    return this.#node?.list ?? this.#own;
  }

  #name(rule: number): string {
    const name = this.#names[rule];
    if (name === undefined) throw new RangeError(`no path with index ${rule}`);
    return name;
  }
}
