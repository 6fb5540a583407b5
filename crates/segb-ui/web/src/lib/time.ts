/** Times as auditors need them: UTC, to the digit that matters, never the time zone of the reader without saying so. */

const MICROSECONDS = /T\d{2}:\d{2}:\d{2}\.(\d+)/;

/** `2026-01-31 10:00:00.123` of an ISO time; the text itself if it is none. */
export function moment(iso: string | null | undefined, digits = 3): string {
  if (!iso) return "–";
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const text = new Date(time).toISOString();
  const fraction = (MICROSECONDS.exec(iso)?.[1] ?? "").padEnd(6, "0").slice(0, digits);
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${digits > 0 ? `.${fraction}` : ""}`;
}

/** `10:00:00.123` */
export function clock(iso: string | null | undefined, digits = 3): string {
  const text = moment(iso, digits);
  return text.length > 11 ? text.slice(11) : text;
}

/** `1 h 5 min`, `3.2 s`, `12 ms` */
export function duration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min ${Math.round(s % 60)} s`;
  const h = Math.floor(min / 60);
  if (h < 48) return `${h} h ${min % 60} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

/** `3 min ago`; for orientation beside an exact time. */
export function ago(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  if (Number.isNaN(ms)) return "";
  if (Math.abs(ms) < 2000) return "now";
  return ms > 0 ? `${duration(ms)} ago` : `in ${duration(ms)}`;
}

/** `12.3 kB` */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 234 567`, with narrow spaces. */
export function count(number: number): string {
  return number.toString().replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** What the browser's field for a time gives has no zone; it is meant in UTC, and is written so for requests. */
export function inUtc(local: string): string {
  if (!local || /Z|[+-]\d\d:\d\d$/.test(local)) return local;
  return `${local.length === 16 ? `${local}:00` : local}Z`;
}

/** The other way: a time of the address as such a field can show it. */
export function shownInField(time: string): string {
  if (!/(Z|[+-]\d\d:\d\d)$/.test(time)) return time;
  const moment = Date.parse(time);
  return Number.isNaN(moment) ? time : new Date(moment).toISOString().replace(/(\.000)?Z$/, "");
}
