import { autocompletion, closeBrackets, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { turtle } from "@codemirror/legacy-modes/mode/turtle";
import { lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { piecesOf, UNSEEN } from "../lib/visible";

export type Language = "sparql" | "turtle" | "text";

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.meta], color: "var(--syntax-keyword)" },
  { tag: [tags.atom, tags.link, tags.url], color: "var(--syntax-iri)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syntax-string)" },
  { tag: [tags.number, tags.bool], color: "var(--syntax-number)" },
  { tag: tags.comment, color: "var(--syntax-comment)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.special(tags.variableName), tags.standard(tags.variableName)], color: "var(--syntax-variable)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-faint)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selected)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selected)", outline: "1px solid var(--line-strong)" },
  ".cm-selectionMatch": { backgroundColor: "var(--warn-surface)" },
  ".cm-specialChar": { color: "var(--warn)", backgroundColor: "var(--warn-surface)", borderRadius: "3px" },
  ".cm-placeholder": { color: "var(--text-faint)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)", borderRadius: "6px", boxShadow: "var(--shadow)", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12px", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--selected)", color: "var(--text)" },
  ".cm-completionDetail": { color: "var(--text-faint)", fontStyle: "normal", marginLeft: "12px" },
  ".cm-diagnostic": { fontFamily: "var(--font)", padding: "5px 10px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warn)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
  ".cm-line-marked": { backgroundColor: "var(--bad-surface)" },
});

export interface EditorOptions {
  language: Language;
  readOnly: boolean;
  label: string;
  hint: string;
  complete: CompletionSource | null;
  onChange(text: string): void;
  onSubmit(): void;
}

/** Tab is taken, so there has to be another way out, and it has to be told. */
const LEAVING = "Tab indents. To leave the editor, press Escape, then Tab.";

const MODES = { sparql: StreamLanguage.define(sparql), turtle: StreamLanguage.define(turtle) };

/**
 * Where text replaces a selection, the browser keeps the look of what goes in a style attribute, which the policy forbids
 * and reports. So the editor replaces it itself.
 */
const replacing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const { data } = event;
    if (empty || view.composing || event.inputType !== "insertText" || data === null) return false;
    event.preventDefault();
    if (view.state.readOnly) return true;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    const isHandled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, insert));
    if (!isHandled) view.dispatch(insert());
    return true;
  },
});

/** What a text is sent or kept with stays in it; what is seen in its place is a mark, as everywhere else. */
function markOf(code: number): HTMLElement {
  const [piece] = piecesOf(String.fromCodePoint(code));
  const mark = document.createElement("span");
  mark.className = "cm-specialChar";
  mark.textContent = piece?.text ?? "";
  mark.title = piece?.mark ?? "";
  return mark;
}

/** Everything an editor of ours has. */
export function extensions(options: EditorOptions): Extension[] {
  const common: Extension[] = [
    lineNumbers(),
    highlightSpecialChars({ specialChars: UNSEEN, render: markOf }),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    EditorView.lineWrapping,
    syntaxHighlighting(highlighting),
    theme,
    options.language === "text" ? [] : MODES[options.language],
    EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", autocapitalize: "off" }),
  ];
  if (options.readOnly) return [...common, EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: "0" }), keymap.of(searchKeymap)];
  return [
    ...common,
    EditorView.contentAttributes.of({ "aria-description": LEAVING }),
    replacing,
    history(),
    closeBrackets(),
    highlightActiveLine(),
    lintGutter(),
    placeholder(options.hint),
    options.complete ? autocompletion({ override: [options.complete], icons: false }) : [],
    keymap.of([
      { key: "Mod-Enter", run: () => (options.onSubmit(), true) },
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
  ];
}
