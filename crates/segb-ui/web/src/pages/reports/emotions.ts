/** The pictures of the emotion reports. */
import type { CategoryFigures, EmotionRow } from "../../api/reports";
import { barTexts } from "../../charts/barTexts";
import { clipped, type Painter } from "../../charts/look";
import { emotionMark, type Mark } from "../../charts/marks";
import { spanOf, timeAxis } from "../../charts/timeAxis";
import { readable } from "../../lib/number";
import { count, moment } from "../../lib/time";
import { millis } from "../timeline/scale";

/** More series than these nobody tells apart; the others are one. */
const SERIES_MAX = 9;
const NONE = "no category";
const OTHERS = "others";

export interface Point { x: number; y: number; row: EmotionRow }
export interface Series { key: string; name: string; mark: Mark; points: Point[] }

const keyOf = (category: EmotionRow["category"]): string => category?.iri ?? category?.label ?? "";

/** A series for each category, in the order of the distribution; rows without a time or an intensity are no points. */
export function seriesOf(rows: readonly EmotionRow[], distribution: readonly CategoryFigures[]): Series[] {
  const own = distribution.slice(0, distribution.length > SERIES_MAX ? SERIES_MAX - 1 : SERIES_MAX);
  const table = new Map<string, Series>(own.map(({ category }) => [keyOf(category), { key: keyOf(category), name: category?.label ?? NONE, mark: emotionMark(category?.label ?? null), points: [] }]));
  const others: Series = { key: OTHERS, name: OTHERS, mark: emotionMark(OTHERS), points: [] };
  for (const row of rows) {
    const x = millis(row.time);
    if (x === null || row.intensity === null || row.intensity === undefined) continue;
    (table.get(keyOf(row.category)) ?? others).points.push({ x, y: Math.min(1, Math.max(0, row.intensity)), row });
  }
  return [...table.values(), others].filter((series) => series.points.length > 0);
}

const LINE_MAX = 56;

/** All that is to be known about a point. */
export function told(row: EmotionRow): string[] {
  const text = row.triggers.find((trigger) => trigger.text)?.text;
  return [
    `${row.category?.label ?? NONE}, intensity ${readable(row.intensity)}${row.confidence === null || row.confidence === undefined ? "" : `, confidence ${readable(row.confidence)}`}`,
    `felt by ${row.target?.label ?? "nobody known"}, found by ${row.performer?.label ?? "nobody known"}`,
    ...(text ? [`“${text}”`] : []),
  ].map((line) => clipped(line, LINE_MAX));
}

/** Intensity over time. Many points are drawn smaller, and so that one sees through them. */
export function timePainter(series: readonly Series[]): Painter {
  const all = series.reduce((sum, one) => sum + one.points.length, 0);
  const radius = all > 2000 ? 2.5 : all > 400 ? 3.5 : 5;
  const fill = all > 400 ? "a8" : "";
  const span = spanOf(series.flatMap((one) => one.points.map((point) => point.x)));
  return (look) => ({
    type: "scatter",
    data: {
      datasets: series.map((one, place) => ({
        // What is frequent does not hide what is rare.
        order: -place,
        label: one.name, data: one.points, pointStyle: one.mark.style, pointRadius: radius, pointHoverRadius: radius + 2, pointHitRadius: 4,
        pointBackgroundColor: look.colour(one.mark.token) + fill, pointBorderColor: look.colour(one.mark.token) + fill, pointBorderWidth: all > 400 ? 1 : 1.5,
      })),
    },
    options: {
      parsing: false,
      scales: {
        ...(span && { x: timeAxis(span, look) }),
        y: { min: 0, max: 1, grace: 0, grid: { color: look.line }, border: { color: look.strong }, ticks: { stepSize: 0.25, color: look.soft, callback: String }, title: { display: true, text: "intensity", color: look.soft } },
      },
      // What is at the very top is drawn whole.
      clip: radius + 4,
      plugins: {
        tooltip: {
          callbacks: {
            title: ([item]) => (item ? `${moment((item.raw as Point).row.time)} UTC` : ""),
            label: (item) => told((item.raw as Point).row),
            footer: () => "Click to explain",
          },
        },
      },
    },
  });
}

/** Categories with a bar of their own. */
const BARS_MAX = 12;
const BAR_HEIGHT = 26;
const NAME_MAX = 18;

export interface Share { name: string; count: number; mean: number | null; mark: Mark }

/** The most frequent categories; how many more there are, the picture does not hide. */
export function sharesOf(distribution: readonly CategoryFigures[]): { shares: Share[]; more: number } {
  const shares = distribution.slice(0, BARS_MAX).map((one) => ({ name: one.category?.label ?? NONE, count: one.count, mean: one.mean_intensity ?? null, mark: emotionMark(one.category?.label ?? null) }));
  return { shares, more: distribution.length - shares.length };
}

export const sharesHeight = (shares: readonly Share[]): number => shares.length * BAR_HEIGHT + 28;

export function sharesPainter(shares: readonly Share[]): Painter {
  return (look) => ({
    type: "bar",
    data: {
      // Names may be alike; the places tell them apart.
      labels: shares.map((_share, place) => String(place)),
      datasets: [{ data: shares.map((share, place) => ({ x: share.count, y: String(place), share })), backgroundColor: shares.map((share) => look.colour(share.mark.token)), borderRadius: 3, barThickness: 12, minBarLength: 2 }],
    },
    options: {
      indexAxis: "y",
      layout: { padding: { right: 12 + 7 * count(shares[0]?.count ?? 0).length } },
      scales: {
        x: { min: 0, grid: { color: look.line }, border: { color: look.strong }, ticks: { precision: 0, maxTicksLimit: 4, color: look.soft, callback: (value) => count(Number(value)) } },
        y: { grid: { display: false }, border: { color: look.strong }, ticks: { autoSkip: false, color: look.text, callback: (value) => clipped(shares[Number(value)]?.name ?? "", NAME_MAX) } },
      },
      plugins: {
        tooltip: {
          usePointStyle: false,
          callbacks: {
            title: ([item]) => clipped(shares[item?.dataIndex ?? 0]?.name ?? "", LINE_MAX),
            label: (item) => {
              const share = shares[item.dataIndex];
              return share ? `${count(share.count)} ${share.count === 1 ? "time" : "times"}${share.mean === null ? "" : `, mean intensity ${readable(share.mean)}`}` : "";
            },
          },
        },
      },
    },
    plugins: [barTexts("behind", (_point, place) => count(shares[place]?.count ?? 0), look.text, look.font)],
  });
}
