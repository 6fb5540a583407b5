import { describe, expect, it } from "vitest";
import { fromHex, sha256, toHex, joined } from "./bytes";
import { followInclusion, leafHash, rootOf } from "./merkle";
import { consistencyRoots } from "./consistency";
import { isSignedBy, readCheckpoint, readVerifierKey } from "./note";
import { verify } from "./verify";

/** The path by the definition (RFC 6962, section 2.1.1), to compare with. */
async function pathOf(index: number, leaves: Uint8Array[]): Promise<Uint8Array[]> {
  if (leaves.length === 1) return [];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return index < half
    ? [...(await pathOf(index, leaves.slice(0, half))), await rootOf(leaves.slice(half))]
    : [...(await pathOf(index - half, leaves.slice(half))), await rootOf(leaves.slice(0, half))];
}

describe("inclusion", () => {
  it("leads to the root for every leaf of every small tree, and nowhere else", async () => {
    for (let size = 1; size <= 17; size += 1) {
      const leaves = await Promise.all(Array.from({ length: size }, (_, place) => leafHash(`entry ${place}`)));
      const root = toHex(await rootOf(leaves));
      for (const [index, leaf] of leaves.entries()) {
        const path = await pathOf(index, leaves);
        const steps = await followInclusion(leaf, index, size, path);
        expect(toHex(steps.at(-1)?.result ?? leaf)).toBe(root);
        if (path.length > 0) {
          await expect(followInclusion(leaf, index, size, path.slice(1))).rejects.toThrow();
          const wrong = await followInclusion(await leafHash("other"), index, size, path);
          expect(toHex(wrong.at(-1)?.result ?? leaf)).not.toBe(root);
        }
        await expect(followInclusion(leaf, index, size, [...path, leaf])).rejects.toThrow();
      }
    }
  });
  it("hashes a leaf as RFC 6962 does", async () => {
    // The hash of the empty leaf, from the test data of RFC 6962 implementations.
    expect(toHex(await leafHash(""))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  });
});

describe("notes", () => {
  async function signed(tamper = (body: string) => body): Promise<{ note: string; key: string }> {
    const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
    const raw = joined(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
    const id = (await sha256(new TextEncoder().encode("log.example\n"), raw)).slice(0, 4);
    const body = `log.example\n3\n${btoa("r".repeat(32))}\n`;
    const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, new TextEncoder().encode(body)));
    const line = btoa(String.fromCharCode(...joined(id, signature)));
    return { note: `${tamper(body)}\n— log.example ${line}\n`, key: `log.example+${toHex(id)}+${btoa(String.fromCharCode(...raw))}` };
  }
  it("are verified", async () => {
    const { note, key } = await signed();
    const checkpoint = readCheckpoint(note);
    expect([checkpoint.origin, checkpoint.size, toHex(checkpoint.root)]).toEqual(["log.example", 3, "72".repeat(32)]);
    expect(await isSignedBy(checkpoint, await readVerifierKey(key))).toBe(true);
  });
  it("are refused if one digit is another", async () => {
    const { note, key } = await signed((body) => body.replace("3", "4"));
    expect(await isSignedBy(readCheckpoint(note), await readVerifierKey(key))).toBe(false);
  });
  it("are refused by another key", async () => {
    const [{ note }, { key }] = [await signed(), await signed()];
    expect(await isSignedBy(readCheckpoint(note), await readVerifierKey(key))).toBe(false);
  });
  it("have keys whose id is checked", async () => {
    const { key } = await signed();
    await expect(readVerifierKey(key.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).rejects.toThrow("id");
    expect(() => readCheckpoint("log.example\n3\n")).toThrow();
    expect(fromHex("0aff")).toEqual(Uint8Array.of(10, 255));
    expect(() => fromHex("0g")).toThrow();
  });
});

describe("consistency", () => {
  /** The proof by the definition (RFC 6962, section 2.1.2). */
  async function proofOf(first: number, leaves: Uint8Array[], whole: boolean): Promise<Uint8Array[]> {
    if (first === leaves.length) return whole ? [] : [await rootOf(leaves)];
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return first <= half
      ? [...(await proofOf(first, leaves.slice(0, half), whole)), await rootOf(leaves.slice(half))]
      : [...(await proofOf(first - half, leaves.slice(half), false)), await rootOf(leaves.slice(0, half))];
  }
  it("gives both roots for every pair of small trees", async () => {
    const leaves = await Promise.all(Array.from({ length: 14 }, (_, place) => leafHash(`entry ${place}`)));
    for (let second = 1; second <= leaves.length; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const proof = await proofOf(first, leaves.slice(0, second), true);
        const oldRoot = await rootOf(leaves.slice(0, first));
        const roots = await consistencyRoots(first, second, proof, oldRoot);
        expect([toHex(roots.old), toHex(roots.now)]).toEqual([toHex(oldRoot), toHex(await rootOf(leaves.slice(0, second)))]);
        if (proof.length > 0) await expect(consistencyRoots(first, second, [...proof, oldRoot], oldRoot)).rejects.toThrow();
      }
    }
  });
});

describe("a log", () => {
  const TEXT = new TextEncoder();
  const [salt, bytes] = ["07".repeat(32), TEXT.encode("<urn:a> a <urn:b> .")];

  async function proven(): Promise<{ proof: Parameters<typeof verify>[0]; entry: Parameters<typeof verify>[1] }> {
    const members = {
      actor: "ari", claimed_user: null, kind: "log_received", log_id: "0e0f5a1a-3c0c-4f8e-9a55-0d2d1f0f5b0e", media_type: "text/turtle", origin: null,
      payload_commitment: toHex(await sha256(fromHex(salt), bytes)), payload_size: bytes.length, received_at: "2026-01-31T10:00:00.000000Z", sequence: 0,
    };
    const record = JSON.stringify(members);
    const leaf = toHex(await leafHash(record));
    const proof = { log_id: members.log_id, sequence: 0, record, leaf_hash: leaf, inclusion: { leaf_index: 0, tree_size: 1, hashes: [] }, root: leaf, checkpoint: null };
    return { proof, entry: { ...members, leaf_hash: leaf, triple_count: 1 } as unknown as Parameters<typeof verify>[1] };
  }
  const failing = (verdict: Awaited<ReturnType<typeof verify>>): string[] => verdict.checks.filter((check) => check.good === false).map((check) => check.name);

  it("is what its entry commits to, byte for byte and with its salt", async () => {
    const { proof, entry } = await proven();
    const PAYLOAD = "The payload is what the record commits to";
    const good = await verify(proof, entry, null, { bytes, salt });
    expect([failing(good), good.checks.find((check) => check.name === PAYLOAD)?.good]).toEqual([[], true]);
    expect(failing(await verify(proof, entry, null, { bytes: TEXT.encode("<urn:a> a <urn:c> ."), salt }))).toEqual([PAYLOAD]);
    expect(failing(await verify(proof, entry, null, { bytes, salt: "08".repeat(32) }))).toEqual([PAYLOAD]);
    expect(failing(await verify(proof, entry, null, { bytes, salt: "no salt" }))).toEqual([PAYLOAD]);
    const open = await verify(proof, entry, null, null);
    expect([failing(open), open.good, open.checks.find((check) => check.name === PAYLOAD)?.good]).toEqual([[], false, null]);
    const erased = await verify(proof, { ...entry, erasure: {} } as typeof entry, null, null);
    expect(erased.checks.some((check) => check.name === PAYLOAD)).toBe(false);
  });
  it("has to be shown with the leaf that its record has", async () => {
    const { proof, entry } = await proven();
    const other = await verify(proof, { ...entry, leaf_hash: "00".repeat(32) }, null, { bytes, salt });
    expect(failing(other)).toEqual(["SHA-256 of the record is the leaf"]);
  });
  it("has to be shown as its record says, in every member", async () => {
    const { proof, entry } = await proven();
    for (const name of ["actor", "claimed_user", "media_type", "origin", "received_at", "payload_size"]) {
      expect(failing(await verify(proof, { ...entry, [name]: "other" } as typeof entry, null, { bytes, salt }))).toContain("The record is the one shown here");
      const less = { ...proof, record: JSON.stringify({ ...JSON.parse(proof.record), [name]: undefined }) };
      if (entry[name as keyof typeof entry] !== null) expect(failing(await verify(less, entry, null, { bytes, salt }))).toContain("The record is the one shown here");
    }
  });
});
