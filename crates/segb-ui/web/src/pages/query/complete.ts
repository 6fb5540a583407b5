import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { NAMESPACES, prefixed } from "../../rdf/prefixes";
import { vocabulary } from "../../rdf/vocabulary";

const KEYWORDS = (
  "SELECT DISTINCT WHERE CONSTRUCT ASK DESCRIBE PREFIX BASE FILTER OPTIONAL UNION MINUS GRAPH FROM NAMED VALUES BIND AS " +
  "GROUP ORDER BY ASC DESC LIMIT OFFSET HAVING COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT EXISTS NOT IN STR LANG " +
  "DATATYPE IRI BOUND COALESCE IF REGEX CONTAINS STRSTARTS STRENDS STRLEN LCASE UCASE REPLACE NOW YEAR MONTH DAY HOURS MINUTES isIRI isBlank isLiteral"
).split(" ");

/** Terms of the data by their prefixes, then variables of this query, then keywords. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const prefixLine = context.matchBefore(/prefix\s+[\w-]*$/i);
  if (prefixLine) {
    const from = prefixLine.from + (/\s[\w-]*$/.exec(prefixLine.text)?.index ?? 0) + 1;
    const options = Object.entries(NAMESPACES).map(([name, iri]) => ({ label: `${name}: <${iri}>`, type: "namespace" }));
    return { from, options };
  }
  const variable = context.matchBefore(/[?$]\w*/);
  if (variable) {
    const names = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
    names.delete(variable.text);
    return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
  }
  const word = context.matchBefore(/[\w-]+:?[\w.-]*/);
  if (!word && !context.explicit) return null;
  const known = await vocabulary();
  const terms: Completion[] = known.flatMap((term) => {
    const label = prefixed(term.iri);
    return label ? [{ label, detail: term.role === "class" ? "class" : "property", type: term.role, boost: 1, apply: applyWithPrefix }] : [];
  });
  const keywords: Completion[] = KEYWORDS.map((label) => ({ label, type: "keyword", boost: -1 }));
  return { from: word?.from ?? context.pos, options: [...terms, ...keywords], validFor: /^[\w-]+:?[\w.-]*$/ };
}

type Apply = Exclude<Completion["apply"], string | undefined>;

/** Puts the name in, and declares its prefix if the query does not yet. */
const applyWithPrefix: Apply = (view, completion, from, to) => {
  const prefix = completion.label.split(":")[0] ?? "";
  const text = view.state.doc.toString();
  const declared = new RegExp(`prefix\\s+${prefix}:`, "i").test(text);
  const changes = [{ from, to, insert: completion.label }];
  if (!declared) changes.unshift({ from: 0, to: 0, insert: `PREFIX ${prefix}: <${NAMESPACES[prefix] ?? ""}>\n` });
  const shift = declared ? 0 : (changes[0]?.insert.length ?? 0);
  view.dispatch({ changes, selection: { anchor: from + completion.label.length + shift } });
};
