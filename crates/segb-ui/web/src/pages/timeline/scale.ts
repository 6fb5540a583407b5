/** Time in milliseconds since 1970, with fractions: a double holds microseconds of this century. */
export interface Span {
  from: number;
  to: number;
}

/** The milliseconds of an ISO time to the microsecond; null if it is none. A time without zone is taken as UTC. */
export function millis(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(iso) ? iso : `${iso}${iso.includes("T") ? "Z" : "T00:00:00Z"}`;
  const fraction = /\.(\d+)/.exec(zoned)?.[1] ?? "";
  const whole = Date.parse(zoned.replace(/\.\d+/, ""));
  return Number.isNaN(whole) ? null : whole + Number(`0.${fraction.slice(0, 6) || "0"}`) * 1000;
}

/** `2026-01-31T10:00:00.123456Z` of milliseconds since 1970. */
export function isoOf(ms: number): string {
  const whole = Math.floor(ms / 1000) * 1000;
  return `${new Date(whole).toISOString().slice(0, 19)}.${((ms - whole) / 1000).toFixed(6).slice(2)}Z`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between marks that people can read. */
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500,
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY,
];

export interface Tick {
  at: number;
  label: string;
  /** Whether a new day, or second at fine scales, begins. */
  major: boolean;
}

/** Marks for a span, at least `gap` pixels apart. */
export function ticks(span: Span, width: number, gap = 90): Tick[] {
  const perPixel = (span.to - span.from) / Math.max(1, width);
  const step = STEPS.find((one) => one / perPixel >= gap) ?? 365 * DAY;
  const marks: Tick[] = [];
  const first = Math.ceil(span.from / step);
  for (let place = first; place * step <= span.to && marks.length < 400; place += 1) {
    const at = place * step;
    const major = step >= DAY ? true : step >= SECOND ? at % DAY === 0 : Math.abs(at % SECOND) < step / 2;
    marks.push({ at, label: label(at, step), major });
  }
  return marks;
}

function label(at: number, step: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  if (step >= DAY) return iso.slice(0, 10);
  if (at % DAY === 0) return iso.slice(0, 10);
  if (step >= MINUTE) return iso.slice(11, 16);
  if (step >= SECOND) return iso.slice(11, 19);
  const digits = step >= 100 ? 1 : step >= 10 ? 2 : step >= 1 ? 3 : 6;
  const fraction = (at - Math.floor(at / SECOND) * SECOND) / SECOND;
  return `${iso.slice(11, 19)}${fraction.toFixed(digits).slice(1)}`;
}

/** The span after zooming by a factor around a moment; never smaller than 10 µs or larger than `limit` allows. */
export function zoomed(span: Span, around: number, factor: number, limit: Span): Span {
  const widest = Math.max((limit.to - limit.from) * 1.2, 1);
  const width = Math.min(Math.max((span.to - span.from) * factor, 0.01), widest);
  const share = (around - span.from) / (span.to - span.from);
  return clamped({ from: around - share * width, to: around + (1 - share) * width }, limit);
}

/** Keeps some of the data in sight. */
export function clamped(span: Span, limit: Span): Span {
  const width = span.to - span.from;
  const margin = width * 0.5;
  const from = Math.min(Math.max(span.from, limit.from - margin), limit.to + margin - width);
  return { from, to: from + width };
}
