import { BAR, ink, type Anchor, type Scene } from "./scene";

/** More lines than this say nothing. */
const JOINS_MAX = 300;
const ARROWS_MAX = 600;

/** One event that several robots saw: a line through their lanes. */
export function joinEvents(scene: Scene): void {
  const { context } = scene;
  context.strokeStyle = ink(scene, "kind-event");
  context.lineWidth = 1.2;
  context.setLineDash([4, 3]);
  let drawn = 0;
  for (const points of scene.eventPlaces.values()) {
    const perLane = new Map<string, { x: number; y: number; lane: string }>();
    for (const point of points) if (!perLane.has(point.lane)) perLane.set(point.lane, point);
    if (perLane.size < 2 || drawn >= JOINS_MAX) continue;
    drawn += 1;
    const sorted = [...perLane.values()].sort((a, b) => a.y - b.y);
    context.beginPath();
    for (const [place, point] of sorted.entries()) place === 0 ? context.moveTo(point.x, point.y) : context.lineTo(point.x, point.y);
    context.stroke();
    context.fillStyle = ink(scene, "kind-event");
    for (const point of sorted) context.fillRect(point.x - 3, point.y - 3, 6, 6);
  }
  context.setLineDash([]);
}

/** From causes to effects: all that are in sight, or those of the chain of what is chosen. */
export function drawArrows(scene: Scene): void {
  const { context, selected, near, anchors } = scene;
  if (!scene.showCauses && !selected) return;
  const inChain = (iri: string): boolean => iri === selected || Boolean(near?.causes.has(iri) || near?.effects.has(iri));
  let drawn = 0;
  for (const [effect, causes] of scene.causes) {
    const to = anchors.get(effect);
    if (!to) continue;
    for (const cause of causes) {
      const from = anchors.get(cause);
      const isChain = inChain(effect) && inChain(cause);
      if (!from || drawn >= ARROWS_MAX || (!scene.showCauses && !isChain)) continue;
      drawn += 1;
      context.strokeStyle = context.fillStyle = ink(scene, isChain ? "text" : "text-faint");
      context.lineWidth = isChain ? 1.6 : 1;
      context.globalAlpha = near && !isChain ? 0.25 : 1;
      drawArrow(context, from, to);
    }
  }
  context.globalAlpha = 1;
}

/** Within a row it goes below the words that stand between; else from the end of the cause to the start of the effect. */
function drawArrow(context: CanvasRenderingContext2D, from: Anchor, to: Anchor): void {
  const isLevel = Math.abs(from.y - to.y) < 2 && to.left - from.x > 12;
  const [end, bottom] = [isLevel ? to.left + 3 : to.left, from.y + BAR / 2];
  context.beginPath();
  if (isLevel) {
    context.moveTo(from.x - 3, bottom);
    context.bezierCurveTo(from.x + 8, bottom + 9, to.left - 8, bottom + 9, end, bottom + 3);
  } else {
    const bend = Math.max(14, Math.min(60, Math.abs(to.left - from.x) / 2));
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(from.x + bend, from.y, to.left - bend, to.y, to.left - 4, to.y);
  }
  context.stroke();
  context.beginPath();
  if (isLevel) {
    context.moveTo(end, bottom - 1);
    context.lineTo(end - 4, bottom + 5);
    context.lineTo(end + 3, bottom + 5);
  } else {
    context.moveTo(to.left, to.y);
    context.lineTo(to.left - 6, to.y - 3.5);
    context.lineTo(to.left - 6, to.y + 3.5);
  }
  context.fill();
}
