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
  text: string;
  at: number;
}

const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LETTER = String.raw`[\p{L}\p{M}\p{N}_·-]`;
const LOCAL = String.raw`[\p{L}\p{M}\p{N}_:·-]|%[\da-fA-F]{2}|\\[^\p{L}\p{N}\s]`;
/** What is left between tokens is space, and what is no Turtle. */
const TOKEN = new RegExp([
  String.raw`#[^\n]*`,
  String.raw`"""[^"\\]*(?:(?:\\[^]|""?(?!"))[^"\\]*)*"""`, String.raw`'''[^'\\]*(?:(?:\\[^]|''?(?!'))[^'\\]*)*'''`,
  String.raw`"(?:[^"\\\n]|\\.)*"`, String.raw`'(?:[^'\\\n]|\\.)*'`,
  String.raw`<[^<>\s]*>`,
  // Blank nodes, names with a prefix, words of the language. A name may have dots, but does not end with one.
  String.raw`_:${LETTER}(?:${LETTER}|\.+(?=${LETTER}))*`,
  String.raw`(?:\p{L}(?:${LETTER}|\.+(?=${LETTER}))*)?:(?:${LOCAL}|\.+(?=${LOCAL}))*`,
  String.raw`@?\p{L}[\p{L}\p{N}-]*`,
  String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`,
  String.raw`\^\^|[\[\]();,.]`,
].join("|"), "gu");

function* tokensOf(document: string): Generator<Token> {
  for (const found of document.matchAll(TOKEN)) {
    if (!found[0].startsWith("#")) yield { text: found[0], at: found.index };
  }
}

const ESCAPES: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
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
  const valueOf = (text: string): string => {
    if (text.startsWith('"') || text.startsWith("'")) return literalOf(text);
    if (text.startsWith("<")) return resolved(text);
    const colon = text.indexOf(":");
    if (colon < 0) return text === "a" ? TYPE : text;
    const prefix = text.slice(0, colon);
    return prefix === "_" ? text : (prefixes.get(prefix) ?? `${prefix}:`) + text.slice(colon + 1).replaceAll("\\", "");
  };
  function* say(value: string, at: number): Generator<Statement> {
    const frame = stack.at(-1);
    if (!frame || frame.isList) return;
    if (frame.subject === undefined) Object.assign(frame, { subject: value, subjectAt: at });
    else if (frame.predicate === undefined) Object.assign(frame, { predicate: value, predicateAt: at });
    else yield { subject: frame.subject, predicate: frame.predicate, object: value, subjectAt: frame.subjectAt, predicateAt: frame.predicateAt, objectAt: at };
  }

  for (const { text, at } of tokens) {
    const keyword = /^@?(?:prefix|base)$/i.test(text) ? text.toLowerCase().replace("@", "") : "";
    if (keyword === "prefix") {
      const name = tokens.next().value?.text ?? "";
      prefixes.set(name.replace(/:$/, ""), resolved(tokens.next().value?.text ?? "<>"));
    } else if (keyword === "base") base = resolved(tokens.next().value?.text ?? "<>");
    else if (text.startsWith("@")) continue;
    else if (text === "^^") tokens.next();
    else if (text === ".") stack = [{ subjectAt: 0, predicateAt: 0, isList: false }];
    else if (text === ";") Object.assign(stack.at(-1) ?? {}, { predicate: undefined });
    else if (text === "[" || text === "(") {
      const node = `_:[${(unnamed += 1)}]`;
      yield* say(node, at);
      stack.push({ subject: node, subjectAt: at, predicateAt: at, isList: text === "(" });
    } else if (text === "]" || text === ")") {
      if (stack.length > 1) stack.pop();
    } else if (text !== ",") yield* say(valueOf(text), at);
  }
}
