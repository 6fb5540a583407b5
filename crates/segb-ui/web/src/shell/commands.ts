import type { Role } from "../session/token";
import { PAGES } from "./pages";

export interface Command {
  title: string;
  about: string;
  icon: string;
  run: () => void;
}

/** What commands may do. */
export interface Hands {
  may(roles: readonly Role[]): boolean;
  go(path: string, query?: Record<string, string>): void;
  toggleTheme(): void;
  signOut: (() => void) | null;
}

const LOG_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const RESOURCE = /^<?([a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+|_:\w+)>?$/i;

/** The commands that fit what is written, the best first. */
export function commandsFor(text: string, hands: Hands): Command[] {
  const words = text.trim().toLowerCase();
  const found: Command[] = [];
  const page = (name: string) => PAGES.find((one) => one.name === name && hands.may(one.roles));

  const logId = LOG_ID.exec(words)?.[0];
  if (logId && page("logs")) {
    found.push({ title: `Open log ${logId}`, about: "Journal", icon: "journal", run: () => hands.go(`/logs/${logId}`) });
  }
  const resource = RESOURCE.exec(text.trim())?.[1];
  if (resource && !logId) {
    for (const [name, title, icon] of [["explain", "Explain", "explain"], ["graph", "Show in the graph", "graph"]] as const) {
      const target = page(name);
      if (target) found.push({ title: `${title} ${resource}`, about: target.title, icon, run: () => hands.go(target.path, { resource }) });
    }
  }
  for (const one of PAGES) {
    if (!hands.may(one.roles)) continue;
    if (words === "" || `${one.title} ${one.about}`.toLowerCase().includes(words)) {
      found.push({ title: one.title, about: one.about, icon: one.icon, run: () => hands.go(one.path) });
    }
  }
  const search = page("graph");
  if (words !== "" && !resource && search) {
    found.push({ title: `Search the graph for “${text.trim()}”`, about: search.title, icon: "search", run: () => hands.go(search.path, { q: text.trim() }) });
  }
  const others: Command[] = [{ title: "Switch between light and dark", about: "Theme", icon: "light", run: () => hands.toggleTheme() }];
  const { signOut } = hands;
  if (signOut) others.push({ title: "Sign out", about: "Session", icon: "session", run: signOut });
  found.push(...others.filter((one) => words === "" || one.title.toLowerCase().includes(words)));
  return found;
}
