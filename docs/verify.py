"""Verifies bundles, receipts and consistency proofs of a tiaojie ledger, without any part of tiaojie.

    python verify.py FILE --key KEY [--checkpoints FILE]

FILE: a bundle (zip), a receipt (.tlog-proof), or what /api/log/consistency answered (.json). KEY: the verifier key, or
a file with it, got from the operator by another way than FILE. --checkpoints: those that you kept yourself; only they
show that the end was cut off. Exit code: 0 whole, 1 something is wrong, 3 whole but for what a restore has cost.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EMPTY, ZIP = sha256(b"").digest(), (zipfile.BadZipFile, zlib.error)


def wrong(text: str) -> NoReturn:
    raise ValueError(text)


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def climb(first: int, place: int, last: int, begun: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    inner = outer = begun  # to the root of the part that begins at `first`, and to that of the whole
    for one in path:
        if last == 0:
            wrong("the proof is too long")
        if place & 1 or place == last:
            inner = node(one, inner) if first < place else inner
            outer = node(one, outer)
            while place and not place & 1:
                first, place, last = first >> 1, place >> 1, last >> 1
        else:
            outer = node(outer, one)
        first, place, last = first >> 1, place >> 1, last >> 1
    return (inner, outer) if last == 0 else wrong("the proof is too short")


def check_range(start: int, end: int) -> None:
    if not 0 <= start < end or start % (1 << (end - start - 1).bit_length()):
        wrong("a tree has no such part")


def check_inclusion(leaf: bytes, index: int, end: int, proof: list[bytes], root: bytes, start: int = 0) -> None:
    """RFC 9162, 2.1.3.2; of the whole tree, or of the part of it that begins at `start`."""
    check_range(start, end)
    place, last = index - start, end - start - 1
    if not 0 <= place <= last or len(leaf) != 32 or climb(place, place, last, leaf, proof)[1] != root:
        wrong("the leaf does not lead to the root")


def check_part(start: int, end: int, size: int, proof: list[bytes], part: bytes, root: bytes) -> None:
    """That the leaves from start to before end are those of the tree; with start 0: RFC 9162, 2.1.4.2."""
    if 0 <= start == end <= size and not proof and part == EMPTY:
        return
    check_range(start, end)
    first, place, last = start, end - 1, size - 1
    while first != place and (place == last or place & 1):
        first, place, last = first >> 1, place >> 1, last >> 1
    begun = [part] if first == place else proof[:1]
    if end > size or not begun or climb(first, place, last, begun[0], proof[first != place :]) != (part, root):
        wrong("the part is not of this tree")


def check_consistency(old: int, new: int, proof: list[bytes], old_root: bytes, new_root: bytes) -> None:
    if old == 0 and (proof or new or new_root != EMPTY):
        wrong("that a tree begins with nothing proves nothing")
    check_part(0, old, new, proof, old_root, new_root)


class Checkpoint(NamedTuple):
    size: int
    root: bytes
    epoch: int


class Key:
    """C2SP signed-note: name+id+base64(kind, public key)."""

    def __init__(self, told: str) -> None:
        self.name, self.id, key = told.strip().split("+", 2)
        public = b64decode(key, validate=True)
        if public[:1] != b"\x01" or sha256(self.name.encode() + b"\n" + public).hexdigest()[:8] != self.id:
            wrong("this is no verifier key")
        self._key = Ed25519PublicKey.from_public_bytes(public[1:])

    def opened(self, note: str) -> Checkpoint:
        found = re.fullmatch(r"(\S+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\nepoch ([1-9]\d*)", self.signed(note))
        if not found or found[1] != self.name:
            wrong("a checkpoint is not of this ledger, or is none")
        return Checkpoint(int(found[2]), b64decode(found[3]), int(found[4]))

    def signed(self, note: str) -> str:
        """The text of a note that is signed with this key."""
        text, _, signatures = note.rpartition("\n\n")
        for told in re.findall(rf"^— {re.escape(self.name)} (\S+)$", signatures, re.MULTILINE):
            signature = b64decode(told, validate=True)
            with suppress(InvalidSignature):
                self._key.verify(signature[4:], (text + "\n").encode())
                if signature[:4].hex() == self.id:
                    return text
        wrong("a note is not signed with this key")


def notes(text: str) -> list[str]:
    note = r"(?:[^\n]+\n)+\n(?:— [^\n]*\n)+"
    if re.sub(note, "", text).strip():
        wrong("there is something among the checkpoints that is none")
    return re.findall(note, text)


def header(leaf: bytes) -> tuple[str, int, int, str, int]:
    """Ledger, epoch, position, stream and version; the name, the time and the stored bytes follow."""
    form, ledger, epoch, position, stream, version, _ = leaf.split(b"\n", 6)
    if form != b"tiaojie-leaf/1":
        wrong("an entry has another form")
    return ledger.decode(), int(epoch), int(position), stream.decode(), int(version)


def grow(edge: list[bytes], size: int, leaf: bytes) -> None:
    """`edge`: the whole subtrees at the right edge of a tree of that size, largest first."""
    while size & 1:
        leaf, size = node(edge.pop(), leaf), size >> 1
    edge.append(leaf)


def root_of(edge: list[bytes]) -> bytes:
    return reduce(lambda right, left: node(left, right), reversed(edge)) if edge else EMPTY


def entries(bundle: zipfile.ZipFile) -> Iterator[bytes]:
    """Each after its length in four bytes."""
    with bundle.open("entries") as content:
        while told := content.read(4):
            yield content.read(int.from_bytes(told, "big"))


def standing(begun: dict[int, int], known: list[Checkpoint]) -> tuple[dict[int, list[bytes]], dict[int, str]]:
    """The roots that are expected at each size; and of each epoch what was signed, and is gone since a restore."""
    expected, gone = dict[int, list[bytes]](), dict[int, str]()
    for one in sorted(known, key=lambda one: one.size):
        if one.epoch > max(begun):
            wrong(f"epoch {one.epoch} was signed, and is not known here: this is an older copy")
        until = min((after for number, after in begun.items() if number > one.epoch), default=one.size)
        if one.epoch in begun and begun[one.epoch] <= one.size <= until:
            expected.setdefault(one.size, []).append(one.root)
        else:
            gone[one.epoch] = f"epoch {one.epoch} was signed up to {one.size}; a restore went back to {until}"
    for number, after in begun.items():
        if number > 1 and (number, after) not in [(one.epoch, one.size) for one in known]:
            wrong(f"nobody signed for the beginning of epoch {number}")
    return expected, gone


def check_ledger(bundle: zipfile.ZipFile, told: Any, known: list[Checkpoint]) -> tuple[str, dict[int, str]]:
    begun = {int(number): int(after) for number, after in told["epochs"]}
    expected, gone = standing(begun, known)
    size, edge, versions = 0, list[bytes](), dict[str, int]()
    for raw in (b"", *entries(bundle)):
        if raw:
            now = max((number for number, after in begun.items() if after <= size), default=0)
            ledger, epoch, position, stream, version = header(raw)
            if (ledger, epoch, position, version) != (told["ledger"], now, size + 1, versions.get(stream, 0) + 1):
                wrong(f"after {size} comes position {position} of epoch {epoch}, version {version} of {stream}")
            grow(edge, size, leaf_hash(raw))
            size, versions[stream] = size + 1, version
        if any(root != root_of(edge) for root in expected.get(size, [])):
            wrong(f"what stands before {size} is not what was signed")
    if not (0 < (last := max(expected, default=0)) <= size) or max(begun.values()) > size:
        wrong(f"{last} events were signed for, and {size} are there")
    return f"{size} events, {len(known)} checkpoints, {size - last} not sealed yet", gone


def check_receipt(text: str, key: Key, known: list[Checkpoint]) -> tuple[str, int, int, str, int]:
    """C2SP tlog-proof, its `extra` being the leaf."""
    found = re.fullmatch(r"c2sp\.org/tlog-proof@v1\nextra (\S+)\nindex (\d+)\n((?:\S+\n)*)\n(.+)", text, re.DOTALL)
    leaf, index, proof, note = found.groups() if found else wrong("this is no receipt")
    told, checkpoint = header(b64decode(leaf, validate=True)), key.opened(note)
    if told[2] != int(index) + 1 or f"tiaojie/{told[0]}" != key.name or told[1] > checkpoint.epoch:
        wrong("the receipt is of another place than its entry says")
    hashes = [b64decode(one, validate=True) for one in proof.split()]
    check_inclusion(leaf_hash(b64decode(leaf)), int(index), checkpoint.size, hashes, checkpoint.root)
    same = [one for one in known if (one.epoch, one.size) == (checkpoint.epoch, checkpoint.size)]
    return told if all(one.root == checkpoint.root for one in same) else wrong("two checkpoints contradict each other")


def check_case(bundle: zipfile.ZipFile, told: Any, key: Key, known: list[Checkpoint]) -> str:
    held = told.get("streams", [{**told, "versions": range(1, told.get("count", 0) + 1)}])
    places = [(one["stream"], version) for one in held for version in one["versions"]]
    for stream, version in places:
        receipt = bundle.read(f"receipts/{f'{stream}/' if 'streams' in told else ''}{version:06}.tlog-proof").decode()
        if check_receipt(receipt, key, known)[3:] != (stream, version):
            wrong(f"a receipt is not that of entry {version} of {stream}")
    return f"{len(places)} entries of the case {', '.join(sorted({stream for stream, _ in places}))}, as signed"


def check_contents(bundle: zipfile.ZipFile, key: Key) -> str:
    """Every file, the readable ones too, is what was given out: none was changed, added or taken away since."""
    held = sorted(name for name in bundle.namelist() if name != "contents")
    lines = [f"{sha256(bundle.read(name)).hexdigest()}  {name}" for name in held]
    if key.signed(bundle.read("contents").decode()) != "\n".join([key.name, "contents of a bundle", *lines]):
        wrong("the files of the bundle are not those that were signed")
    return f"; all {len(held)} files are those that were given out, the readable ones too"


def check(file: Path, key: Key, own: list[str]) -> tuple[str, dict[int, str]]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as bundle:
            told = json.loads(bundle.read("bundle.json"))
            known = [key.opened(note) for note in {*own, *notes(bundle.read("checkpoints").decode())}]
            if told["holds"] == "ledger":
                return check_ledger(bundle, told, known)
            whole = check_contents(bundle, key) if told["holds"] == "matter" else ""
            return check_case(bundle, told, key, known) + whole, {}
    known, text = [key.opened(note) for note in own], file.read_bytes().decode()
    if text.startswith("{"):
        old, *_, new = (key.opened(note) for note in json.loads(text)["checkpoints"])
        proof = [b64decode(one, validate=True) for one in json.loads(text)["proof"]]
        check_consistency(old.size, new.size, proof, old.root, new.root)
        return f"the first {old.size} of {new.size} events are the same", {}
    return "position {2}, version {4} of {3}: recorded as it stands here".format(*check_receipt(text, key, known)), {}


def main() -> int:
    asked = argparse.ArgumentParser(description="Verifies what a tiaojie ledger has handed out.")
    for name in ("file", "--key", "--checkpoints"):
        asked.add_argument(name, default="")
    given = asked.parse_args()
    try:
        key = Key(Path(given.key).read_text() if Path(given.key).is_file() else given.key)
        own = notes(Path(given.checkpoints).read_text()) if given.checkpoints else []
        told, gone = check(Path(given.file), key, own)
    except (ValueError, LookupError, TypeError, AttributeError, EOFError, OSError, RuntimeError, *ZIP) as fault:
        print(f"WRONG: {fault}")
        return 1
    print("\n".join([told, *(f"GONE: {one}" for one in gone.values())]))
    return 3 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
