/** Clusters in their regions, and the links between them as arrows. */

import { el, setAttribute, svg } from "../dom/el.js";
import { curveBetween, curvePath, headPath } from "./edges.js";
import { flowLabel } from "./flow-label.js";
import { flowOf, pairsOf } from "./pairs.js";
import { placeLabels } from "./place-labels.js";

/** @typedef {import("../types.d.ts").Cluster} Cluster */
/** @typedef {import("../types.d.ts").LinkLag} LinkLag */
/** @typedef {import("../types.d.ts").LinkView} LinkView */
/** @typedef {import("./edges.js").Box} Box */
/** @typedef {import("./pairs.js").Pair} Pair */

/** How much labels say: all, the name, or a picture and a number. As style/map.css has them. */
const SIZES = [
  { name: "full", width: 176, height: 58 },
  { name: "named", width: 168, height: 30 },
  { name: "small", width: 74, height: 30 },
];

/** Where there are more arrows than this, some with a name and some without would look like a difference. */
const MOST_NAMED = 12;

/** How far arrows in both directions are from the middle. */
const OFFSET = 16;

/**
 * @typedef {object} Arrow
 * @property {Pair} pair
 * @property {SVGGElement} line
 * @property {ReturnType<typeof flowLabel>} label
 */

/**
 * @param {object} options
 * @param {readonly Cluster[]} options.clusters
 * @param {(pair: Pair) => void} options.onPick called for an arrow of several links
 * @param {AbortSignal} options.signal
 * @returns {{ readonly node: HTMLElement, update(links: ReadonlyMap<string, LinkView>, lags: ReadonlyMap<string, LinkLag>): void }}
 */
export function flowMap({ clusters, onPick, signal }) {
  const lines = svg("svg", { class: "map-lines", "aria-hidden": "true" });
  const labels = el("ul", { class: "map-labels", "aria-label": "Links as arrows" });
  const boxes = new Map(clusters.map((cluster) => [cluster.name, clusterBox(cluster)]));
  const regions = el("div", { class: "map-regions" });
  const node = el("div", { class: "map" }, lines, regions, labels);
  /** @type {Arrow[]} */
  let arrows = [];
  let drawn = "";

  const arrange = (/** @type {readonly Pair[]} */ pairs) => {
    regions.replaceChildren(...regionsInOrder(clusters, pairs).map((region) => regionBox(region, clusters, boxes)));
    arrows = pairs.map((pair) => ({
      pair,
      line: svg("g", { class: "map-line" }, svg("path", { class: "map-course" }), svg("path", { class: "map-head" })),
      label: flowLabel(pair, onPick),
    }));
    lines.replaceChildren(...arrows.map(({ line }) => line));
    labels.replaceChildren(...arrows.map(({ label }) => label.node));
    draw();
  };
  const draw = () => {
    const frame = node.getBoundingClientRect();
    if (frame.width === 0) return;
    const rects = new Map([...boxes].map(([name, box]) => [name, relativeTo(frame, box.getBoundingClientRect())]));
    const keys = new Set(arrows.map(({ pair }) => pair.key));
    const curves = arrows.map(({ pair: { source, destination } }) => {
      const [from, to] = [rects.get(source) ?? NOWHERE, rects.get(destination) ?? NOWHERE];
      const bothWays = keys.has(`${destination}→${source}`);
      const others = [...rects].flatMap(([name, rect]) => (name === source || name === destination ? [] : [rect]));
      return curveBetween(from, to, bothWays ? (source < destination ? -OFFSET : OFFSET) : 0, others, frame.width);
    });
    const sizes = arrows.length > MOST_NAMED ? SIZES.slice(-1) : SIZES;
    const titles = [...regions.querySelectorAll("h3")].map((title) => relativeTo(frame, title.getBoundingClientRect()));
    const places = placeLabels(curves, [...rects.values(), ...titles], sizes, frame.width);
    arrows.forEach(({ line, label }, index) => {
      const curve = curves[index];
      const place = places[index];
      if (curve === undefined || place === undefined) return;
      line.children[0]?.setAttribute("d", curvePath(curve));
      line.children[1]?.setAttribute("d", headPath(curve));
      setAttribute(label.node, "data-size", place.size.name);
      label.node.style.transform = `translate(${place.box.x.toFixed(1)}px, ${place.box.y.toFixed(1)}px)`;
    });
  };
  const resized = new ResizeObserver(draw);
  resized.observe(node);
  signal.addEventListener("abort", () => resized.disconnect());

  return {
    node,
    update: (links, lags) => {
      const pairs = pairsOf(links.values());
      const wanted = pairs
        .map(({ key, links: theirs }) => `${key} ${theirs.map(({ name }) => name).join(",")}`)
        .join("\n");
      if (wanted !== drawn || arrows.length === 0) {
        drawn = wanted;
        arrange(pairs);
      }
      arrows.forEach(({ line, label }, index) => {
        const flow = flowOf(pairs[index]?.links ?? [], lags);
        setAttribute(line, "data-state", flow.state);
        setAttribute(line, "data-flowing", String(flow.recordsPerSecond > 0));
        label.update(flow);
      });
    },
  };
}

/** @type {Box} */
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };

/**
 * Regions that more leaves than comes to are first: arrows then go from left to right.
 *
 * @param {readonly Cluster[]} clusters
 * @param {readonly Pair[]} pairs
 */
function regionsInOrder(clusters, pairs) {
  const regionOf = new Map(clusters.map(({ name, region }) => [name, region]));
  const leaving = (/** @type {string} */ region) =>
    pairs.filter(({ source }) => regionOf.get(source) === region).length -
    pairs.filter(({ destination }) => regionOf.get(destination) === region).length;
  return [...new Set(clusters.map(({ region }) => region))].sort((a, b) => leaving(b) - leaving(a) || (a < b ? -1 : 1));
}

/**
 * @param {string} region
 * @param {readonly Cluster[]} clusters
 * @param {ReadonlyMap<string, HTMLElement>} boxes
 */
function regionBox(region, clusters, boxes) {
  const inside = clusters.filter((cluster) => cluster.region === region).flatMap(({ name }) => boxes.get(name) ?? []);
  return el("section", { class: "map-region", "aria-label": `Region ${region}` }, el("h3", {}, region), ...inside);
}

/** @param {Cluster} cluster */
function clusterBox({ name }) {
  return el(
    "a",
    { class: "map-cluster", href: `#/clusters/${encodeURIComponent(name)}`, "aria-label": `Cluster ${name}` },
    name,
  );
}

/**
 * @param {DOMRect} frame
 * @param {DOMRect} rect
 * @returns {Box}
 */
function relativeTo(frame, { x, y, width, height }) {
  return { x: x - frame.x, y: y - frame.y, width, height };
}
