/** A statement of a Turtle document and where its three names begin, as offsets into the text. */
export interface Statement {
  /** An IRI, or a name that begins with `_:` and means nothing elsewhere. */
  subject: string;
  predicate: string;
  /** As for the subject; of a literal, its text. */
  object: string;
  subjectAt: number;
  predicateAt: number;
  objectAt: number;
}

interface Token {
  kind: "string" | "iri" | "blank" | "name" | "word" | "number" | "mark";
  text: string;
  at: number;
}

const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LOCAL = String.raw`[\p{L}\p{M}\p{N}_:·-]|%[\da-fA-F]{2}|\\[^\p{L}\p{N}\s]`;
const KINDS: Record<Token["kind"], string> = {
  string: [
    String.raw`"""[^"\\]*(?:(?:\\[^]|""?(?!"))[^"\\]*)*"""`, String.raw`'''[^'\\]*(?:(?:\\[^]|''?(?!'))[^'\\]*)*'''`,
    String.raw`"(?:[^"\\\n]|\\.)*"`, String.raw`'(?:[^'\\\n]|\\.)*'`,
  ].join("|"),
  iri: String.raw`<[^<>\s]*>`,
  blank: String.raw`_:[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_·-]|\.+(?=[\p{L}\p{M}\p{N}_·-]))*`,
  name: String.raw`(?:\p{L}(?:[\p{L}\p{M}\p{N}_·-]|\.+(?=[\p{L}\p{M}\p{N}_·-]))*)?:(?:${LOCAL}|\.+(?=${LOCAL}))*`,
  word: String.raw`@?\p{L}[\p{L}\p{N}-]*`,
  number: String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`,
  mark: String.raw`\^\^|[\[\]();,.]`,
};
/** What is left between tokens are spaces, comments, and what is no Turtle. */
const TOKEN = new RegExp(`#[^\\n]*|${Object.entries(KINDS).map(([kind, pattern]) => `(?<${kind}>${pattern})`).join("|")}`, "gu");

function* tokensOf(document: string): Generator<Token> {
  for (const found of document.matchAll(TOKEN)) {
    for (const kind of Object.keys(KINDS) as Token["kind"][]) {
      if (found.groups?.[kind] !== undefined) yield { kind, text: found[0], at: found.index };
    }
  }
}

const ESCAPES: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]))/g, (all, short?: string, long?: string, one?: string) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    if (one !== undefined) return ESCAPES[one] ?? one;
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function literalOf(text: string): string {
  const quotes = text.startsWith('"""') || text.startsWith("'''") ? 3 : 1;
  return unescaped(text.slice(quotes, -quotes));
}

/** What is being said at one depth of brackets. */
interface Frame {
  subject?: string;
  subjectAt: number;
  predicate?: string | undefined;
  predicateAt: number;
  isList: boolean;
}

/**
 * The statements of a document, to find the places that a report is about. It is no parser: the server judges, and what is
 * no Turtle is passed over here. The members of lists are left out, since no rule is about them.
 */
export function* statementsOf(document: string): Generator<Statement> {
  const prefixes = new Map<string, string>();
  let base = "";
  let unnamed = 0;
  let stack: Frame[] = [{ subjectAt: 0, predicateAt: 0, isList: false }];
  const tokens = tokensOf(document);

  const resolved = (text: string): string => {
    const iri = unescaped(text.slice(1, -1));
    return base !== "" && !/^[a-z][a-z\d+.-]*:/i.test(iri) && URL.canParse(iri, base) ? new URL(iri, base).href : iri;
  };
  const valueOf = ({ kind, text }: Token): string => {
    if (kind === "string") return literalOf(text);
    if (kind === "iri") return resolved(text);
    if (kind !== "name") return text === "a" ? TYPE : text;
    const colon = text.indexOf(":");
    return (prefixes.get(text.slice(0, colon)) ?? `${text.slice(0, colon)}:`) + text.slice(colon + 1).replaceAll("\\", "");
  };
  function* say(value: string, at: number): Generator<Statement> {
    const frame = stack.at(-1);
    if (!frame || frame.isList) return;
    if (frame.subject === undefined) Object.assign(frame, { subject: value, subjectAt: at });
    else if (frame.predicate === undefined) Object.assign(frame, { predicate: value, predicateAt: at });
    else yield { subject: frame.subject, predicate: frame.predicate, object: value, subjectAt: frame.subjectAt, predicateAt: frame.predicateAt, objectAt: at };
  }

  for (const token of tokens) {
    const { kind, text, at } = token;
    const keyword = kind === "word" ? text.toLowerCase() : "";
    if (/^@?prefix$/.test(keyword)) {
      const name = tokens.next().value?.text ?? "";
      prefixes.set(name.replace(/:$/, ""), resolved(tokens.next().value?.text ?? "<>"));
    } else if (/^@?base$/.test(keyword)) base = resolved(tokens.next().value?.text ?? "<>");
    else if (keyword.startsWith("@")) continue;
    else if (text === "^^") tokens.next();
    else if (text === ".") stack = [{ subjectAt: 0, predicateAt: 0, isList: false }];
    else if (text === ";") Object.assign(stack.at(-1) ?? {}, { predicate: undefined });
    else if (text === "[" || text === "(") {
      const node = `_:[${(unnamed += 1)}]`;
      yield* say(node, at);
      stack.push({ subject: node, subjectAt: at, predicateAt: at, isList: text === "(" });
    } else if (text === "]" || text === ")") {
      if (stack.length > 1) stack.pop();
    } else if (text !== ",") yield* say(valueOf(token), at);
  }
}
