import type { components } from "../../api/schema";

type Assertions = components["schemas"]["Assertions"];

/** A log that says a triple. */
export interface Source {
  id: string;
  actor: string;
  at: string;
  isErased: boolean;
}

/** A term as N-Triples write it, read back as far as it is needed to compare: the IRI, `_:` and label, or the text. */
export function plainOf(term: string): string {
  if (term.startsWith("<")) return term.slice(1, -1);
  if (!term.startsWith('"')) return term;
  const text = /^"((?:[^"\\]|\\.)*)"/s.exec(term)?.[1] ?? term;
  const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs, (_, short?: string, long?: string, one?: string) => (one ? (escapes[one] ?? one) : String.fromCodePoint(Number.parseInt(short ?? long ?? "", 16))));
}

/** Names a triple by its three plain terms. */
export function keyOf(subject: string, predicate: string, object: string): string {
  return JSON.stringify([subject, predicate, object]);
}

/** Which logs say each triple, in the order in which they were received. */
export function sourcesOf(answers: readonly Assertions[]): Map<string, Source[]> {
  const table = new Map<string, Source[]>();
  for (const { subject, predicate, object, log } of answers.flatMap((answer) => answer.assertions)) {
    const key = keyOf(plainOf(subject), plainOf(predicate), plainOf(object));
    const sources = table.get(key) ?? [];
    if (!sources.some((one) => one.id === log.log_id)) sources.push({ id: log.log_id, actor: log.actor, at: log.received_at, isErased: Boolean(log.erasure) });
    table.set(key, sources);
  }
  return table;
}
