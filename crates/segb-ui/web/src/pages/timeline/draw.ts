import { drawLane } from "./lanes";
import { drawArrows, joinEvents } from "./relations";
import { AXIS_HEIGHT, fit, GUTTER, ink, xOf, type Hit, type Scene, type Target } from "./scene";
import { ticks } from "./scale";

/** How far from something a pointer still means it, in pixels. */
const HIT_SLACK = 3;
export const SCROLLBAR = 8;

/** Draws what is in sight and says what is where. */
export function draw(frame: Omit<Scene, "hits" | "anchors" | "eventPlaces">): Hit[] {
  const scene: Scene = { ...frame, hits: [], anchors: new Map(), eventPlaces: new Map() };
  const { context, width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.fillStyle = ink(scene, "surface");
  context.fillRect(0, 0, width, height);
  context.font = `11px ${scene.font}`;
  context.textBaseline = "middle";
  drawAxis(scene);
  context.save();
  context.beginPath();
  context.rect(0, AXIS_HEIGHT, width, height - AXIS_HEIGHT);
  context.clip();
  for (const placement of scene.placed) {
    const top = AXIS_HEIGHT + placement.top - scene.scroll;
    if (top + placement.height < AXIS_HEIGHT || top > height) continue;
    context.fillStyle = ink(scene, "line");
    context.fillRect(0, top + placement.height - 1, width, 1);
    drawLane(scene, placement, top);
  }
  if (scene.showEvents) joinEvents(scene);
  drawArrows(scene);
  drawNames(scene);
  drawScrollbar(scene);
  context.restore();
  return scene.hits;
}

function drawAxis(scene: Scene): void {
  const { context, width, height, span } = scene;
  context.fillStyle = ink(scene, "sunken");
  context.fillRect(0, 0, width, AXIS_HEIGHT);
  for (const tick of ticks(span, width - GUTTER)) {
    const x = Math.round(xOf(scene, tick.at));
    context.fillStyle = ink(scene, tick.major ? "line-strong" : "line");
    context.fillRect(x, AXIS_HEIGHT - 6, 1, height);
    context.fillStyle = ink(scene, tick.major ? "text" : "text-soft");
    context.fillText(tick.label, x + 4, AXIS_HEIGHT / 2);
  }
  // Marks below a day say no date: the corner says which day the left edge is on.
  context.fillStyle = ink(scene, "sunken");
  context.fillRect(0, 0, GUTTER, AXIS_HEIGHT);
  context.fillStyle = ink(scene, "text");
  const days = [span.from, span.to].map((time) => new Date(time).toISOString().slice(0, 10));
  context.fillText(days[0] === days[1] ? `${days[0]} UTC` : `from ${days[0]}`, 12, AXIS_HEIGHT / 2);
  context.fillStyle = ink(scene, "line-strong");
  context.fillRect(0, AXIS_HEIGHT - 1, width, 1);
}

function drawNames(scene: Scene): void {
  const { context, height } = scene;
  context.fillStyle = ink(scene, "page");
  context.fillRect(0, AXIS_HEIGHT, GUTTER, height);
  context.fillStyle = ink(scene, "line-strong");
  context.fillRect(GUTTER - 1, AXIS_HEIGHT, 1, height);
  for (const { lane, top, height: tall } of scene.placed) {
    const y = AXIS_HEIGHT + top - scene.scroll;
    if (y + tall < AXIS_HEIGHT || y > height) continue;
    context.fillStyle = ink(scene, "line");
    context.fillRect(0, y + tall - 1, GUTTER, 1);
    context.fillStyle = ink(scene, `kind-${lane.kind}`);
    context.fillRect(0, y, 3, tall - 1);
    context.fillStyle = ink(scene, "text");
    context.font = `600 12px ${scene.font}`;
    fit(context, lane.label, 12, y + 15, GUTTER - 22);
    context.font = `11px ${scene.font}`;
    context.fillStyle = ink(scene, "text-faint");
    const what = lane.kind === "robot" ? `robot · ${lane.bars.length}` : `person · ${lane.messages.length}`;
    if (tall > 34) context.fillText(what, 12, y + 30);
  }
}

/** Where the thumb of the scroll bar is; none if all lanes are in sight. */
export function thumbOf({ placed, scroll, height }: Pick<Scene, "placed" | "scroll" | "height">): { top: number; height: number; perPixel: number } | null {
  const last = placed.at(-1);
  const [all, room] = [last ? last.top + last.height : 0, height - AXIS_HEIGHT];
  if (all <= room + 1) return null;
  const tall = Math.max(24, (room * room) / all);
  const perPixel = (all - room) / (room - tall);
  return { top: AXIS_HEIGHT + scroll / perPixel, height: tall, perPixel };
}

function drawScrollbar(scene: Scene): void {
  const thumb = thumbOf(scene);
  if (!thumb) return;
  const { context, width, height } = scene;
  context.fillStyle = ink(scene, "sunken");
  context.fillRect(width - SCROLLBAR, AXIS_HEIGHT, SCROLLBAR, height);
  context.fillStyle = ink(scene, "text-faint");
  context.fillRect(width - SCROLLBAR + 2, thumb.top, SCROLLBAR - 4, thumb.height);
}

/** What is under the pointer; of several the one drawn last. */
export function hitAt(hits: readonly Hit[], x: number, y: number): Target | null {
  if (x < GUTTER || y < AXIS_HEIGHT) return null;
  for (const slack of [0, HIT_SLACK]) {
    for (let place = hits.length - 1; place >= 0; place -= 1) {
      const hit = hits[place];
      if (hit && x >= hit.x - slack && x <= hit.x + hit.width + slack && y >= hit.y && y <= hit.y + hit.height) return hit.target;
    }
  }
  return null;
}
