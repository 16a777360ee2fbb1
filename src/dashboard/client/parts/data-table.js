/**
 * A table whose rows are kept in step with data. Where there is too little room each row is a card (style/table.css): that
 * takes tables their meaning in some browsers, so the roles are said.
 */

import { el, setText } from "../dom/el.js";
import { keyedRows } from "../dom/rows.js";

/**
 * @template Item
 * @typedef {object} ColumnOf
 * @property {string} label
 * @property {boolean} [numeric]
 * @property {boolean} [long] whether its text may be long: it is broken anywhere then
 * @property {boolean} [heading] whether it names the row
 * @property {boolean} [quiet] whether its label is not shown beside the cell on narrow screens
 * @property {(item: Item) => string} [text] what the cell says
 * @property {(item: Item) => { readonly node: Node, update(item: Item): void }} [cell] what is in it, made once for a row
 */

/**
 * @template Item
 * @typedef {object} TableOptions
 * @property {string} caption
 * @property {readonly ColumnOf<Item>[]} columns
 * @property {(item: Item) => string} keyOf
 * @property {string} empty what is said where there are no rows
 * @property {number} [step] how many rows are shown at first, and more at a time. Default 50
 */

/**
 * @template Item
 * @param {TableOptions<Item>} options
 * @returns {{ readonly node: HTMLElement, update(items: readonly Item[]): void }}
 */
export function dataTable({ caption, columns, keyOf, empty, step = 50 }) {
  const body = el("tbody", { role: "rowgroup" });
  const heads = columns.map(({ label, numeric = false }) =>
    el("th", { role: "columnheader", scope: "col", class: numeric && "numeric" }, label),
  );
  const table = el(
    "table",
    { role: "table", class: "table" },
    el("caption", { class: "hidden-words" }, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads)),
    body,
  );
  const nothing = el("p", { class: "empty" }, empty);
  const more = el("button", { type: "button", class: "button button-small" });
  const update = keyedRows(body, keyOf, (item) => tableRow(columns, item));
  /** @type {readonly Item[]} */
  let all = [];
  let limit = step;
  const show = () => {
    update(all.slice(0, limit));
    table.hidden = all.length === 0;
    nothing.hidden = all.length > 0;
    more.hidden = all.length <= limit;
    setText(more, `Show more (${limit} of ${all.length} shown)`);
  };
  more.addEventListener("click", () => {
    limit += step;
    show();
  });
  show();
  return {
    node: el("div", { class: "table-box" }, table, nothing, more),
    update: (items) => {
      all = items;
      show();
    },
  };
}

/**
 * @template Item
 * @param {readonly ColumnOf<Item>[]} columns
 * @param {Item} item
 */
function tableRow(columns, item) {
  const node = el("tr", { role: "row" });
  /** @type {((item: Item) => void)[]} */
  const updates = [];
  for (const { label, numeric = false, long = false, heading = false, quiet = false, text, cell } of columns) {
    const props = { class: numeric ? "numeric" : long && "long", "data-label": quiet ? null : label };
    const place = heading
      ? el("th", { ...props, role: "rowheader", scope: "row" })
      : el("td", { ...props, role: "cell" });
    node.append(place);
    if (text !== undefined) updates.push((next) => setText(place, text(next)));
    if (cell === undefined) continue;
    const content = cell(item);
    place.append(content.node);
    updates.push((next) => content.update(next));
  }
  return {
    node,
    update: (/** @type {Item} */ next) => {
      for (const each of updates) each(next);
    },
  };
}
