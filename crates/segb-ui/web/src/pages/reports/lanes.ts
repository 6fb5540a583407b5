/** Where robots were and how full their batteries, as lanes of one picture. */
import type { Displacement, Resource, RobotState } from "../../api/reports";
import { barTexts } from "../../charts/barTexts";
import { clipped, type Painter } from "../../charts/look";
import { spanOf, timeAxis } from "../../charts/timeAxis";
import { readable } from "../../lib/number";
import { duration, moment } from "../../lib/time";
import { fullName, type Endings } from "../../rdf/names";
import { millis } from "../timeline/scale";

/** From the first sample at a place to the first one at another, or the last one that there is; it was there for sure until `known`. */
export interface Stay { from: number; known: number; to: number; key: string; label: string; state: string | null; since: string; until: string; isLast: boolean }
export interface Charge { at: number; percent: number; time: string; state: string | null }
export interface Lane { name: string; stays: Stay[]; charges: Charge[] }

const BATTERY = /battery/i;
const keyOf = (resource: Resource): string => resource.iri ?? resource.label;

/** The states of each robot, which are in the order of time. */
export function lanesOfStates(rows: readonly RobotState[], endings: Endings): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const row of rows) {
    const at = millis(row.time);
    if (at === null || !row.time) continue;
    const lane = lanes.get(keyOf(row.robot)) ?? { name: fullName(row.robot, endings), stays: [], charges: [] };
    lanes.set(keyOf(row.robot), lane);
    const state = row.state.iri ?? null;
    const percent = batteryOf(row);
    if (percent !== null) lane.charges.push({ at, percent, time: row.time, state });
    const last = lane.stays.at(-1);
    // A state that says nothing about the place does not end a stay.
    if (last && row.location) {
      const isThere = last.key === keyOf(row.location);
      Object.assign(last, { to: at, until: row.time, isLast: isThere, ...(isThere && { known: at }) });
    }
    if (row.location && last?.key !== keyOf(row.location)) {
      lane.stays.push({ from: at, known: at, to: at, key: keyOf(row.location), label: row.location.label, state, since: row.time, until: row.time, isLast: true });
    }
  }
  return [...lanes.values()];
}

/** Percent, of a property that may be a fraction. */
function batteryOf(row: RobotState): number | null {
  const battery = row.properties.find((property) => BATTERY.test(property.name) && typeof property.number === "number");
  if (typeof battery?.number !== "number") return null;
  const isFraction = battery.unit !== "PERCENT" && Math.abs(battery.number) <= 1;
  return Math.min(100, Math.max(0, isFraction ? battery.number * 100 : battery.number));
}

export function lanesOfPaths(rows: readonly Displacement[], endings: Endings): Lane[] {
  return rows.map((row) => ({
    name: fullName(row.robot, endings),
    charges: [],
    stays: row.path.flatMap((stay, place) => {
      const from = millis(stay.first_time);
      const next = row.path[place + 1];
      const until = next?.first_time ?? stay.last_time;
      const to = millis(until);
      return from === null || to === null ? [] : [{ from, known: millis(stay.last_time) ?? from, to, key: keyOf(stay.location), label: stay.location.label, state: stay.state ?? null, since: stay.first_time, until, isLast: !next }];
    }),
  }));
}

/** More lanes than these are no picture. */
export const LANES_MAX = 24;
const BAR = 20;
const CHARGE_HEIGHT = 40;
const NAME_MAX = 22;
const PLACE_TOKENS = ["kind-robot", "kind-human", "kind-message", "kind-state", "kind-event", "kind-model", "kind-emotion", "kind-activity"];

/** `isSure`: somebody saw it there before and after; else it was seen elsewhere next. */
interface StayPoint { x: [number, number]; y: number; stay: Stay; isSure: boolean }
interface ChargePoint { x: number; y: number; charge: Charge }

const hasCharges = (lanes: readonly Lane[]): boolean => lanes.some((lane) => lane.charges.length > 0);
const laneHeight = (lanes: readonly Lane[]): number => BAR + 16 + (hasCharges(lanes) ? CHARGE_HEIGHT : 0);
export const lanesHeight = (lanes: readonly Lane[]): number => lanes.length * laneHeight(lanes) + 52;

/** The bars of a stay: what is sure, and what may have been. */
function barsOf(stay: Stay): Pick<StayPoint, "x" | "stay" | "isSure">[] {
  const sure = { x: [stay.from, stay.known] as [number, number], stay, isSure: true };
  return stay.to > stay.known ? [sure, { x: [stay.known, stay.to], stay, isSure: false }] : [sure];
}

/** What a click on a lane leads to. */
export function stateAt(lanes: readonly Lane[], series: number, place: number): string | null {
  if (series === 0) return lanes.flatMap((lane) => lane.stays.flatMap(barsOf))[place]?.stay.state ?? null;
  return lanes[series - 1]?.charges[place]?.state ?? null;
}

export function lanesPainter(lanes: readonly Lane[]): Painter {
  const height = laneHeight(lanes);
  const middleOfBar = 1 - (BAR / 2 + 7) / height;
  const floor = 1 - (BAR + 13) / height;
  const ceiling = 7 / height;
  const stays = lanes.flatMap((lane, place) => lane.stays.flatMap(barsOf).map((bar): StayPoint => ({ ...bar, y: place + middleOfBar })));
  const charges = lanes.map((lane, place) => lane.charges.map((charge): ChargePoint => ({ x: charge.at, y: place + floor - (charge.percent / 100) * (floor - ceiling), charge })));
  const span = spanOf([...stays.flatMap((stay) => stay.x), ...charges.flatMap((points) => points.map((point) => point.x))]);
  const places = [...new Set(stays.map(({ stay }) => stay.key))];
  const token = (stay: Stay): string => PLACE_TOKENS[places.indexOf(stay.key) % PLACE_TOKENS.length] ?? "kind-other";
  return (look) => ({
    type: "bar",
    data: {
      datasets: [
        { type: "bar", data: stays, grouped: false, barThickness: BAR, minBarLength: 4, borderWidth: 1, borderSkipped: false, borderRadius: 3, backgroundColor: stays.map(({ stay, isSure }) => (isSure ? look.tint(token(stay)) : "transparent")), borderColor: stays.map(({ stay, isSure }) => (isSure ? look.colour(token(stay)) : look.tint(token(stay)))) },
        ...charges.map((points) => ({
          type: "line" as const, data: points, indexAxis: "x" as const, borderColor: look.soft, borderWidth: 1.5, pointBackgroundColor: look.soft, pointBorderColor: look.soft, pointHitRadius: 4,
          pointRadius: points.length > 200 ? 1.5 : 3, pointHoverRadius: 5, tension: 0,
        })),
      ],
    },
    options: {
      indexAxis: "y",
      scales: {
        ...(span && { x: timeAxis(span, look) }),
        y: {
          type: "linear", min: 0, max: Math.max(1, lanes.length), reverse: true, offset: false, border: { color: look.strong },
          afterBuildTicks: (scale) => {
            // Lines between the lanes, names in their middles.
            scale.ticks = lanes.flatMap((_lane, place) => [{ value: place }, { value: place + 0.5 }]);
          },
          // Chart.js also asks for no tick in particular.
          grid: { color: (context) => (Number.isInteger(context.tick?.value) ? look.line : "transparent"), drawTicks: false, offset: false },
          ticks: { autoSkip: false, padding: 8, color: look.text, callback: (value) => (Number.isInteger(value) ? "" : clipped(lanes[Math.floor(Number(value))]?.name ?? "", NAME_MAX)) },
        },
      },
      plugins: {
        tooltip: {
          usePointStyle: false,
          displayColors: false,
          callbacks: {
            title: ([item]) => (item ? titleOf(item.raw as StayPoint | ChargePoint) : ""),
            label: (item) => linesOf(item.raw as StayPoint | ChargePoint),
            footer: () => "Click to explain",
          },
        },
      },
    },
    plugins: [barTexts("inside", (point) => (isNamed(point as StayPoint) ? clipped((point as StayPoint).stay.label, 60) : ""), look.text, look.font)],
  });
}

/** The name stands on the longer part. */
function isNamed({ stay, isSure }: StayPoint): boolean {
  return isSure === (stay.known - stay.from >= stay.to - stay.known);
}

function titleOf(point: StayPoint | ChargePoint): string {
  return "stay" in point ? clipped(point.stay.label, 56) : `${moment(point.charge.time)} UTC`;
}

function linesOf(point: StayPoint | ChargePoint): string[] {
  if ("charge" in point) return [`battery ${readable(point.charge.percent)} %`];
  const { since, until, from, to, isLast } = point.stay;
  if (from === to) return [`at ${moment(since)} UTC, one sample`];
  const sure = `from ${moment(since)} UTC, for ${duration(point.stay.known - from)} for sure`;
  return [sure, `${isLast ? "last seen there" : "seen elsewhere"} at ${moment(until)} UTC`];
}
