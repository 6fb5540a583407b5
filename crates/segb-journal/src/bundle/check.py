import base64, hashlib, json, sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check(holds, what):
    if not holds:
        sys.exit("DOES NOT FIT: " + what)


def root_by(leaf, index, size, path):  # RFC 9162, section 2.1.3.2
    last = size - 1
    for beside in path:
        if index % 2 or index == last:
            leaf = sha256(b"\x01", beside, leaf)
            while index and index % 2 == 0:
                index, last = index // 2, last // 2
        else:
            leaf = sha256(b"\x01", leaf, beside)
        index, last = index // 2, last // 2
    return leaf if last == 0 else None


origin, size, root = open("checkpoint.note", encoding="utf-8").read().split("\n")[:3]
before, count, erased, erasures = -1, 0, {}, {}
for line in open("entries.jsonl", encoding="utf-8", newline="\n"):
    entry = json.loads(line)
    record, proof, salt = json.loads(entry["record"]), entry["inclusion"], entry["salt"]
    name = "entry %d: " % record["sequence"]
    check(record["sequence"] > before, name + "it is not in its place")
    leaf = sha256(b"\x00", entry["record"].encode())
    check(leaf.hex() == entry["leaf_hash"], name + "the record is not what its leaf hash says")
    check(proof["leaf_index"] == record["sequence"] and proof["tree_size"] == int(size), name + "another proof")
    path = [bytes.fromhex(beside) for beside in proof["hashes"]]
    check(root_by(leaf, record["sequence"], int(size), path) == base64.b64decode(root), name + "it is not in the tree")
    if salt is None:
        erased[record["sequence"]] = entry["erased_by"]
    else:
        payload = open(entry["payload"], "rb").read() if entry["payload"] else b""
        committed = sha256(bytes.fromhex(salt), payload).hex()
        check(committed == record["payload_commitment"], name + "payload and salt are not what it commits to")
        if record["kind"] == "log_erased":
            erasures[record["sequence"]] = json.loads(payload)["sequence"]
    before, count = record["sequence"], count + 1
for sequence, by in erased.items():
    check(erasures.get(by) == sequence, "entry %d: the payload is missing, and nothing says that it was erased" % sequence)
check(count == json.load(open("bundle.json", encoding="utf-8"))["entry_count"], "there are more or fewer entries")
print(count, "entries,", len(erased), "of them erased, are in the tree of", size, "entries of", origin)
