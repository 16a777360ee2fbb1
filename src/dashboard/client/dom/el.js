/** Makes elements. Text is always set as text: nothing that comes from data is ever parsed as HTML. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Readonly<Record<string, unknown>>} Props */

/**
 * An HTML element. A prop is an attribute, except `on...` with a function (a listener), and `value` and `checked` (what the
 * control shows). `true` sets an attribute without a value; `false`, null and undefined leave it out, as they do a child.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  node.append(...shown(children));
  setProps(node, props);
  return node;
}

/**
 * An SVG element, likewise.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  node.append(...shown(children));
  setProps(node, props);
  return node;
}

/**
 * Sets the text of a node if it is another: the same text again would make the browser lay it out again.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Sets or removes an attribute if that changes it.
 *
 * @param {Element} node
 * @param {string} name
 * @param {string | null} value
 */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

/** @param {readonly Child[]} children */
function shown(children) {
  return children.flatMap((child) => (child === null || child === undefined || child === false ? [] : [asNode(child)]));
}

/** @param {Node | string | number} child */
function asNode(child) {
  return typeof child === "number" ? String(child) : child;
}

/**
 * @param {HTMLElement | SVGElement} node
 * @param {Props} props
 */
function setProps(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name === "value" || name === "checked") {
      Object.assign(node, { [name]: value });
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
}
