import type { Term, Triple } from "./term";

const LINE = /^\s*(<[^>]*>|_:\S+)\s+(<[^>]*>)\s+(<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)\s*\.\s*$/;

function unescape(text: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/gs, (_, code: string) => {
    if (code.length > 1) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    return { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" }[code] ?? code;
  });
}

export function readTerm(text: string): Term {
  if (text.startsWith("<")) return { kind: "iri", value: unescape(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { kind: "blank", value: text.slice(2) };
  const end = text.lastIndexOf('"');
  const term: Term = { kind: "literal", value: unescape(text.slice(1, end)) };
  const rest = text.slice(end + 1);
  if (rest.startsWith("@")) term.language = rest.slice(1);
  else if (rest.startsWith("^^<")) term.datatype = unescape(rest.slice(3, -1));
  return term;
}

/** Reads N-Triples as our server writes them, up to `limit` triples. Throws at a line that is none. */
export function readNTriples(text: string, limit = Number.POSITIVE_INFINITY): Triple[] {
  const triples: Triple[] = [];
  for (const line of text.split("\n")) {
    if (triples.length >= limit) break;
    if (line.trim() === "") continue;
    const parts = LINE.exec(line);
    if (!parts) throw new Error(`This line is no triple: ${line.slice(0, 200)}`);
    const [, subject = "", predicate = "", object = ""] = parts;
    triples.push({ subject: readTerm(subject), predicate: readTerm(predicate), object: readTerm(object) });
  }
  return triples;
}
