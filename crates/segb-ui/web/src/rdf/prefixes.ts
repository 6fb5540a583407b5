import { shallowReactive } from "vue";

/** The namespaces of the vocabularies that SEGB logs are written in (docs/api.md); data may bring more. */
export const NAMESPACES: Record<string, string> = shallowReactive<Record<string, string>>({
  segb: "http://www.gsi.upm.es/ontologies/segb/ns#",
  onyx: "http://www.gsi.upm.es/ontologies/onyx/ns#",
  emoml: "http://www.gsi.upm.es/ontologies/onyx/vocabularies/emotionml/ns#",
  oro: "http://kb.openrobots.org#",
  prov: "http://www.w3.org/ns/prov#",
  mls: "http://www.w3.org/ns/mls#",
  sosa: "http://www.w3.org/ns/sosa/",
  oa: "http://www.w3.org/ns/oa#",
  schema: "http://schema.org/",
  foaf: "http://xmlns.com/foaf/0.1/",
  amor: "http://www.gsi.upm.es/ontologies/amor/ns#",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
});

const LOCAL = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** The IRI by its prefix, or nothing if none fits. */
export function prefixed(iri: string): string | null {
  let best: string | null = null;
  let length = 0;
  for (const [prefix, namespace] of Object.entries(NAMESPACES)) {
    if (namespace.length > length && iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) {
      best = `${prefix}:${iri.slice(namespace.length)}`;
      length = namespace.length;
    }
  }
  return best;
}

/** Short enough to be read in a table; the whole is in the title. */
export function shorten(iri: string): string {
  const name = prefixed(iri);
  if (name) return name;
  if (!/^https?:/i.test(iri)) return iri;
  const parts = iri.replace(/\/$/, "").split("/");
  return parts.length > 4 ? `…/${parts.slice(-2).join("/")}` : iri;
}

/** What comes after the last `#`, `/` or `:`. */
export function localName(iri: string): string {
  return iri.replace(/[#/]$/, "").split(/[#/:]/).pop() || iri;
}

/** The IRI of a prefixed name, or nothing. */
export function expand(name: string): string | null {
  const [prefix = "", local] = name.split(/:(.*)/s);
  const namespace = NAMESPACES[prefix];
  return namespace !== undefined && local !== undefined && !local.startsWith("//") ? namespace + local : null;
}
