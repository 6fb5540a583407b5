/** An RDF term as answers carry it. */
export interface Term {
  kind: "iri" | "blank" | "literal";
  /** The IRI, the label of the blank node without `_:`, or the text. */
  value: string;
  datatype?: string;
  language?: string;
}

export interface Triple {
  subject: Term;
  predicate: Term;
  object: Term;
}

export const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const XSD = "http://www.w3.org/2001/XMLSchema#";

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The term as N-Triples write it, which is also how it is named in requests. */
export function toNTriples(term: Term): string {
  if (term.kind === "iri") return `<${term.value}>`;
  if (term.kind === "blank") return `_:${term.value}`;
  const text = `"${term.value.replace(/[\\"\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
  if (term.language) return `${text}@${term.language}`;
  return term.datatype && term.datatype !== `${XSD}string` ? `${text}^^<${term.datatype}>` : text;
}

/** A resource as parameters name it: an IRI bare, a blank node with `_:`. */
export function resourceName(term: Term): string {
  return term.kind === "blank" ? `_:${term.value}` : term.value;
}

/** Whether an IRI may be followed: only what a browser opens without running it. */
export function isWebAddress(iri: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(iri);
}

/** A binding of the SPARQL 1.1 Query Results JSON Format, section 3.2.2. */
export interface Binding {
  type: "uri" | "literal" | "typed-literal" | "bnode";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

export function fromBinding(binding: Binding): Term {
  if (binding.type === "uri") return { kind: "iri", value: binding.value };
  if (binding.type === "bnode") return { kind: "blank", value: binding.value };
  const term: Term = { kind: "literal", value: binding.value };
  if (binding["xml:lang"]) term.language = binding["xml:lang"];
  else if (binding.datatype) term.datatype = binding.datatype;
  return term;
}

export interface Solutions {
  variables: string[];
  rows: Record<string, Term>[];
}

export function readSolutions(json: { head: { vars?: string[] }; results?: { bindings: Record<string, Binding>[] } }): Solutions {
  const rows = (json.results?.bindings ?? []).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, binding]) => [name, fromBinding(binding)])),
  );
  return { variables: json.head.vars ?? [], rows };
}
