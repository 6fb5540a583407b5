import { expect, it } from "vitest";
import { settle, type Body } from "./force";

function ring(count: number): Body[] {
  return Array.from({ length: count }, (_, place) => ({ id: `n${place}`, x: Math.cos(place) * 10, y: Math.sin(place) * 10 }));
}
const finish = (bodies: Body[], links: { source: string; target: string }[], fixed?: Set<string>): void => {
  const settling = settle(bodies, links, fixed);
  while (!settling.advance(50));
  expect(settling.share).toBe(1);
};
const distance = (a: Body | undefined, b: Body | undefined): number => Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0));

it("brings linked nodes near each other and keeps all apart", () => {
  const bodies = ring(20);
  finish(bodies, Array.from({ length: 9 }, (_, place) => ({ source: "n0", target: `n${place + 1}` })));
  const linked = distance(bodies[0], bodies[3]);
  expect(linked).toBeGreaterThan(40);
  expect(linked).toBeLessThan(260);
  for (const [place, one] of bodies.entries()) for (const other of bodies.slice(place + 1)) expect(distance(one, other)).toBeGreaterThan(30);
});

it("is the same every time, and leaves fixed nodes alone", () => {
  const [first, second] = [ring(30), ring(30)];
  const links = [{ source: "n1", target: "n2" }];
  finish(first, links);
  finish(second, links);
  expect(second.map(({ x, y }) => [x, y])).toEqual(first.map(({ x, y }) => [x, y]));
  const before = first.map(({ x, y }) => [x, y]);
  finish(first, links, new Set(first.slice(0, 29).map((one) => one.id)));
  expect(first.slice(0, 29).map(({ x, y }) => [x, y])).toEqual(before.slice(0, 29));
});

it("stops where its time ends", () => {
  const settling = settle(ring(3000), []);
  expect(settling.advance(1)).toBe(false);
  expect(settling.share).toBeLessThan(0.5);
});
