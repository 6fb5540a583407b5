import { positionIn, type Position } from "../../api/problem";
import type { ValidationIssue } from "../../api/types";
import { localName, prefixed } from "../../rdf/prefixes";

/**
 * Where an issue is. Syntax errors say so themselves; the others name a subject and a predicate, which are looked for in
 * the document: first the line of the predicate after that of the subject, else that of the subject.
 */
export function lineOf(issue: ValidationIssue, document: string): Position | null {
  const said = positionIn(issue.message);
  if (said) return said;
  if (!issue.focus_node) return null;
  const lines = document.split("\n");
  const subject = lines.findIndex((line) => mentions(line, issue.focus_node ?? "") && !line.trimStart().toLowerCase().startsWith("@prefix"));
  if (subject < 0) return null;
  const wanted = issue.predicate ?? "";
  if (wanted) {
    for (let index = subject; index < lines.length; index += 1) {
      const line = lines[index] ?? "";
      const column = columnOf(line, wanted);
      if (column >= 0) return { line: index + 1, column: column + 1 };
      // A statement ends with a dot at the end of its line, as serialisers write it.
      if (/\.\s*$/.test(line)) break;
    }
  }
  return { line: subject + 1, column: 1 };
}

function names(iri: string): string[] {
  const short = prefixed(iri);
  return [`<${iri}>`, ...(short ? [short] : []), `:${localName(iri)}`, ...(iri.endsWith("#type") ? [" a "] : [])];
}

function columnOf(line: string, iri: string): number {
  const places = names(iri).map((name) => line.indexOf(name)).filter((place) => place >= 0);
  return places.length > 0 ? Math.min(...places) : -1;
}

function mentions(line: string, node: string): boolean {
  return names(node).some((name) => line.includes(name)) || (node.startsWith("_:") && line.includes(node));
}
