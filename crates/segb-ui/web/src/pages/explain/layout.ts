import type { CauseLink, Explanation, Step } from "../../api/reports";

/** ISO times of the server compare as texts: all are UTC and have six digits of a second. */
type Moment = string;
interface Span {
  from: Moment;
  to: Moment;
}

function spanOf(step: Step): Span | null {
  const from = step.start ?? step.end;
  if (!from) return null;
  // What ends before it starts is odd, and said to be so; here it has no length.
  return { from, to: step.end && step.end > from ? step.end : from };
}

/** Where in time a step belongs: where it started or else ended, or after the last of what led to it. Nothing places some. */
export function momentsOf({ steps, links }: Pick<Explanation, "steps" | "links">): Map<string, Moment> {
  const moments = new Map<string, Moment>();
  for (const step of steps) {
    const span = spanOf(step);
    if (span) moments.set(step.id, span.from);
  }
  // Each round places at least one more, or is the last.
  for (;;) {
    const found = new Map<string, Moment>();
    for (const { cause, effect } of links) {
      const moment = moments.get(cause);
      if (moment === undefined || moments.has(effect)) continue;
      if (moment > (found.get(effect) ?? "")) found.set(effect, moment);
    }
    if (found.size === 0) return moments;
    for (const [id, moment] of found) moments.set(id, moment);
  }
}

/** Steps so that each comes after what led to it and after what was before it. Circles are cut at their first member. */
function inOrder(steps: readonly Step[], causes: Map<string, string[]>, moments: Map<string, Moment>): Step[] {
  const rest = steps.map((step, place) => ({ step, place, moment: moments.get(step.id) ?? "" }));
  rest.sort((a, b) => (a.moment === b.moment ? a.place - b.place : a.moment < b.moment ? -1 : 1));
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (rest.length > 0) {
    // Of one moment only, so that a circle does not hold up what comes before the rest.
    const ready = rest.findIndex(({ step, moment }) => moment === rest[0]?.moment && (causes.get(step.id) ?? []).every((cause) => done.has(cause)));
    const [next] = rest.splice(Math.max(0, ready), 1);
    if (!next) break;
    done.add(next.step.id);
    ordered.push(next.step);
  }
  return ordered;
}

/**
 * Columns from left to right in time. A step stands right of every step that was over before it started, never left of one
 * that started earlier, and right of what led to it; what happened at one time may share a column. Time is stronger than
 * causes: an effect that is said to be before its cause stands left of it, where everybody sees that something is odd.
 * Steps without a time go by their causes; those that have neither stand left of the first step they have a part in.
 */
export function columnsOf({ steps, links }: Pick<Explanation, "steps" | "links">): Map<string, number> {
  const known = new Set(steps.map((step) => step.id));
  const moments = momentsOf({ steps, links: links.filter((link) => known.has(link.cause) && known.has(link.effect)) });
  const onward = (link: CauseLink): boolean =>
    known.has(link.cause) && known.has(link.effect) && link.cause !== link.effect && (moments.get(link.cause) ?? "") <= (moments.get(link.effect) ?? "");
  const causes = new Map<string, string[]>();
  const effects = new Map<string, string[]>();
  for (const link of links.filter(onward)) {
    causes.set(link.effect, [...(causes.get(link.effect) ?? []), link.cause]);
    effects.set(link.cause, [...(effects.get(link.cause) ?? []), link.effect]);
  }
  const ordered = inOrder(steps, causes, moments);
  const columns = new Map<string, number>();
  const timed: { span: Span; column: number }[] = [];
  for (const step of ordered) {
    let column = 0;
    for (const cause of causes.get(step.id) ?? []) column = Math.max(column, (columns.get(cause) ?? -1) + 1);
    const span = spanOf(step);
    if (span) {
      for (const before of timed) {
        if (before.span.from < span.from) column = Math.max(column, before.column + (before.span.to <= span.from ? 1 : 0));
      }
      timed.push({ span, column });
    }
    columns.set(step.id, column);
  }
  // What nothing places in time is drawn close to what it has a part in.
  for (const step of ordered.toReversed()) {
    if (moments.has(step.id)) continue;
    const first = Math.min(...(effects.get(step.id) ?? []).map((effect) => columns.get(effect) ?? 0));
    if (Number.isFinite(first)) columns.set(step.id, Math.max(columns.get(step.id) ?? 0, first - 1));
  }
  const used = [...new Set(columns.values())].sort((a, b) => a - b);
  return new Map([...columns].map(([id, column]) => [id, used.indexOf(column)]));
}
