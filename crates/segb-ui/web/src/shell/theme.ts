import { ref } from "vue";

export type Theme = "system" | "light" | "dark";

const STORAGE_KEY = "segb.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const theme = ref<Theme>("system");
/** What is shown now; canvases redraw when it changes. */
export const shown = ref<"light" | "dark">("light");

function apply(): void {
  shown.value = theme.value === "system" ? (dark.matches ? "dark" : "light") : theme.value;
  document.documentElement.dataset["theme"] = shown.value;
}

export function setTheme(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem(STORAGE_KEY, wanted);
  apply();
}

export function startTheme(): void {
  const kept = localStorage.getItem(STORAGE_KEY);
  if (kept === "light" || kept === "dark") theme.value = kept;
  dark.addEventListener("change", apply);
  apply();
}

/** A colour of the design system, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
