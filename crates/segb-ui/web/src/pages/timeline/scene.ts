import type { Activity, EmotionMark, Lane, StateMark } from "./model";
import type { Span } from "./scale";

export const AXIS_HEIGHT = 26;
export const GUTTER = 132;
export const BAR = 17;
export const BAR_GAP = 3;
export const BUBBLE = 20;
export const LANE_PADDING = 7;
export const EMOTION_HEIGHT = 40;
export const BAND = 15;
/** A bar narrower than this is drawn as a line that can still be hit. */
export const BAR_MIN = 2;
/** Below this many pixels a text is not worth drawing. */
export const TEXT_MIN = 26;

export type Target =
  | { kind: "activity"; activity: Activity; lane: Lane }
  | { kind: "message"; activity: Activity; lane: Lane }
  | { kind: "emotion"; emotion: EmotionMark; lane: Lane }
  | { kind: "state"; state: StateMark; from: number; to: number; lane: Lane };

/** What can be pointed at, where it was drawn. */
export interface Hit {
  x: number;
  y: number;
  width: number;
  height: number;
  target: Target;
}

/** Where the arrows from and to something start and end. */
export interface Anchor {
  /** Its right end. */
  x: number;
  left: number;
  y: number;
}

export interface Placement {
  lane: Lane;
  top: number;
  height: number;
}

export interface Colours {
  [name: string]: string;
}

/** Everything that a frame is drawn from, and what drawing finds out. */
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
  hits: Hit[];
  anchors: Map<string, Anchor>;
  eventPlaces: Map<string, { x: number; y: number; lane: string }[]>;
}

/** What a target is called in the address of the page. */
export function idOf(target: Target): string {
  if (target.kind === "emotion") return target.emotion.iri;
  return target.kind === "state" ? target.state.iri : target.activity.iri;
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

/** From the top of a lane: what was done or said, then emotions, then places. */
export function partsOf(lane: Lane): { rows: number; emotions: number; stays: number } {
  const rows = lane.kind === "robot" ? (lane.bars.length > 0 ? lane.rows * (BAR + BAR_GAP) : 0) : lane.messages.length > 0 ? lane.rows * (BUBBLE + 2) : 0;
  return { rows, emotions: lane.emotions.length > 0 ? EMOTION_HEIGHT : 0, stays: lane.stays.length > 0 ? BAND + 4 : 0 };
}

function heightOf(lane: Lane): number {
  const { rows, emotions, stays } = partsOf(lane);
  return Math.max(44, rows + emotions + stays + 2 * LANE_PADDING);
}

export function xOf({ span, width }: Pick<Scene, "span" | "width">, time: number): number {
  return GUTTER + ((time - span.from) / (span.to - span.from)) * (width - GUTTER);
}

export function ink({ colours }: Scene, name: string): string {
  return colours[name] ?? "";
}

/** A text that ends where its room does. */
export function fit(context: CanvasRenderingContext2D, text: string, x: number, y: number, room: number): void {
  if (room < TEXT_MIN) return;
  // Long texts are cut before they are measured: measuring costs by the character.
  let shown = text.slice(0, Math.ceil(room / 3)).replace(/\s+/g, " ");
  const width = context.measureText(shown).width;
  if (width > room || shown.length < text.length) {
    if (width > room) shown = shown.slice(0, Math.floor((shown.length * (room - 8)) / width));
    while (shown.length > 1 && context.measureText(`${shown}…`).width > room) shown = shown.slice(0, -1);
    if (shown.length <= 1) return;
    shown = `${shown}…`;
  }
  context.fillText(shown, x, y);
}

/** What has nothing to do with what is chosen steps back. */
export function alphaOf(scene: Scene, iri: string): number {
  if (!scene.near) return 1;
  return iri === scene.selected || scene.near.causes.has(iri) || scene.near.effects.has(iri) ? 1 : 0.28;
}

export function outline(scene: Scene, iri: string, x: number, y: number, width: number, height: number): void {
  const { context } = scene;
  if (iri !== scene.selected && iri !== scene.hovered) return;
  context.strokeStyle = ink(scene, iri === scene.selected ? "text" : "focus");
  context.lineWidth = iri === scene.selected ? 2 : 1.5;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}

export function isMarked(scene: Scene, iri: string): boolean {
  return iri === scene.selected || iri === scene.hovered;
}
