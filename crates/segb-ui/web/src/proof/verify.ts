import type { JournalEntry, Proof } from "../api/types";
import { fromHex, sha256, toHex } from "./bytes";
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

/** What a log is checked with: the bytes as they were received, and the salt that was hashed in front of them. */
export interface Opening {
  bytes: Uint8Array<ArrayBuffer>;
  /** In hexadecimal; none if the server gives none. */
  salt: string | null;
}

/** All members of a record (docs/journal-format.md, "What is hashed"). */
const RECORDED = [
  "actor", "claimed_user", "kind", "log_id", "media_type", "origin", "payload_commitment", "payload_size", "received_at", "sequence",
] as const satisfies (keyof JournalEntry)[];

const KEY_MEMORY = "segb.journalKey";

/** What the record and the page must agree on. */
function disagreements(record: Record<string, unknown>, entry: JournalEntry): string[] {
  return RECORDED.filter((name) => record[name] !== (entry[name] ?? null));
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

/** `SHA-256(salt ‖ payload)` must be what the record says. Of an erased log both are gone. */
async function checkPayload(commitment: unknown, opening: Opening | null): Promise<Check> {
  const name = "The payload is what the record commits to";
  if (!opening?.salt) return { name, good: null, detail: opening ? "The server gave no salt." : "The payload could not be read." };
  try {
    const found = toHex(await sha256(fromHex(opening.salt), opening.bytes));
    return { name, good: found === commitment, detail: found };
  } catch (error) {
    return { name, good: false, detail: String(error) };
  }
}

/** Checks everything about a proof that can be checked without asking the server again. */
export async function verify(proof: Proof, entry: JournalEntry, verifierKey: string | null, opening: Opening | null): Promise<Verdict> {
  const checks: Check[] = [];
  const record = JSON.parse(proof.record) as Record<string, unknown>;
  const different = disagreements(record, entry);
  checks.push({
    name: "The record is the one shown here",
    good: different.length === 0,
    detail: different.length === 0 ? "All ten members of the record are as on this page." : `Different: ${different.join(", ")}.`,
  });
  if (!entry.erasure) checks.push(await checkPayload(record["payload_commitment"], opening));
  const leaf = await leafHash(proof.record);
  const leafText = toHex(leaf);
  checks.push({
    name: "SHA-256 of the record is the leaf",
    good: leafText === proof.leaf_hash && leafText === entry.leaf_hash,
    detail: [leafText, ...[proof.leaf_hash, entry.leaf_hash].filter((other) => other !== leafText)].join(" is not "),
  });
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
