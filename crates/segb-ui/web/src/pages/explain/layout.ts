import type { Explanation, Step } from "../../api/reports";

export interface PlacedStep {
  step: Step;
  column: number;
  row: number;
}

/**
 * Columns from left to right in time: a step stands at least one column right of what caused it, and never left of what
 * happened before it in its column's time. Circles are cut where the walk meets itself.
 */
export function columnsOf(explanation: Explanation): { placed: PlacedStep[]; columns: number; rows: number } {
  const causes = new Map<string, string[]>();
  for (const { cause, effect } of explanation.links) causes.set(effect, [...(causes.get(effect) ?? []), cause]);
  const known = new Set(explanation.steps.map((step) => step.id));
  const column = new Map<string, number>();
  // Steps come in the order of time, so that most causes are placed before their effects; a few rounds settle the rest.
  for (const step of explanation.steps) column.set(step.id, 0);
  for (let round = 0; round < Math.min(explanation.steps.length, 60); round += 1) {
    let changed = false;
    for (const step of explanation.steps) {
      const wanted = (causes.get(step.id) ?? []).filter((cause) => known.has(cause) && cause !== step.id).reduce((most, cause) => Math.max(most, (column.get(cause) ?? 0) + 1), 0);
      const limited = Math.min(wanted, explanation.steps.length);
      if (limited > (column.get(step.id) ?? 0)) {
        column.set(step.id, limited);
        changed = true;
      }
    }
    if (!changed) break;
  }
  // Circles push their members apart for ever; what is left are gaps between columns, which say nothing.
  const used = [...new Set(column.values())].sort((a, b) => a - b);
  const rank = new Map(used.map((value, place) => [value, place]));
  const filled = new Map<number, number>();
  const placed = explanation.steps.map((step) => {
    const place = rank.get(column.get(step.id) ?? 0) ?? 0;
    const row = filled.get(place) ?? 0;
    filled.set(place, row + 1);
    return { step, column: place, row };
  });
  return { placed, columns: used.length, rows: Math.max(1, ...filled.values()) };
}
