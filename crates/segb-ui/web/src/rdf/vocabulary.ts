import { getJson } from "../api/client";
import { NAMESPACES } from "./prefixes";

export interface KnownTerm {
  iri: string;
  role: "class" | "property";
}

interface VocabularyInUse {
  classes: string[];
  properties: string[];
  prefixes: { prefix: string; iri: string }[];
}

let loaded: Promise<KnownTerm[]> | null = null;

/** The classes and properties that the data uses; asked for once. Nothing if it cannot be had: it only helps to type. */
export function vocabulary(): Promise<KnownTerm[]> {
  loaded ??= load().catch(() => {
    loaded = null;
    return [];
  });
  return loaded;
}

async function load(): Promise<KnownTerm[]> {
  const { classes, properties, prefixes } = await getJson<VocabularyInUse>("/graph/vocabulary");
  for (const { prefix, iri } of prefixes) {
    // Names that everybody knows keep their meaning; a prefix of the data may be anything, even an object's own word.
    if (prefix && !Object.hasOwn(NAMESPACES, prefix) && !Object.values(NAMESPACES).includes(iri)) NAMESPACES[prefix] = iri;
  }
  return [
    ...classes.map((iri) => ({ iri, role: "class" as const })),
    ...properties.map((iri) => ({ iri, role: "property" as const })),
  ];
}
