import { joined, sha256 } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf (RFC 6962, section 2.1). */
export async function leafHash(record: string): Promise<Uint8Array> {
  return await sha256(LEAF, new TextEncoder().encode(record));
}

/** One step of the way from a leaf to the root. */
export interface Step {
  side: "left" | "right";
  sibling: Uint8Array;
  result: Uint8Array;
}

/**
 * Follows an inclusion proof (RFC 9162, section 2.1.3.2) and gives each step; the result of the last is the root.
 * Throws if the proof has the wrong length for this place and size.
 */
export async function followInclusion(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Promise<Step[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new Error("The place of the leaf is not within the tree.");
  }
  let place = index;
  let last = size - 1;
  let hash = leaf;
  const steps: Step[] = [];
  for (const sibling of path) {
    if (last === 0) throw new Error("The proof is longer than the way to the root.");
    const isRight = place % 2 === 1 || place === last;
    hash = isRight ? await sha256(NODE, sibling, hash) : await sha256(NODE, hash, sibling);
    steps.push({ side: isRight ? "left" : "right", sibling, result: hash });
    if (isRight) {
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new Error("The proof ends before the root.");
  return steps;
}

/** For tests and for trees of one leaf: the root over some leaf hashes. */
export async function rootOf(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  const [first] = leaves;
  if (leaves.length === 1 && first) return first;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return await sha256(joined(NODE, await rootOf(leaves.slice(0, half)), await rootOf(leaves.slice(half))));
}
