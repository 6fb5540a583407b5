export interface Place {
  x: number;
  y: number;
}
export type Direction = readonly [x: number, y: number];

const FIRST_RADIUS = 80;
const RING_STEP = 40;
/** So many nodes stand on one ring. */
const PER_RING = 14;
/** The golden angle: nodes that are added one by one never fall on one another. */
const TURN = 2.39996;

/** New nodes start around the one that they hang on, behind those that hang there already; without one, around the middle. */
export function placeAround(fresh: readonly string[], edges: readonly { source: string; target: string }[], places: Map<string, Place>): void {
  const anchors = new Map<string, string>();
  const hanging = new Map<string, number>();
  for (const { source, target } of edges) {
    for (const [one, other] of [[source, target], [target, source]] as const) {
      if (!places.has(one)) continue;
      if (places.has(other)) hanging.set(one, (hanging.get(one) ?? 0) + 1);
      else if (!anchors.has(other)) anchors.set(other, one);
    }
  }
  for (const id of fresh) {
    const anchor = anchors.get(id) ?? "";
    const centre = places.get(anchor) ?? { x: 0, y: 0 };
    const turn = hanging.get(anchor) ?? 0;
    hanging.set(anchor, turn + 1);
    const radius = FIRST_RADIUS + (RING_STEP * turn) / PER_RING;
    places.set(id, { x: centre.x + radius * Math.cos(turn * TURN), y: centre.y + radius * Math.sin(turn * TURN) });
  }
}

/** The nearest node in a direction, what lies straight ahead before what lies aside; none if there is nothing. */
export function nearestIn(places: readonly (Place & { id: string })[], from: string, [dx, dy]: Direction): string | null {
  const start = places.find((one) => one.id === from);
  if (!start) return null;
  let best: { id: string; cost: number } | null = null;
  for (const one of places) {
    const ahead = (one.x - start.x) * dx + (one.y - start.y) * dy;
    const aside = Math.abs((one.x - start.x) * dy - (one.y - start.y) * dx);
    if (one.id === from || ahead <= 0 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (!best || cost < best.cost) best = { id: one.id, cost };
  }
  return best?.id ?? null;
}
