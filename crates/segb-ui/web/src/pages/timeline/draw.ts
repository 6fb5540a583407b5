import { firstFrom, type Activity, type EmotionMark, type Lane, type StateMark } from "./model";
import { ticks, type Span } from "./scale";

export const AXIS_HEIGHT = 26;
export const GUTTER = 132;
const BAR = 17;
const BAR_GAP = 3;
const BUBBLE = 20;
const LANE_PADDING = 7;
const EMOTION_HEIGHT = 34;
const BAND = 15;
/** A bar narrower than this is drawn as a line that can still be hit. */
const BAR_MIN = 2;
/** Below this many pixels a text is not worth drawing. */
const TEXT_MIN = 26;
const HIT_SLACK = 3;

export type Target =
  | { kind: "activity"; activity: Activity; lane: Lane }
  | { kind: "message"; activity: Activity; lane: Lane }
  | { kind: "emotion"; emotion: EmotionMark; lane: Lane }
  | { kind: "state"; state: StateMark; from: number; to: number; lane: Lane };

/** What can be pointed at, where it was drawn. */
interface Hit {
  x: number;
  y: number;
  width: number;
  height: number;
  target: Target;
}

export interface Placement {
  lane: Lane;
  top: number;
  height: number;
}

/** Where the lanes are, from top to bottom. */
export function placements(lanes: readonly Lane[]): { placed: Placement[]; height: number } {
  let top = 0;
  const placed = lanes.map((lane) => {
    const height = heightOf(lane);
    const placement = { lane, top, height };
    top += height;
    return placement;
  });
  return { placed, height: top };
}

function heightOf(lane: Lane): number {
  const rows = lane.kind === "robot"
    ? (lane.bars.length > 0 ? lane.rows * (BAR + BAR_GAP) : 0) + (lane.stays.length > 0 ? BAND + 4 : 0)
    : (lane.messages.length > 0 ? lane.rows * (BUBBLE + 2) : 0) + (lane.emotions.length > 0 ? EMOTION_HEIGHT : 0);
  return Math.max(44, rows + 2 * LANE_PADDING);
}

export interface Colours {
  [name: string]: string;
}

export interface Scene {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  span: Span;
  scroll: number;
  placed: readonly Placement[];
  colours: Colours;
  font: string;
  selected: string | null;
  hovered: string | null;
  near: { causes: Set<string>; effects: Set<string> } | null;
  causes: Map<string, string[]>;
  showCauses: boolean;
  showEvents: boolean;
}

/** The colour of a kind of activity, by the design system's kinds; other types share the rest by their name. */
export function colourOf(type: string): string {
  const known: Record<string, string> = {
    Listening: "kind-message",
    "Person detected": "kind-human",
    Decision: "kind-model",
    Response: "kind-robot",
    "Emotion recognition": "kind-emotion",
    "Emotion analysis": "kind-emotion",
    "Model run": "kind-other",
  };
  const rest = ["kind-activity", "kind-event", "kind-state", "kind-other"];
  const hash = [...type].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  return known[type] ?? rest[hash % rest.length] ?? "kind-other";
}

/** Draws what is in sight and says what is where. */
export function draw(scene: Scene): Hit[] {
  const { context, width, height, colours } = scene;
  const hits: Hit[] = [];
  const centres = new Map<string, { x: number; left: number; y: number }>();
  context.clearRect(0, 0, width, height);
  context.fillStyle = colours["surface"] ?? "";
  context.fillRect(0, 0, width, height);
  context.font = `11px ${scene.font}`;
  context.textBaseline = "middle";
  grid(scene);
  context.save();
  context.beginPath();
  context.rect(0, AXIS_HEIGHT, width, height - AXIS_HEIGHT);
  context.clip();
  const eventPlaces = new Map<string, { x: number; y: number; lane: string }[]>();
  for (const placement of scene.placed) {
    const top = AXIS_HEIGHT + placement.top - scene.scroll;
    if (top + placement.height < AXIS_HEIGHT || top > height) continue;
    context.fillStyle = colours["line"] ?? "";
    context.fillRect(0, top + placement.height - 1, width, 1);
    if (placement.lane.kind === "robot") robotLane(scene, placement.lane, top, placement.height, hits, centres, eventPlaces);
    else humanLane(scene, placement.lane, top, hits, centres);
  }
  if (scene.showEvents) joinEvents(scene, eventPlaces);
  arrows(scene, centres);
  laneNames(scene);
  context.restore();
  return hits;
}

function xOf({ span, width }: Scene, time: number): number {
  return GUTTER + ((time - span.from) / (span.to - span.from)) * (width - GUTTER);
}

function grid(scene: Scene): void {
  const { context, width, height, span, colours } = scene;
  context.fillStyle = colours["sunken"] ?? "";
  context.fillRect(0, 0, width, AXIS_HEIGHT);
  for (const tick of ticks(span, width - GUTTER)) {
    const x = Math.round(xOf(scene, tick.at));
    context.fillStyle = colours[tick.major ? "line-strong" : "line"] ?? "";
    context.fillRect(x, AXIS_HEIGHT - 6, 1, height);
    context.fillStyle = colours[tick.major ? "text" : "text-soft"] ?? "";
    context.fillText(tick.label, x + 4, AXIS_HEIGHT / 2);
  }
  context.fillStyle = colours["line-strong"] ?? "";
  context.fillRect(0, AXIS_HEIGHT - 1, width, 1);
}

/** A text that ends where its room does. */
function fit(context: CanvasRenderingContext2D, text: string, x: number, y: number, room: number): void {
  if (room < TEXT_MIN) return;
  // Long texts are cut before they are measured: measuring costs by the character.
  let shown = text.slice(0, Math.ceil(room / 3)).replace(/\s+/g, " ");
  if (context.measureText(shown).width > room || shown.length < text.length) {
    while (shown.length > 1 && context.measureText(`${shown}…`).width > room) shown = shown.slice(0, Math.max(1, Math.floor(shown.length * 0.9)) - (shown.length < 12 ? 1 : 0));
    if (shown.length <= 1) return;
    shown = `${shown}…`;
  }
  context.fillText(shown, x, y);
}

function alphaOf(scene: Scene, iri: string): number {
  if (!scene.near) return 1;
  return iri === scene.selected || scene.near.causes.has(iri) || scene.near.effects.has(iri) ? 1 : 0.28;
}

function outline(scene: Scene, iri: string, x: number, y: number, width: number, height: number): void {
  const { context, colours } = scene;
  if (iri !== scene.selected && iri !== scene.hovered) return;
  context.strokeStyle = colours[iri === scene.selected ? "text" : "focus"] ?? "";
  context.lineWidth = iri === scene.selected ? 2 : 1.5;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}

function robotLane(
  scene: Scene, lane: Lane, top: number, height: number, hits: Hit[],
  centres: Map<string, { x: number; left: number; y: number }>, eventPlaces: Map<string, { x: number; y: number; lane: string }[]>,
): void {
  const { context, span, colours } = scene;
  const bars = lane.bars;
  // One column of pixels per row is enough: at a far zoom thousands of bars fall on the same ones.
  const lastDrawn = new Map<number, number>();
  for (let place = firstFrom(bars, span.from - lane.longest, (bar) => bar.activity.start); place < bars.length; place += 1) {
    const bar = bars[place];
    if (!bar || bar.activity.start > span.to) break;
    const { activity, row } = bar;
    if (activity.end < span.from) continue;
    const x = Math.max(xOf(scene, activity.start), GUTTER - 4);
    const right = Math.min(xOf(scene, activity.end), scene.width + 4);
    const width = Math.max(BAR_MIN, right - x);
    const isMarked = activity.iri === scene.selected || activity.iri === scene.hovered;
    if (!isMarked && width <= BAR_MIN && Math.floor(x) === lastDrawn.get(row)) continue;
    lastDrawn.set(row, Math.floor(x));
    const y = top + LANE_PADDING + row * (BAR + BAR_GAP);
    context.globalAlpha = alphaOf(scene, activity.iri);
    context.fillStyle = colours[colourOf(activity.type)] ?? "";
    context.fillRect(x, y, width, BAR);
    if (width > TEXT_MIN) {
      context.fillStyle = colours["on-bar"] ?? "";
      const text = activity.text ? `“${activity.text}”` : activity.label === activity.type ? activity.type : `${activity.type} · ${activity.label}`;
      fit(context, text, x + 5, y + BAR / 2 + 0.5, width - 9);
    } else {
      // A short bar may speak beside itself, where the next one leaves room.
      const room = Math.min(xOf(scene, Math.min(bar.next, span.to)) - right - 8, 220);
      context.fillStyle = colours["text-soft"] ?? "";
      if (room > 50) fit(context, activity.text ? `“${activity.text}”` : activity.label, right + 4, y + BAR / 2 + 0.5, room);
    }
    outline(scene, activity.iri, x, y, width, BAR);
    context.globalAlpha = 1;
    hits.push({ x, y, width, height: BAR, target: { kind: "activity", activity, lane } });
    centres.set(activity.iri, { x: right, left: x, y: y + BAR / 2 });
    for (const event of activity.events) eventPlaces.set(event, [...(eventPlaces.get(event) ?? []), { x, y: y + BAR / 2, lane: lane.iri }]);
  }
  const y = top + height - BAND - LANE_PADDING + 3;
  for (let place = Math.max(0, firstFrom(lane.stays, span.from, (stay) => stay.from) - 1); place < lane.stays.length; place += 1) {
    const stay = lane.stays[place];
    if (!stay || stay.from > span.to) break;
    const x = Math.max(xOf(scene, stay.from), GUTTER - 4);
    const width = Math.max(BAR_MIN, Math.min(xOf(scene, stay.to), scene.width + 4) - x);
    context.globalAlpha = alphaOf(scene, stay.state.iri);
    context.fillStyle = colours[place % 2 === 0 ? "band" : "band-other"] ?? "";
    context.fillRect(x, y, width, BAND);
    context.fillStyle = colours["kind-location"] ?? "";
    context.fillRect(x, y, 2, BAND);
    context.fillStyle = colours["text"] ?? "";
    fit(context, stay.state.location ?? (stay.state.note || "state"), x + 6, y + BAND / 2 + 0.5, width - 10);
    outline(scene, stay.state.iri, x, y, width, BAND);
    context.globalAlpha = 1;
    hits.push({ x, y, width, height: BAND, target: { kind: "state", state: stay.state, from: stay.from, to: stay.to, lane } });
  }
}

function humanLane(scene: Scene, lane: Lane, top: number, hits: Hit[], centres: Map<string, { x: number; left: number; y: number }>): void {
  const { context, span, colours } = scene;
  for (const [place, { activity, text, row }] of lane.messages.entries()) {
    if (activity.start > span.to) break;
    const x = Math.max(xOf(scene, activity.start), GUTTER - 4);
    const next = lane.messages.slice(place + 1).find((other) => other.row === row);
    const room = Math.min((next ? xOf(scene, next.activity.start) : scene.width) - x - 6, 380);
    const spoken = Math.max(BAR_MIN, xOf(scene, activity.end) - x);
    if (x + Math.max(room, spoken) < GUTTER) continue;
    const y = top + LANE_PADDING + row * (BUBBLE + 2);
    const width = Math.max(BAR_MIN, Math.min(room, Math.max(spoken, context.measureText(text.slice(0, 120)).width + 14)));
    context.globalAlpha = alphaOf(scene, activity.iri);
    context.fillStyle = colours["bubble"] ?? "";
    context.fillRect(x, y, width, BUBBLE);
    context.fillStyle = colours["kind-human"] ?? "";
    context.fillRect(x, y, 3, BUBBLE);
    context.fillRect(x, y + BUBBLE - 2, Math.min(spoken, width), 2);
    context.fillStyle = colours["text"] ?? "";
    fit(context, text, x + 8, y + BUBBLE / 2, width - 12);
    outline(scene, activity.iri, x, y, width, BUBBLE);
    context.globalAlpha = 1;
    hits.push({ x, y, width, height: BUBBLE, target: { kind: "message", activity, lane } });
  }
  if (lane.emotions.length === 0) return;
  const base = top + heightOf(lane) - LANE_PADDING;
  context.fillStyle = colours["line"] ?? "";
  context.fillRect(GUTTER, base, scene.width, 1);
  let lastText = -1e9;
  let lastX = -1e9;
  for (let place = firstFrom(lane.emotions, span.from, (one) => one.time); place < lane.emotions.length; place += 1) {
    const emotion = lane.emotions[place];
    if (!emotion || emotion.time > span.to) break;
    const x = xOf(scene, emotion.time);
    const isMarked = emotion.iri === scene.selected || emotion.iri === scene.hovered;
    if (!isMarked && x - lastX < 1) continue;
    lastX = x;
    const tall = (emotion.intensity ?? 0.15) * (EMOTION_HEIGHT - 8);
    context.globalAlpha = alphaOf(scene, emotion.activity);
    context.fillStyle = colours["kind-emotion"] ?? "";
    context.fillRect(x - 1, base - tall, 2, tall);
    context.beginPath();
    context.arc(x, base - tall, 3.5, 0, 7);
    if (emotion.intensity === null) {
      context.strokeStyle = colours["kind-emotion"] ?? "";
      context.stroke();
    } else context.fill();
    if (x - lastText > 96) {
      context.fillStyle = colours["text-soft"] ?? "";
      context.fillText(`${emotion.category}${emotion.intensity === null ? "" : ` ${emotion.intensity.toFixed(2)}`}`, x + 7, Math.max(base - tall, base - EMOTION_HEIGHT + 8));
      lastText = x;
    }
    outline(scene, emotion.iri, x - 4, base - tall - 4, 8, tall + 4);
    context.globalAlpha = 1;
    hits.push({ x: x - 5, y: base - tall - 5, width: 10, height: tall + 7, target: { kind: "emotion", emotion, lane } });
    centres.set(emotion.iri, { x, left: x, y: base - tall });
  }
}

/** One event that several robots saw: a line through their lanes. */
function joinEvents(scene: Scene, places: Map<string, { x: number; y: number; lane: string }[]>): void {
  const { context, colours } = scene;
  context.strokeStyle = colours["kind-event"] ?? "";
  context.lineWidth = 1.2;
  context.setLineDash([4, 3]);
  let drawn = 0;
  for (const points of places.values()) {
    const perLane = new Map<string, { x: number; y: number; lane: string }>();
    for (const point of points) if (!perLane.has(point.lane)) perLane.set(point.lane, point);
    if (perLane.size < 2 || drawn > 300) continue;
    drawn += 1;
    const sorted = [...perLane.values()].sort((a, b) => a.y - b.y);
    context.beginPath();
    for (const [place, point] of sorted.entries()) place === 0 ? context.moveTo(point.x, point.y) : context.lineTo(point.x, point.y);
    context.stroke();
    context.fillStyle = colours["kind-event"] ?? "";
    for (const point of sorted) context.fillRect(point.x - 3, point.y - 3, 6, 6);
  }
  context.setLineDash([]);
}

/** From causes to effects: all that are in sight, or those of the chain of what is chosen. */
function arrows(scene: Scene, centres: Map<string, { x: number; left: number; y: number }>): void {
  const { context, colours, selected, near } = scene;
  if (!scene.showCauses && !selected) return;
  const inChain = (iri: string): boolean => iri === selected || Boolean(near?.causes.has(iri) || near?.effects.has(iri));
  let drawn = 0;
  for (const [effect, causes] of scene.causes) {
    const to = centres.get(effect);
    if (!to) continue;
    for (const cause of causes) {
      const from = centres.get(cause);
      const isChain = inChain(effect) && inChain(cause);
      if (!from || drawn > 600 || (!scene.showCauses && !isChain)) continue;
      drawn += 1;
      context.strokeStyle = context.fillStyle = colours[isChain ? "text" : "text-faint"] ?? "";
      context.lineWidth = isChain ? 1.6 : 1;
      context.globalAlpha = near && !isChain ? 0.25 : 1;
      const bend = Math.max(14, Math.min(60, Math.abs(to.left - from.x) / 2));
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.bezierCurveTo(from.x + bend, from.y, to.left - bend, to.y, to.left - 4, to.y);
      context.stroke();
      context.beginPath();
      context.moveTo(to.left, to.y);
      context.lineTo(to.left - 6, to.y - 3.5);
      context.lineTo(to.left - 6, to.y + 3.5);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

function laneNames(scene: Scene): void {
  const { context, height, colours } = scene;
  context.fillStyle = colours["page"] ?? "";
  context.fillRect(0, AXIS_HEIGHT, GUTTER, height);
  context.fillStyle = colours["line-strong"] ?? "";
  context.fillRect(GUTTER - 1, AXIS_HEIGHT, 1, height);
  for (const { lane, top, height: tall } of scene.placed) {
    const y = AXIS_HEIGHT + top - scene.scroll;
    if (y + tall < AXIS_HEIGHT || y > height) continue;
    context.fillStyle = colours["line"] ?? "";
    context.fillRect(0, y + tall - 1, GUTTER, 1);
    context.fillStyle = colours[`kind-${lane.kind}`] ?? "";
    context.fillRect(0, y, 3, tall - 1);
    context.fillStyle = colours["text"] ?? "";
    context.font = `600 12px ${scene.font}`;
    fit(context, lane.label, 12, y + 15, GUTTER - 22);
    context.font = `11px ${scene.font}`;
    context.fillStyle = colours["text-faint"] ?? "";
    const what = lane.kind === "robot" ? `robot · ${lane.bars.length}` : `person · ${lane.messages.length}`;
    if (tall > 34) context.fillText(what, 12, y + 30);
  }
}

/** What is under the pointer; of several the one drawn last. */
export function hitAt(hits: readonly Hit[], x: number, y: number): Target | null {
  if (x < GUTTER || y < AXIS_HEIGHT) return null;
  for (let place = hits.length - 1; place >= 0; place -= 1) {
    const hit = hits[place];
    if (hit && x >= hit.x - HIT_SLACK && x <= hit.x + hit.width + HIT_SLACK && y >= hit.y && y <= hit.y + hit.height) return hit.target;
  }
  return null;
}
export type { Hit };
