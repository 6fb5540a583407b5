/** Queries that were run in this browser, the last first. */
const STORAGE_KEY = "segb.queries";
const KEPT_MAX = 50;
/** Longer ones would fill the room that the browser gives with a few of them. */
const QUERY_LENGTH_MAX = 50_000;

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
  if (entry.query.length > QUERY_LENGTH_MAX) return;
  const others = recentQueries().filter((old) => old.query !== entry.query);
  const list = [entry, ...others].slice(0, KEPT_MAX);
  for (let kept = list.length; kept > 0; kept = Math.floor(kept / 2)) {
    try {
      return localStorage.setItem(STORAGE_KEY, JSON.stringify(list.slice(0, kept)));
    } catch {
      // There is no room for so many.
    }
  }
}

export function forgetQueries(): void {
  localStorage.removeItem(STORAGE_KEY);
}
