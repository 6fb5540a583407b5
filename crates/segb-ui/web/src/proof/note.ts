import { fromBase64, sha256, toHex } from "./bytes";

const ED25519 = 1;

/** A signed checkpoint (C2SP signed-note, tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  /** What is signed. */
  body: string;
  signatures: { name: string; keyId: string; signature: Uint8Array<ArrayBuffer> }[];
}

export interface VerifierKey {
  name: string;
  keyId: string;
  key: Uint8Array<ArrayBuffer>;
}

export function readCheckpoint(note: string): Checkpoint {
  const end = note.indexOf("\n\n");
  if (end < 0) throw new Error("The checkpoint has no signatures.");
  const body = note.slice(0, end + 1);
  const [origin = "", size = "", root = ""] = body.split("\n");
  if (!/^(0|[1-9]\d*)$/.test(size)) throw new Error("The checkpoint has no size.");
  const signatures = note.slice(end + 2).split("\n").filter(Boolean).map((line) => {
    const parts = /^— (\S+) (\S+)$/.exec(line);
    if (!parts) throw new Error("A signature line of the checkpoint cannot be read.");
    const bytes = fromBase64(parts[2] ?? "");
    return { name: parts[1] ?? "", keyId: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
  });
  return { origin, size: Number(size), root: fromBase64(root), body, signatures };
}

/** Reads `name+keyid+base64` and checks that the id is that of the key. */
export async function readVerifierKey(text: string): Promise<VerifierKey> {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  if (!parts) throw new Error("The public key cannot be read.");
  const [, name = "", keyId = "", encoded = ""] = parts;
  const bytes = fromBase64(encoded);
  if (bytes[0] !== ED25519 || bytes.length !== 33) throw new Error("The public key is of another algorithm than Ed25519.");
  const expected = toHex((await sha256(new TextEncoder().encode(`${name}\n`), bytes)).slice(0, 4));
  if (expected !== keyId) throw new Error("The id of the public key is not that of the key.");
  return { name, keyId, key: bytes.slice(1) };
}

/** Whether the key signed the checkpoint; null if this browser cannot tell. */
export async function isSignedBy(checkpoint: Checkpoint, verifier: VerifierKey): Promise<boolean | null> {
  const signature = checkpoint.signatures.find((one) => one.name === verifier.name && one.keyId === verifier.keyId);
  if (!signature) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", verifier.key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  return await crypto.subtle.verify({ name: "Ed25519" }, key, signature.signature, new TextEncoder().encode(checkpoint.body));
}
