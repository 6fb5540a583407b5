/** When logs were received. */
import type { Overview } from "../../api/reports";
import type { Painter } from "../../charts/look";
import { timeAxis } from "../../charts/timeAxis";
import { count, moment } from "../../lib/time";

const HOUR_MS = 3_600_000;

/** An hour, in its middle. */
interface Bar { x: number; y: number; start: number }

/** Each hour from the first to the last one, also those without logs: bars are as far apart as hours. */
export function everyHour(hours: Overview["logs_per_hour"]): Bar[] {
  const logs = new Map(hours.map((hour) => [Date.parse(hour.hour), hour.logs]));
  const starts = [...logs.keys()].filter((start) => !Number.isNaN(start));
  if (starts.length === 0) return [];
  const first = starts.reduce((a, b) => Math.min(a, b));
  const last = starts.reduce((a, b) => Math.max(a, b));
  return Array.from({ length: (last - first) / HOUR_MS + 1 }, (_none, place) => {
    const start = first + place * HOUR_MS;
    return { x: start + HOUR_MS / 2, y: logs.get(start) ?? 0, start };
  });
}

export function hoursPainter(hours: Overview["logs_per_hour"]): Painter {
  const bars = everyHour(hours);
  const span = { from: (bars[0]?.x ?? 0) - HOUR_MS / 2, to: (bars.at(-1)?.x ?? 0) + HOUR_MS / 2 };
  return (look) => ({
    type: "bar",
    data: { datasets: [{ data: bars, backgroundColor: look.colour("kind-activity"), maxBarThickness: 24 }] },
    options: {
      scales: {
        x: timeAxis(span, look),
        y: { min: 0, grid: { color: look.line }, border: { color: look.strong }, ticks: { precision: 0, maxTicksLimit: 4, color: look.soft, callback: (value) => count(Number(value)) } },
      },
      plugins: {
        tooltip: {
          usePointStyle: false,
          displayColors: false,
          callbacks: {
            title: ([item]) => (item ? `${moment(new Date((item.raw as Bar).start).toISOString(), 0)} UTC and the hour after` : ""),
            label: (item) => `${count((item.raw as Bar).y)} logs`,
          },
        },
      },
    },
  });
}
