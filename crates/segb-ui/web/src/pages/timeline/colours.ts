const KNOWN: Record<string, string> = {
  Listening: "kind-message",
  "Person detected": "kind-human",
  Decision: "kind-model",
  Response: "kind-robot",
  "Emotion recognition": "kind-event",
  "Emotion analysis": "kind-emotion",
  "Model run": "kind-other",
};
const REST = ["kind-activity", "kind-event", "kind-state", "kind-other"];

/** The colour of a kind of activity, by the design system's kinds; other types share the rest by their name. */
export function colourOf(type: string): string {
  const hash = [...type].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  return KNOWN[type] ?? REST[hash % REST.length] ?? "kind-other";
}
