"""目录 The contents of a bundle: the hash of each of its files, in one signed note."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from domain.proof import signed_note
from domain.proof.signed_note import Signer, Verifier
from domain.proof.tree import NotProven

KIND = "contents of a bundle"
"""The second line, where a checkpoint has its size: neither passes for the other."""


def signed(files: Mapping[str, bytes], name: str, signer: Signer) -> str:
    """Also of what no receipt proves: texts to be read, whose stored form is ciphertext."""
    return signed_note.sign(_text(files, name), name, signer)


def check(note: str, files: Mapping[str, bytes], name: str, verifier: Verifier) -> None:
    """Raises NotProven where a file was changed, added or taken away since it was signed."""
    if signed_note.opened(note, verifier) != _text(files, name):
        raise NotProven("the files of the bundle are not those that were signed")


def _text(files: Mapping[str, bytes], name: str) -> str:
    lines = [f"{sha256(content).hexdigest()}  {file}" for file, content in sorted(files.items())]
    return "\n".join([name, KIND, *lines, ""])
