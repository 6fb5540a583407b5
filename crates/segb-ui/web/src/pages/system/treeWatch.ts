import { getJson } from "../../api/client";
import { fromHex, toHex } from "../../proof/bytes";
import { consistencyRoots } from "../../proof/consistency";

export interface Head {
  origin: string;
  size: number;
  root: string;
}

export interface TreeWatch {
  /** null: there is nothing to compare with. */
  good: boolean | null;
  text: string;
}

const STORAGE_KEY = "segb.treeHead";

function remembered(origin: string): Head | null {
  try {
    const head = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null") as Head | null;
    return head?.origin === origin ? head : null;
  } catch {
    return null;
  }
}

/** Compares the journal with what this browser saw of it before: it must have grown, and nothing else. */
export async function watchTree(head: Head, signal: AbortSignal): Promise<TreeWatch> {
  const before = remembered(head.origin);
  const keep = (): void => localStorage.setItem(STORAGE_KEY, JSON.stringify(head));
  if (!before || before.size === 0) {
    keep();
    return { good: null, text: "This browser has seen this journal for the first time, and remembers its root." };
  }
  if (head.size < before.size) {
    return { good: false, text: `This browser saw ${before.size} entries before; now there are ${head.size}. Entries are gone.` };
  }
  if (head.size === before.size) {
    return head.root === before.root ? { good: true, text: "Unchanged since this browser looked last." } : { good: false, text: "The same number of entries has another root: an entry was changed." };
  }
  const proof = await getJson<{ hashes: string[] }>("/journal/consistency", { from: before.size, to: head.size }, signal);
  try {
    const roots = await consistencyRoots(before.size, head.size, proof.hashes.map(fromHex), fromHex(before.root));
    const good = toHex(roots.old) === before.root && toHex(roots.now) === head.root;
    if (good) keep();
    return good ? { good, text: `Proven: the ${before.size} entries that this browser saw before are the first of the ${head.size} there are.` } : { good, text: `The ${before.size} entries that this browser saw before are not the first of those there are.` };
  } catch (error) {
    return { good: false, text: `The proof of the server cannot be followed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
