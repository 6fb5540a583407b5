/** A resource of which links are drawn, and how many of them: what the address remembers of a drawing. */
export interface Expansion {
  iri: string;
  links: number;
}

/** The address holds so many; what is expanded beyond them is not in a link that is shared. */
const EXPANSIONS_MAX = 20;
/** Longer names make addresses that servers refuse. */
const IRI_MAX = 300;

/** Reads `60:https://robots.example/ari 120:urn:x`; entries without a number have as many links as one step. */
export function readExpansions(text: string, step: number): Expansion[] {
  return text.split(" ").filter(Boolean).map((entry) => {
    const [, links, iri] = /^(\d{1,6}):(.+)$/.exec(entry) ?? ["", String(step), entry];
    return { iri: iri ?? entry, links: Number(links) };
  });
}

export function writeExpansions(expansions: readonly Expansion[]): string {
  return expansions.filter(({ iri }) => iri.length <= IRI_MAX && !iri.includes(" ")).slice(-EXPANSIONS_MAX).map(({ iri, links }) => `${links}:${iri}`).join(" ");
}
