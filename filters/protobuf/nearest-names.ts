/** "Did you mean", for the full names of types. */

const MOST = 3;
/** Longer names are not compared: the cost is quadratic. */
const LONGEST = 200;

/** Those of the names that are the most like one that is not among them: three at most, the nearest first. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  if (wanted.length > LONGEST) return names.slice(0, MOST);
  const ranked = names
    .filter(({ length }) => length <= LONGEST)
    // `Order` for `shop.Order` is a package left out, not five letters.
    .map((name) => ({ name, distance: Math.min(distance(wanted, name), distance(last(wanted), last(name)) + 1) }));
  return ranked
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

function last(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Insertions, deletions and substitutions, with no regard to case (Levenshtein). */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced));
    }
    previous = current;
  }
  return previous[to.length]!;
}
