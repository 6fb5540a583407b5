/** Queries that somebody ran in this browser, the last first; each user sees the own ones. */
const STORAGE_KEY = "segb.queries";
const keyOf = (who: string | null): string => `${STORAGE_KEY}.${who ?? ""}`;
const KEPT_MAX = 50;
/** Longer ones would fill the room that the browser gives with a few of them. */
const QUERY_LENGTH_MAX = 50_000;

export interface RecentQuery {
  query: string;
  at: string;
  ms: number;
  outcome: string;
}

export function recentQueries(who: string | null): RecentQuery[] {
  try {
    const list = JSON.parse(localStorage.getItem(keyOf(who)) ?? "[]") as unknown;
    return Array.isArray(list) ? (list as RecentQuery[]).filter((item) => typeof item?.query === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuery(who: string | null, entry: RecentQuery): void {
  if (entry.query.length > QUERY_LENGTH_MAX) return;
  const others = recentQueries(who).filter((old) => old.query !== entry.query);
  const list = [entry, ...others].slice(0, KEPT_MAX);
  for (let kept = list.length; kept > 0; kept = Math.floor(kept / 2)) {
    try {
      return localStorage.setItem(keyOf(who), JSON.stringify(list.slice(0, kept)));
    } catch {
      // There is no room for so many.
    }
  }
}

export function forgetQueries(who: string | null): void {
  localStorage.removeItem(keyOf(who));
}
