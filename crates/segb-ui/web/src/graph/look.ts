import type { StylesheetJson } from "cytoscape";
import { kindColour } from "../rdf/kinds";
import { colour } from "../shell/theme";

const SHAPES: Record<string, string> = {
  robot: "round-rectangle", human: "ellipse", message: "round-tag", emotion: "diamond", state: "barrel", event: "round-hexagon",
  model: "round-pentagon", dataset: "round-pentagon", evaluation: "round-pentagon", activity: "round-rectangle", location: "round-triangle",
};
export const DRAWN_KINDS = Object.keys(SHAPES);

/** How the graph looks with the present colours. A large one has thin straight lines without words and arrows. */
export function look(isLarge: boolean): StylesheetJson {
  const kinds = [...DRAWN_KINDS, "observation", "agent", "entity", "unknown"].map((kind) => ({
    selector: `node[kind = "${kind}"]`,
    style: { "background-color": colour(kindColour(kind)), shape: (SHAPES[kind] ?? "ellipse") as "ellipse" },
  }));
  return [
    {
      selector: "node",
      style: {
        label: "data(label)", width: 18, height: 18, "font-size": 10, "font-family": "Liberation Sans, Segoe UI, Roboto, sans-serif", color: colour("text"),
        "text-valign": "bottom", "text-margin-y": 3, "text-max-width": "120px", "text-wrap": "ellipsis",
        "text-background-color": colour("surface"), "text-background-opacity": 0.75, "text-background-padding": "1px",
        "min-zoomed-font-size": 7, "background-color": colour("kind-other"),
      },
    },
    ...kinds,
    { selector: 'node[kind = "robot"], node[kind = "human"]', style: { width: 26, height: 26, "font-weight": 600, "font-size": 11 } },
    { selector: "node.root", style: { "border-width": 3, "border-color": colour("text") } },
    { selector: "node:selected", style: { "border-width": 3, "border-color": colour("focus"), "overlay-color": colour("focus"), "overlay-opacity": 0.15 } },
    {
      selector: "edge",
      style: {
        width: 1.2, "line-color": colour("line-strong"), "target-arrow-color": colour("line-strong"), "target-arrow-shape": "triangle",
        "arrow-scale": 0.8, "curve-style": "bezier", label: "data(label)", "font-size": 8, color: colour("text-faint"),
        "text-rotation": "autorotate", "text-background-color": colour("surface"), "text-background-opacity": 0.85, "min-zoomed-font-size": 8,
      },
    },
    ...(isLarge ? [{ selector: "edge", style: { width: 1, "curve-style": "haystack", "target-arrow-shape": "none", label: "", events: "no" } }] : []),
    { selector: "edge:selected, edge.near", style: { width: 2.2, "line-color": colour("accent"), "target-arrow-color": colour("accent"), color: colour("text") } },
    { selector: ".away", style: { opacity: 0.15 } },
    { selector: ".hidden", style: { display: "none" } },
  ] as StylesheetJson;
}
