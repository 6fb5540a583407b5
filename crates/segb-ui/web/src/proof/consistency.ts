import { sha256 } from "./bytes";

const NODE = Uint8Array.of(1);

/**
 * The roots of the smaller and the larger tree by a consistency proof (RFC 9162, section 2.1.4.2). Both have to be what
 * the checkpoints say. Throws if the proof has the wrong length.
 */
export async function consistencyRoots(first: number, second: number, proof: readonly Uint8Array[], firstRoot: Uint8Array): Promise<{ old: Uint8Array; now: Uint8Array }> {
  if (first <= 0 || first > second) throw new Error("The sizes do not fit together.");
  if (first === second) return { old: firstRoot, now: firstRoot };
  // A smaller tree that is complete is a node of the larger one, and the proof leaves it out.
  const isComplete = Number.isInteger(Math.log2(first));
  const path = isComplete ? [firstRoot, ...proof] : [...proof];
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  const [start, ...rest] = path;
  if (!start) throw new Error("The proof is empty.");
  let old = start;
  let now = start;
  for (const hash of rest) {
    if (sn === 0) throw new Error("The proof is too long.");
    if (fn % 2 === 1 || fn === sn) {
      old = await sha256(NODE, hash, old);
      now = await sha256(NODE, hash, now);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      now = await sha256(NODE, now, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  if (sn !== 0) throw new Error("The proof is too short.");
  return { old, now };
}
