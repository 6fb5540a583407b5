import { nextTick, ref, type Ref } from "vue";
import { BOX, type Box, type Drawing } from "./lanes";

export const ZOOM_MIN = 0.1;
export const ZOOM_MAX = 2;
/** Below this the words in boxes cannot be read at ease: a drawing starts no smaller. */
const LEGIBLE_MIN = 0.75;
/** How much of what is around the chosen step is kept in sight. */
const MARGIN = 60;

/** Zoom and movement of a drawing in a frame that scrolls. */
export function useZoom(frame: Ref<HTMLElement | undefined>, sheet: Ref<HTMLElement | undefined>, drawing: Readonly<Ref<Drawing>>) {
  const zoom = ref(1);
  const isPanning = ref(false);
  let held: { x: number; y: number } | null = null;

  /** To a zoom, while the point of the drawing that is under `at` stays where it is; the middle if no point is named. */
  async function zoomTo(wanted: number, at?: { clientX: number; clientY: number }): Promise<void> {
    if (!frame.value || !sheet.value) return;
    const edges = frame.value.getBoundingClientRect();
    const [x, y] = at ? [at.clientX, at.clientY] : [edges.left + frame.value.clientWidth / 2, edges.top + frame.value.clientHeight / 2];
    const before = sheet.value.getBoundingClientRect();
    const factor = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, wanted)) / zoom.value;
    zoom.value *= factor;
    await nextTick();
    const after = sheet.value.getBoundingClientRect();
    frame.value.scrollBy(after.left + (x - before.left) * factor - x, after.top + (y - before.top) * factor - y);
  }
  const zoomBy = (factor: number, at?: { clientX: number; clientY: number }): Promise<void> => zoomTo(zoom.value * factor, at);

  function zoomToFit(): number {
    if (!frame.value || drawing.value.width === 0) return 1;
    return Math.min(frame.value.clientWidth / drawing.value.width, frame.value.clientHeight / drawing.value.height);
  }
  const fit = (): Promise<void> => zoomTo(Math.min(1, zoomToFit()));

  /** Scrolls until a box is in sight, or in the middle. */
  function reveal(box: Box | undefined, centred: boolean): void {
    if (!frame.value || !sheet.value || !box) return;
    const { clientWidth, clientHeight } = frame.value;
    const shift = (offset: number, start: number, length: number, scrolled: number, room: number): number => {
      const [from, to] = [offset + start * zoom.value - scrolled, offset + (start + length) * zoom.value - scrolled];
      if (centred) return (from + to - room) / 2;
      return from < MARGIN ? from - MARGIN : Math.max(0, to + MARGIN - room);
    };
    frame.value.scrollBy(
      shift(sheet.value.offsetLeft - frame.value.offsetLeft, box.x, BOX.width, frame.value.scrollLeft, clientWidth),
      shift(sheet.value.offsetTop - frame.value.offsetTop, box.y, BOX.height, frame.value.scrollTop, clientHeight),
    );
  }
  /** How a drawing is first seen: this box in the middle, and around it as much as can be read. */
  async function start(box: Box | undefined): Promise<void> {
    await zoomTo(Math.max(LEGIBLE_MIN, Math.min(1, zoomToFit())));
    reveal(box, true);
  }

  /** By the mouse; fingers scroll by themselves. */
  function startPan(event: PointerEvent): void {
    if (event.pointerType !== "mouse" || event.button !== 0 || (event.target as Element).closest("button")) return;
    // Not on the scroll bars.
    if (frame.value && (event.offsetX > frame.value.clientWidth + frame.value.scrollLeft || event.offsetY > frame.value.clientHeight + frame.value.scrollTop)) return;
    held = { x: event.clientX, y: event.clientY };
    isPanning.value = true;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }
  function pan(event: PointerEvent): void {
    if (!held) return;
    frame.value?.scrollBy(held.x - event.clientX, held.y - event.clientY);
    held = { x: event.clientX, y: event.clientY };
  }
  function endPan(): void {
    held = null;
    isPanning.value = false;
  }
  return { zoom, zoomBy, fit, reveal, start, startPan, pan, endPan, isPanning };
}
