/** The course of an arrow from one box to another. All in pixels of the map. */

/**
 * @typedef {{ readonly x: number, readonly y: number }} Point
 * @typedef {{ readonly x: number, readonly y: number, readonly width: number, readonly height: number }} Box
 * @typedef {readonly [Point, Point, Point, Point]} Curve a cubic Bezier curve
 */

/** The point of an arrow stays this far from the box. */
const GAP = 3;

/** How far a curve goes round boxes that are in the way. */
const BULGE = 84;

/**
 * @param {Box} from
 * @param {Box} to
 * @param {number} offset to the side, for arrows in both directions to be apart
 * @param {readonly Box[]} others
 * @param {number} width of the map
 * @returns {Curve}
 */
export function curveBetween(from, to, offset, others, width) {
  const [a, b] = [centre(from), centre(to)];
  const isBeside = from.x + from.width <= to.x || to.x + to.width <= from.x;
  if (isBeside) {
    const right = b.x > a.x;
    const start = { x: right ? from.x + from.width : from.x, y: a.y + offset };
    const end = { x: right ? to.x - GAP : to.x + to.width + GAP, y: b.y + offset };
    const middle = (start.x + end.x) / 2;
    return [start, { x: middle, y: start.y }, { x: middle, y: end.y }, end];
  }
  const down = b.y > a.y;
  const inBetween = others.some((each) => {
    const { x, y } = centre(each);
    return Math.abs(x - a.x) < each.width / 2 && y > Math.min(a.y, b.y) && y < Math.max(a.y, b.y);
  });
  if (inBetween) {
    const edge = Math.max(from.x + from.width, to.x + to.width);
    const far = Math.min(edge + BULGE + Math.abs(offset), width - 2);
    const start = { x: from.x + from.width, y: a.y + offset };
    return [start, { x: far, y: start.y }, { x: far, y: b.y + offset }, { x: to.x + to.width + GAP, y: b.y + offset }];
  }
  const start = { x: a.x + offset, y: down ? from.y + from.height : from.y };
  const end = { x: b.x + offset, y: down ? to.y - GAP : to.y + to.height + GAP };
  const middle = (start.y + end.y) / 2;
  return [start, { x: start.x, y: middle }, { x: end.x, y: middle }, end];
}

/**
 * @param {Curve} curve
 * @param {number} t from 0 at the start to 1 at the end
 * @returns {Point}
 */
export function pointAt([p0, p1, p2, p3], t) {
  const u = 1 - t;
  const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ c, /** @type {number} */ d) =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return { x: mix(p0.x, p1.x, p2.x, p3.x), y: mix(p0.y, p1.y, p2.y, p3.y) };
}

/**
 * As SVG writes it.
 *
 * @param {Curve} curve
 */
export function curvePath([p0, p1, p2, p3]) {
  const text = (/** @type {Point} */ { x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${text(p0)} C${text(p1)} ${text(p2)} ${text(p3)}`;
}

/**
 * The head of an arrow, at the end of a curve.
 *
 * @param {Curve} curve
 */
export function headPath(curve) {
  const end = curve[3];
  // The direction a little before the end: at the end itself a flat curve has none.
  const before = pointAt(curve, 0.92);
  const angle = Math.atan2(end.y - before.y, end.x - before.x);
  const wing = (/** @type {number} */ turn) => ({
    x: end.x - 10 * Math.cos(angle + turn),
    y: end.y - 10 * Math.sin(angle + turn),
  });
  const text = (/** @type {Point} */ { x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${text(end)} L${text(wing(0.45))} L${text(wing(-0.45))} Z`;
}

/** @param {Box} box @returns {Point} */
function centre({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}
