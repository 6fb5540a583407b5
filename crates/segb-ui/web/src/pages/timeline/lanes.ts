import { colourOf } from "./colours";
import { emotionMark } from "../../charts/marks";
import type { Activity, EmotionMark, Lane } from "./model";
import { alphaOf, BAND, BAR, BAR_GAP, BAR_MIN, BUBBLE, EMOTION_HEIGHT, fit, GUTTER, ink, isMarked, LANE_PADDING, outline, partsOf, TEXT_MIN, xOf, type Placement, type Scene } from "./scene";
import { firstFrom } from "./view";

/** The widest text beside a bar, and the widest bubble, in pixels. */
const BESIDE_MAX = 420;
const BUBBLE_MAX = 380;
/** A last place fades over so many pixels: nothing says how long it lasted. */
const FADE = 60;
/** Emotions so near each other stand side by side. */
const EMOTION_GROUP = 5;
const EMOTION_STEP = 7;

/** Draws a lane at `top`. */
export function drawLane(scene: Scene, { lane, height }: Placement, top: number): void {
  const { rows } = partsOf(lane);
  if (lane.kind === "robot") drawBars(scene, lane, top + LANE_PADDING);
  else drawMessages(scene, lane, top + LANE_PADDING);
  if (lane.emotions.length > 0) drawEmotions(scene, lane, top + LANE_PADDING + rows + EMOTION_HEIGHT);
  if (lane.stays.length > 0) drawStays(scene, lane, top + height - BAND - LANE_PADDING + 3);
}

function wordsOf(activity: Activity): string {
  if (activity.text) return `“${activity.text}”`;
  return activity.label === activity.type ? activity.type : `${activity.type} · ${activity.label}`;
}

function drawBars(scene: Scene, lane: Lane, top: number): void {
  const { context, span } = scene;
  const { bars } = lane;
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
    if (!isMarked(scene, activity.iri) && width <= BAR_MIN && Math.floor(x) === lastDrawn.get(row)) continue;
    lastDrawn.set(row, Math.floor(x));
    const y = top + row * (BAR + BAR_GAP);
    const middle = y + BAR / 2 + 0.5;
    context.globalAlpha = alphaOf(scene, activity.iri);
    context.fillStyle = ink(scene, colourOf(activity.type));
    context.fillRect(x, y, width, BAR);
    const words = wordsOf(activity);
    const beside = Math.min(xOf(scene, Math.min(bar.next, span.to)) - right - 8, BESIDE_MAX);
    const fits = width > TEXT_MIN && context.measureText(words.slice(0, 200)).width <= width - 9;
    context.fillStyle = ink(scene, fits ? "on-bar" : "text-soft");
    if (fits) fit(context, words, x + 5, middle, width - 9);
    else if (width > TEXT_MIN) drawAcross(scene, words, x, y, width, Math.max(0, beside));
    else if (beside > 50) fit(context, activity.text ? words : activity.label, x + width + 4, middle, beside);
    outline(scene, activity.iri, x, y, width, BAR);
    context.globalAlpha = 1;
    scene.hits.push({ x, y, width, height: BAR, target: { kind: "activity", activity, lane } });
    scene.anchors.set(activity.iri, { x: right, left: x, y: y + BAR / 2 });
    for (const event of activity.events) {
      const places = scene.eventPlaces.get(event);
      if (places) places.push({ x, y: y + BAR / 2, lane: lane.iri });
      else scene.eventPlaces.set(event, [{ x, y: y + BAR / 2, lane: lane.iri }]);
    }
  }
}

/** Words that begin on a bar and go on beside it, each part in the colour that can be read there. */
function drawAcross(scene: Scene, words: string, x: number, y: number, width: number, beside: number): void {
  const { context } = scene;
  for (const [from, room, colour] of [[x, width, "on-bar"], [x + width, beside + 8, "text-soft"]] as const) {
    context.save();
    context.beginPath();
    context.rect(from, y, room, BAR);
    context.clip();
    context.fillStyle = ink(scene, colour);
    fit(context, words, x + 5, y + BAR / 2 + 0.5, width - 9 + beside);
    context.restore();
  }
}

function drawMessages(scene: Scene, lane: Lane, top: number): void {
  const { context, span } = scene;
  // A bubble may be wider than the time it took: look back as far as one reaches.
  const perPixel = (span.to - span.from) / Math.max(1, scene.width - GUTTER);
  const first = firstFrom(lane.messages, span.from - Math.max(lane.longest, BUBBLE_MAX * perPixel), (one) => one.activity.start);
  const lastDrawn = new Map<number, number>();
  for (let place = first; place < lane.messages.length; place += 1) {
    const message = lane.messages[place];
    if (!message || message.activity.start > span.to) break;
    const { activity, text, row, next } = message;
    const x = xOf(scene, activity.start);
    if (!isMarked(scene, activity.iri) && Math.floor(x) === lastDrawn.get(row)) continue;
    lastDrawn.set(row, Math.floor(x));
    const room = Math.min((Number.isFinite(next) ? xOf(scene, next) : scene.width + BUBBLE_MAX) - x - 4, BUBBLE_MAX);
    const spoken = Math.max(BAR_MIN, xOf(scene, activity.end) - x);
    const width = Math.max(BAR_MIN, Math.min(room, Math.max(spoken, context.measureText(text.slice(0, 120)).width + 14)));
    if (x + width < GUTTER) continue;
    const left = Math.max(x, GUTTER - 4);
    const shown = x + width - left;
    const y = top + row * (BUBBLE + 2);
    context.globalAlpha = alphaOf(scene, activity.iri);
    context.fillStyle = ink(scene, "bubble");
    context.fillRect(left, y, shown, BUBBLE);
    context.fillStyle = ink(scene, "kind-human");
    if (x >= GUTTER - 4) context.fillRect(x, y, 3, BUBBLE);
    if (x + spoken > left) context.fillRect(left, y + BUBBLE - 2, Math.min(x + spoken - left, shown), 2);
    context.fillStyle = ink(scene, "text");
    fit(context, text, left + 8, y + BUBBLE / 2, shown - 12);
    outline(scene, activity.iri, left, y, shown, BUBBLE);
    context.globalAlpha = 1;
    scene.hits.push({ x: left, y, width: shown, height: BUBBLE, target: { kind: "message", activity, lane } });
  }
}

/** Emotions that fall together, of each category the tallest. */
interface Group {
  x: number;
  marks: Map<string, EmotionMark>;
}

function groupsOf(scene: Scene, emotions: readonly EmotionMark[]): Group[] {
  const { span } = scene;
  const margin = ((span.to - span.from) / Math.max(1, scene.width - GUTTER)) * 30;
  const groups: Group[] = [];
  for (let place = firstFrom(emotions, span.from - margin, (one) => one.time); place < emotions.length; place += 1) {
    const emotion = emotions[place];
    if (!emotion || emotion.time > span.to + margin) break;
    const x = xOf(scene, emotion.time);
    let group = groups.at(-1);
    if (!group || x - group.x >= EMOTION_GROUP) groups.push((group = { x, marks: new Map() }));
    const tallest = group.marks.get(emotion.category);
    if (!tallest || isMarked(scene, emotion.iri) || (!isMarked(scene, tallest.iri) && (emotion.intensity ?? 0) > (tallest.intensity ?? 0))) group.marks.set(emotion.category, emotion);
  }
  return groups;
}

/** Stems on a base line, as high as the emotion is intense. */
function drawEmotions(scene: Scene, lane: Lane, base: number): void {
  const { context } = scene;
  context.fillStyle = ink(scene, "line");
  context.fillRect(GUTTER, base, scene.width, 1);
  const groups = groupsOf(scene, lane.emotions);
  let taken = GUTTER;
  for (const [place, group] of groups.entries()) taken = drawGroup(scene, lane, group, base, { from: taken, to: (groups[place + 1]?.x ?? scene.width + 200) - 8 });
}

/**
 * Emotions of one moment stand side by side, the strongest first, with texts on the side where there is room. Gives where
 * the taken room ends.
 */
function drawGroup(scene: Scene, lane: Lane, group: Group, base: number, room: { from: number; to: number }): number {
  const { context } = scene;
  const marks = [...group.marks.values()].sort((a, b) => (b.intensity ?? 0) - (a.intensity ?? 0));
  const left = group.x - ((marks.length - 1) * EMOTION_STEP) / 2;
  const right = left + (marks.length - 1) * EMOTION_STEP;
  const lines: number[] = [];
  let taken = right + 5;
  for (const [place, emotion] of marks.entries()) {
    const x = left + place * EMOTION_STEP;
    const tall = (emotion.intensity ?? 0.15) * (EMOTION_HEIGHT - 10);
    const y = base - tall;
    context.globalAlpha = alphaOf(scene, emotion.activity);
    context.fillStyle = context.strokeStyle = ink(scene, emotionMark(emotion.category).token);
    context.fillRect(x - 1, y, 2, tall);
    context.beginPath();
    context.arc(x, y, 3.5, 0, 7);
    if (emotion.intensity === null) context.stroke();
    else context.fill();
    const line = Math.min(Math.max(y, base - EMOTION_HEIGHT + 8), base - 6);
    const words = `${emotion.category}${emotion.intensity === null ? "" : ` ${emotion.intensity.toFixed(2)}`}`;
    const [before, after] = [left - 7 - room.from, room.to - right - 7];
    if (Math.max(before, after) > TEXT_MIN && lines.every((other) => Math.abs(other - line) >= 11)) {
      const long = context.measureText(words).width;
      context.fillStyle = ink(scene, "text-soft");
      if (long <= after) {
        context.fillText(words, right + 7, line);
        taken = Math.max(taken, right + 7 + long);
      } else if (long <= before) context.fillText(words, left - 7 - long, line);
      if (long <= Math.max(before, after)) lines.push(line);
    }
    outline(scene, emotion.iri, x - 4, y - 4, 8, tall + 4);
    context.globalAlpha = 1;
    scene.hits.push({ x: x - 3.5, y: y - 5, width: 7, height: tall + 7, target: { kind: "emotion", emotion, lane } });
    scene.anchors.set(emotion.iri, { x, left: x, y });
  }
  return taken;
}

function drawStays(scene: Scene, lane: Lane, y: number): void {
  const { context, span } = scene;
  for (let place = Math.max(0, firstFrom(lane.stays, span.from, (stay) => stay.from) - 1); place < lane.stays.length; place += 1) {
    const stay = lane.stays[place];
    if (!stay || stay.from > span.to) break;
    const x = Math.max(xOf(scene, stay.from), GUTTER - 4);
    const end = Math.min(xOf(scene, stay.to), scene.width + 4);
    const fade = stay.isOpen ? FADE : 0;
    if (end + fade < GUTTER) continue;
    const width = Math.max(BAR_MIN, end - x);
    const known = Math.min(Math.max(xOf(scene, stay.known), x), x + width);
    const [colour, alpha] = [ink(scene, place % 2 === 0 ? "band" : "band-other"), alphaOf(scene, stay.state.iri)];
    context.fillStyle = colour;
    context.globalAlpha = alpha;
    context.fillRect(x, y, known - x, BAND);
    // What may have been is half there.
    context.globalAlpha = alpha / 2;
    context.fillRect(known, y, x + width - known, BAND);
    if (fade > 0) {
      const gradient = context.createLinearGradient(x + width, 0, x + width + fade, 0);
      gradient.addColorStop(0, colour);
      gradient.addColorStop(1, ink(scene, "surface"));
      context.fillStyle = gradient;
      context.fillRect(x + width, y, fade, BAND);
    }
    context.globalAlpha = alpha;
    context.fillStyle = ink(scene, "kind-location");
    context.fillRect(x, y, 2, BAND);
    context.fillStyle = ink(scene, "text");
    fit(context, stay.state.location ?? (stay.state.note || "state"), x + 6, y + BAND / 2 + 0.5, width + fade - 10);
    outline(scene, stay.state.iri, x, y, width, BAND);
    context.globalAlpha = 1;
    scene.hits.push({ x, y, width: width + fade, height: BAND, target: { kind: "state", state: stay.state, from: stay.from, to: stay.to, lane } });
  }
}
