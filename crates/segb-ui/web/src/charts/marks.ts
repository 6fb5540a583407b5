/** Series are told apart by form and colour, since not everybody sees colours. */
export interface Mark {
  token: string;
  /** As Chart.js names it. */
  style: "circle" | "triangle" | "rect" | "rectRot" | "star" | "cross" | "crossRot";
}

/** The same forms for legends and tables, on ten by ten units. */
export const PATHS: Record<Mark["style"], string> = {
  circle: "M5 1.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 0 0 0-7.6",
  triangle: "M5 1L9.2 8.6H.8z",
  rect: "M1.5 1.5h7v7h-7z",
  rectRot: "M5 .4L9.6 5L5 9.6L.4 5z",
  star: "M5 .5v9M.5 5h9M1.8 1.8l6.4 6.4M8.2 1.8L1.8 8.2",
  cross: "M5 .5v9M.5 5h9",
  crossRot: "M1.5 1.5l7 7M8.5 1.5l-7 7",
};

/** The six of EmotionML have marks of their own. */
const EMOTIONS = new Map<string, Mark>(Object.entries({
  happiness: { token: "kind-state", style: "circle" },
  fear: { token: "kind-event", style: "triangle" },
  sadness: { token: "kind-message", style: "rect" },
  anger: { token: "kind-human", style: "rectRot" },
  surprise: { token: "kind-model", style: "star" },
  disgust: { token: "kind-activity", style: "cross" },
}));

/** The mark of a category that is named by the data. */
export function emotionMark(label: string | null): Mark {
  if (label === null) return { token: "kind-other", style: "circle" };
  return EMOTIONS.get(label.toLowerCase()) ?? { token: "kind-emotion", style: "crossRot" };
}
