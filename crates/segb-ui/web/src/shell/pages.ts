import type { Component } from "vue";
import type { Role } from "../session/token";

export interface Page {
  path: string;
  name: string;
  title: string;
  /** One line for the palette and the title of links. */
  about: string;
  /** Nobody in particular if empty. */
  roles: readonly Role[];
  icon: string;
  /** The second key after `g`. */
  key: string;
  group: "Read" | "Record" | "Operate" | "You";
  load: () => Promise<{ default: Component }>;
}

export const READING_PAGES: readonly Role[] = ["auditor", "admin"];
const ADMINS: readonly Role[] = ["admin"];

/** Every page in the navigation. The matrix is that of docs/authentication.md; the server checks each call anyway. */
export const PAGES: readonly Page[] = [
  { path: "/reports", name: "reports", title: "Reports", about: "Who met whom, what was said, felt and used", roles: READING_PAGES, icon: "reports", key: "r", group: "Read", load: () => import("../pages/reports/ReportsPage.vue") },
  { path: "/timeline", name: "timeline", title: "Timeline", about: "The interaction as it happened", roles: READING_PAGES, icon: "timeline", key: "t", group: "Read", load: () => import("../pages/timeline/TimelinePage.vue") },
  { path: "/explain", name: "explain", title: "Explain", about: "Why did the robot do this?", roles: READING_PAGES, icon: "explain", key: "e", group: "Read", load: () => import("../pages/explain/ExplainPage.vue") },
  { path: "/kg-graph", name: "graph", title: "Graph", about: "Search, and walk from resource to resource", roles: READING_PAGES, icon: "graph", key: "w", group: "Read", load: () => import("../pages/graph/GraphPage.vue") },
  { path: "/query", name: "query", title: "Query", about: "Ask the graph in SPARQL", roles: READING_PAGES, icon: "query", key: "q", group: "Read", load: () => import("../pages/query/QueryPage.vue") },
  { path: "/logs", name: "logs", title: "Journal", about: "What was received, as it comes in", roles: READING_PAGES, icon: "journal", key: "j", group: "Record", load: () => import("../pages/logs/LogsPage.vue") },
  { path: "/logs/insert", name: "insert", title: "Insert", about: "Check and send a Turtle document", roles: ADMINS, icon: "insert", key: "i", group: "Record", load: () => import("../pages/logs/InsertPage.vue") },
  { path: "/logs/delete", name: "delete", title: "Delete", about: "Empty the graph", roles: ADMINS, icon: "delete", key: "d", group: "Record", load: () => import("../pages/logs/DeletePage.vue") },
  { path: "/shared-context", name: "contexts", title: "Shared context", about: "Decide which observations are one event", roles: ADMINS, icon: "contexts", key: "c", group: "Operate", load: () => import("../pages/contexts/ContextsPage.vue") },
  { path: "/system/logs", name: "system", title: "Server log", about: "What the server says about itself", roles: ADMINS, icon: "system", key: "s", group: "Operate", load: () => import("../pages/system/SystemPage.vue") },
  { path: "/health", name: "health", title: "Health", about: "Is it ready, how large is it, is it intact", roles: [], icon: "health", key: "h", group: "Operate", load: () => import("../pages/system/HealthPage.vue") },
  { path: "/session", name: "session", title: "Session", about: "Who you are, and until when", roles: [], icon: "session", key: "u", group: "You", load: () => import("../pages/session/SessionPage.vue") },
];
