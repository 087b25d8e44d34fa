"""Signed notes (C2SP signed-note): a text, an empty line, and who signed it with which key."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from hashlib import sha256
from typing import Protocol

from domain.proof.tree import NotProven

ED25519 = b"\x01"
"""The kind of signature, as signed-note numbers them."""
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")


class Signer(Protocol):
    @property
    def public(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


class Verifier(Protocol):
    @property
    def public(self) -> bytes: ...
    def valid(self, signature: bytes, text: bytes) -> bool: ...


def sign(text: str, name: str, signer: Signer) -> str:
    """`text`: it begins with the name on a line of its own, and ends with a line break."""
    told = key_id(name, signer.public) + signer.sign(text.encode())
    return f"{text}\n— {name} {b64encode(told).decode()}\n"


def opened(note: str, verifier: Verifier) -> str:
    """Its text. Raises NotProven where it was not signed, under the name in its first line, with that key."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    name = text.partition("\n")[0]
    mine = key_id(name, verifier.public)
    for who, told in _signatures(signatures):
        if who == name and told[:4] == mine and verifier.valid(told[4:], text.encode()):
            return text
    raise NotProven("the note is not signed with the key of this ledger")


def _signatures(lines: str) -> Iterator[tuple[str, bytes]]:
    for name, told in _LINE.findall(lines):
        try:
            yield name, b64decode(told, validate=True)
        except NotBase64:
            continue


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that tell which key a signature is of."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """As it is handed out: name+id+base64(kind, key)."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"
