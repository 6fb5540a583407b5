import { positionIn, type Position } from "../../api/problem";
import type { ValidationIssue } from "../../api/types";
import { statementsOf, type Statement } from "./statements";

/** Tells the line and column of an offset, counted from 1. */
function positions(document: string): (offset: number) => Position {
  const starts = [0];
  for (let end = document.indexOf("\n"); end >= 0; end = document.indexOf("\n", end + 1)) starts.push(end + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

export function isBlank(node: string | null | undefined): boolean {
  return node?.startsWith("_:") ?? false;
}

/**
 * Where the issues of a report are, or nothing where that cannot be told. Syntax errors say so themselves; the others name
 * a statement, or a subject alone. The server's names of blank nodes are not those of the document: of these, a statement
 * is found by its predicate and value, and of several that are the same, each issue gets one.
 */
export function placesOf(issues: readonly ValidationIssue[], document: string): (Position | null)[] {
  if (issues.every((issue) => !issue.focus_node)) return issues.map((issue) => positionIn(issue.message));
  const bySubject = new Map<string, Statement[]>();
  const ofBlankNodes = new Map<string, Statement[]>();
  const keyOf = (predicate: string, value: string) => `${predicate} ${isBlank(value) ? "_:" : value}`;
  for (const statement of statementsOf(document)) {
    const [table, key] = isBlank(statement.subject) ? [ofBlankNodes, keyOf(statement.predicate, statement.object)] as const : [bySubject, statement.subject] as const;
    const known = table.get(key);
    if (known) known.push(statement);
    else table.set(key, [statement]);
  }
  const at = positions(document);
  const taken = new Map<string, number>();
  /** Where a blank node begins, once the only statement that can be about it was found. */
  const nodes = new Map<string, number>();

  const found = issues.map((issue) => {
    const { focus_node: node, predicate, value } = issue;
    if (!node) return positionIn(issue.message);
    if (isBlank(node)) {
      if (!predicate) return null;
      const key = keyOf(predicate, value ?? "");
      const same = ofBlankNodes.get(key) ?? [];
      const statement = same[taken.get(key) ?? 0];
      if (!statement) return null;
      taken.set(key, (taken.get(key) ?? 0) + 1);
      if (same.length === 1) nodes.set(node, statement.subjectAt);
      return at(statement.objectAt);
    }
    const about = bySubject.get(node) ?? [];
    const same = predicate ? about.filter((statement) => statement.predicate === predicate) : [];
    const exact = same.find((statement) => statement.object === value);
    if (exact) return at(exact.objectAt);
    const first = same[0] ?? about[0];
    return first ? at(same[0] ? first.predicateAt : first.subjectAt) : null;
  });
  return found.map((place, index) => {
    const start = place ? undefined : nodes.get(issues[index]?.focus_node ?? "");
    return start === undefined ? place : at(start);
  });
}
