import { expect, it } from "vitest";
import { nearestIn, placeAround, type Place } from "./places";

it("puts what is new around what it hangs on, never on one another, also in a second helping", () => {
  const places = new Map<string, Place>([["hub", { x: 500, y: 100 }]]);
  const ids = Array.from({ length: 400 }, (_, place) => `n${place}`);
  const edges = ids.map((id) => ({ source: id, target: "hub" }));
  placeAround(ids.slice(0, 200), edges.slice(0, 200), places);
  placeAround(ids.slice(200), edges, places);
  const found = ids.map((id) => places.get(id) as Place);
  expect(Math.hypot((found[0]?.x ?? 0) - 500, (found[0]?.y ?? 0) - 100)).toBeLessThan(120);
  for (const [place, one] of found.entries()) for (const other of found.slice(place + 1)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(8);
});

it("goes to the nearest in a direction", () => {
  const places = [{ id: "a", x: 0, y: 0 }, { id: "b", x: 50, y: 5 }, { id: "c", x: 40, y: 39 }, { id: "d", x: -9, y: 0 }, { id: "e", x: 0, y: 80 }];
  expect(nearestIn(places, "a", [1, 0])).toBe("b");
  expect(nearestIn(places, "a", [-1, 0])).toBe("d");
  expect(nearestIn(places, "a", [0, 1])).toBe("e");
  expect(nearestIn(places, "a", [0, -1])).toBeNull();
  expect(nearestIn(places, "nobody", [1, 0])).toBeNull();
});
