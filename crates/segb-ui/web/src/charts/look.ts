import type { ChartConfiguration, ChartOptions } from "chart.js";

/** What a picture is made of; `object` is a point with whatever its tooltip tells. */
export type Picture = ChartConfiguration<"bar" | "line" | "scatter", object[], string>;
/** A picture of the data, in the colours of the theme. */
export type Painter = (look: Look) => Picture;

/** The design tokens as a canvas needs them. */
export interface Look {
  text: string;
  soft: string;
  line: string;
  strong: string;
  raised: string;
  font: string;
  colour(token: string): string;
  /** A token as a surface under text. */
  tint(token: string): string;
}

const FONT_SIZE = 12;
/** As much of a token as text on it stays legible in both themes. */
const TINT = "38";

/** `colour` gives the value of a token as it is now. */
export function lookOf(colour: (token: string) => string): Look {
  return {
    text: colour("text"), soft: colour("text-soft"), line: colour("line"), strong: colour("line-strong"), raised: colour("raised"),
    font: colour("font"),
    colour,
    tint: (token) => `${colour(token)}${TINT}`,
  };
}

/** What all pictures have in common. Nothing moves by itself. */
export function commonOptions(look: Look): ChartOptions<"bar" | "line" | "scatter"> {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    font: { family: look.font, size: FONT_SIZE },
    color: look.text,
    interaction: { mode: "nearest", intersect: true },
    plugins: {
      tooltip: {
        backgroundColor: look.raised, titleColor: look.text, bodyColor: look.text, footerColor: look.soft,
        borderColor: look.strong, borderWidth: 1, cornerRadius: 5, padding: 8, boxPadding: 4, usePointStyle: true,
        titleFont: { family: look.font, size: FONT_SIZE, weight: "bold" }, bodyFont: { family: look.font, size: FONT_SIZE },
        footerFont: { family: look.font, size: FONT_SIZE, weight: "normal" },
      },
    },
  };
}

/** What fits into a line; the table has the whole. */
export function clipped(text: string, characters: number): string {
  const line = text.replace(/\s+/g, " ");
  const symbols = [...line.slice(0, characters * 2 + 2)];
  return symbols.length > characters ? `${symbols.slice(0, characters - 1).join("")}…` : line;
}
