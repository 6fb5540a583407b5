/** Queries that were run in this browser, the last first. */
const STORAGE_KEY = "segb.queries";
const KEPT_MAX = 50;

export interface RecentQuery {
  query: string;
  at: string;
  ms: number;
  outcome: string;
}

export function recentQueries(): RecentQuery[] {
  try {
    const list = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "[]") as unknown;
    return Array.isArray(list) ? (list as RecentQuery[]).filter((item) => typeof item?.query === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuery(entry: RecentQuery): void {
  const others = recentQueries().filter((old) => old.query !== entry.query);
  localStorage.setItem(STORAGE_KEY, JSON.stringify([entry, ...others].slice(0, KEPT_MAX)));
}

export function forgetQueries(): void {
  localStorage.removeItem(STORAGE_KEY);
}
