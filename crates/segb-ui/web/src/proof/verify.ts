import type { JournalEntry, Proof } from "../api/types";
import { fromHex, toHex } from "./bytes";
import { followInclusion, leafHash, type Step } from "./merkle";
import { isSignedBy, readCheckpoint, readVerifierKey } from "./note";

export interface Check {
  name: string;
  /** null: could not be checked here. */
  good: boolean | null;
  detail: string;
}

export interface Verdict {
  checks: Check[];
  steps: Step[];
  size: number;
  root: string;
  /** All that could be checked is good, and nothing was left out. */
  good: boolean;
}

const KEY_MEMORY = "segb.journalKey";

/** What the record and the page must agree on. */
function disagreements(record: Record<string, unknown>, entry: JournalEntry): string[] {
  const pairs: [string, unknown, unknown][] = [
    ["sequence", record["sequence"], entry.sequence],
    ["log_id", record["log_id"], entry.log_id],
    ["kind", record["kind"], entry.kind],
    ["actor", record["actor"], entry.actor],
    ["payload_commitment", record["payload_commitment"], entry.payload_commitment],
    ["payload_size", record["payload_size"], entry.payload_size],
  ];
  return pairs.filter(([, inRecord, shown]) => inRecord !== undefined && inRecord !== shown).map(([name]) => name);
}

/** The key is remembered when it is seen first: a server that changes its key later is found out. */
export function keyMemory(verifierKey: string): Check {
  const known = localStorage.getItem(KEY_MEMORY);
  if (known === null) {
    localStorage.setItem(KEY_MEMORY, verifierKey);
    return { name: "The key is the one you know", good: true, detail: "Seen for the first time by this browser, and remembered from now on. Compare it with the key your operator keeps elsewhere." };
  }
  const same = known === verifierKey;
  return { name: "The key is the one you know", good: same, detail: same ? "The same as this browser saw first." : `This browser saw another key first: ${known}` };
}

export function forgetKey(): void {
  localStorage.removeItem(KEY_MEMORY);
}

/** Checks everything about a proof that can be checked without asking the server again. */
export async function verify(proof: Proof, entry: JournalEntry, verifierKey: string | null): Promise<Verdict> {
  const checks: Check[] = [];
  const record = JSON.parse(proof.record) as Record<string, unknown>;
  const different = disagreements(record, entry);
  checks.push({
    name: "The record is the one shown here",
    good: different.length === 0,
    detail: different.length === 0 ? "Sequence, id, kind, actor, size and commitment are those of this page." : `Different: ${different.join(", ")}.`,
  });
  const leaf = await leafHash(proof.record);
  checks.push({ name: "SHA-256 of the record is the leaf", good: toHex(leaf) === proof.leaf_hash, detail: toHex(leaf) });
  const { leaf_index: index, tree_size: size, hashes } = proof.inclusion;
  let steps: Step[] = [];
  try {
    steps = await followInclusion(leaf, index, size, hashes.map(fromHex));
    const root = toHex(steps.at(-1)?.result ?? leaf);
    checks.push({ name: `${hashes.length} hashes lead from the leaf to the root`, good: root === proof.root && index === entry.sequence, detail: root });
  } catch (error) {
    checks.push({ name: "The hashes lead from the leaf to the root", good: false, detail: String(error) });
  }
  checks.push(...(await checkSignature(proof, verifierKey)));
  return { checks, steps, size, root: proof.root, good: checks.every((check) => check.good === true) };
}

async function checkSignature(proof: Proof, verifierKey: string | null): Promise<Check[]> {
  if (!proof.checkpoint || !verifierKey) {
    return [{ name: "The root is signed", good: null, detail: "This server signs no checkpoints." }];
  }
  try {
    const checkpoint = readCheckpoint(proof.checkpoint);
    const agrees = toHex(checkpoint.root) === proof.root && checkpoint.size === proof.inclusion.tree_size;
    const signed = await isSignedBy(checkpoint, await readVerifierKey(verifierKey));
    return [
      { name: "The checkpoint is about this root", good: agrees, detail: `${checkpoint.origin}, ${checkpoint.size} entries` },
      {
        name: "The checkpoint is signed by the journal key (Ed25519)",
        good: signed,
        detail: signed === null ? "This browser has no Ed25519. A current one, or segb-verify, can tell." : verifierKey,
      },
      keyMemory(verifierKey),
    ];
  } catch (error) {
    return [{ name: "The root is signed", good: false, detail: error instanceof Error ? error.message : String(error) }];
  }
}
