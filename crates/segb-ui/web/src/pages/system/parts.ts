import { getJson, getText } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { Entries, JournalEntry } from "../../api/types";
import { toHex } from "../../proof/bytes";
import { readCheckpoint } from "../../proof/note";
import type { Head } from "./treeWatch";

/** 503 has an answer, too: not ready is a fact, not a failure. */
export async function isReady(signal: AbortSignal): Promise<boolean> {
  try {
    return (await getJson<{ ready: boolean }>("/healthz/ready", {}, signal)).ready;
  } catch (error) {
    if (asProblem(error).status === 503) return false;
    throw error;
  }
}

/** How long the way to the server and back takes, in milliseconds. */
export async function roundTrip(signal: AbortSignal): Promise<number> {
  const start = performance.now();
  await getJson("/healthz/live", {}, signal);
  return performance.now() - start;
}

export async function versionOf(signal: AbortSignal): Promise<string> {
  return (await getJson<{ info: { version: string } }>("/openapi.json", {}, signal)).info.version;
}

/** What the latest checkpoint is about; there is none while no log has come. */
export async function latestHead(signal: AbortSignal): Promise<Head | "none"> {
  try {
    const { origin, size, root } = readCheckpoint(await getText("/journal/checkpoint", { signal }));
    return { origin, size, root: toHex(root) };
  } catch (error) {
    if (asProblem(error).status === 404) return "none";
    throw error;
  }
}

export async function verifierKey(signal: AbortSignal): Promise<string> {
  return (await getJson<{ verifier_key: string | null }>("/journal/key", {}, signal)).verifier_key ?? "none";
}

/** What was committed last. */
export async function newestEntry(signal: AbortSignal): Promise<JournalEntry | null> {
  return (await getJson<Entries>("/logs", { limit: 1 }, signal)).entries[0] ?? null;
}
