/** Colours for categories that are named by the data: the six of EmotionML have their own. */
const KNOWN: Record<string, string> = { happiness: "state", fear: "event", sadness: "message", anger: "human", surprise: "model", disgust: "activity" };

/** The colour of the design system for a category of emotions. */
export function emotionColour(category: string): string {
  return `kind-${KNOWN[category.toLowerCase()] ?? "emotion"}`;
}
