import type { Chart, Plugin } from "chart.js";

type Bar = { x: number; y: number; base: number; height: number };

/** Texts on horizontal bars of the first series: inside, as much of them as has room, or behind the end. */
export function barTexts(place: "inside" | "behind", textOf: (point: object, index: number) => string, colour: string, font: string): Plugin<"bar" | "line" | "scatter"> {
  return {
    id: "barTexts",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `12px ${font}`;
      ctx.fillStyle = colour;
      ctx.textBaseline = "middle";
      const points = chart.data.datasets[0]?.data ?? [];
      for (const [index, element] of chart.getDatasetMeta(0).data.entries()) {
        const bar = element as unknown as Bar;
        const text = textOf(points[index] as object, index);
        if (place === "behind") ctx.fillText(text, Math.max(bar.x, bar.base) + 6, bar.y);
        else writeInside(chart, ctx, bar, text);
      }
      ctx.restore();
    },
  };
}

const PADDING = 5;
/** Less than this is no word. */
const WIDTH_MIN = 24;

function writeInside(chart: Chart<"bar" | "line" | "scatter">, ctx: CanvasRenderingContext2D, bar: Bar, text: string): void {
  const left = Math.max(Math.min(bar.x, bar.base), chart.chartArea.left) + PADDING;
  const room = Math.min(Math.max(bar.x, bar.base), chart.chartArea.right) - PADDING - left;
  if (room < WIDTH_MIN) return;
  let shown = text;
  while (shown.length > 1 && ctx.measureText(shown).width > room) shown = `${shown.slice(0, shown.endsWith("…") ? -2 : -1)}…`;
  if (shown.length > 3 || shown === text) ctx.fillText(shown, left, bar.y + 0.5);
}
