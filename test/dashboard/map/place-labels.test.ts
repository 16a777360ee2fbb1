import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Box, curveBetween } from "../../../src/dashboard/client/map/edges.js";
import { placeLabels } from "../../../src/dashboard/client/map/place-labels.js";

const FULL = { name: "full", width: 176, height: 58 };
const SMALL = { name: "small", width: 74, height: 30 };
const WIDTH = 1_200;

const box = (x: number, y: number): Box => ({ x, y, width: 140, height: 48 });
const hides = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("two arrows there and back have their whole labels, and hide nothing", () => {
  const [left, right] = [box(100, 100), box(600, 100)];
  const curves = [curveBetween(left, right, -16, [], WIDTH), curveBetween(right, left, 16, [], WIDTH)];
  const places = placeLabels(curves, [left, right], [FULL, SMALL], WIDTH);
  expect(places.map(({ size }) => size.name)).toEqual(["full", "full"]);
  const [first, second] = places.map((place) => place.box);
  expect(hides(first as Box, second as Box)).toBe(false);
});

test("where there is no room for the whole label there is a small one", () => {
  const [above, below] = [box(100, 100), box(100, 190)];
  const places = placeLabels([curveBetween(above, below, 0, [], WIDTH)], [above, below], [FULL, SMALL], WIDTH);
  expect(places.map(({ size }) => size.name)).toEqual(["small"]);
});

test("every arrow has a label inside of the map's width, whatever boxes there are", () => {
  const boxes = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_060 }), fc.integer({ min: 0, max: 900 })), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(boxes, (corners) => {
      const all = corners.map(([x, y]) => box(x, y));
      const curves = all.flatMap((from) =>
        all.filter((to) => to !== from).map((to) => curveBetween(from, to, 0, all, WIDTH)),
      );
      const places = placeLabels(curves, all, [FULL, SMALL], WIDTH);
      expect(places.length).toBe(curves.length);
      for (const { box: place } of places) {
        expect(place.x).toBeGreaterThanOrEqual(0);
        expect(place.x + place.width).toBeLessThanOrEqual(WIDTH);
      }
    }),
  );
});
