/** Keeps the children of an element in step with a list, making and removing as few as possible. */

/**
 * @template Item
 * @typedef {{ readonly node: HTMLElement, update(item: Item): void }} Row
 */

/**
 * @template Item
 * @param {HTMLElement} parent holds the rows and nothing else
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => Row<Item>} create
 */
export function keyedRows(parent, keyOf, create) {
  /** @type {Map<string, Row<Item>>} */
  const rows = new Map();
  return (/** @type {readonly Item[]} */ items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    /** @type {ChildNode | null} */
    let place = parent.firstChild;
    for (const item of items) {
      const key = keyOf(item);
      const row = rows.get(key) ?? create(item);
      rows.set(key, row);
      row.update(item);
      if (row.node === place) place = place.nextSibling;
      else parent.insertBefore(row.node, place);
    }
  };
}
