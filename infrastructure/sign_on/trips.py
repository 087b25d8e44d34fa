"""What a browser keeps while its user is at the county's sign-on: signed, for some minutes, and of no use elsewhere.

One secret is in it. State, nonce and PKCE's verifier follow from it and from a key of ours, so an address that somebody
sees tells none of the others, and nothing has to be kept here."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_bytes

SECONDS = 600
SECRET = 32
LONGEST = 1_500
"""Characters of where somebody wanted to go: a browser keeps some four thousand bytes."""


@dataclass(frozen=True)
class Trip:
    secret: bytes
    begun: int
    next: str
    key: bytes

    @classmethod
    def new(cls, key: bytes, next: str, now: datetime) -> Trip:
        return cls(token_bytes(SECRET), int(now.timestamp()), next if len(next) <= LONGEST else "/", key)

    @property
    def state(self) -> str:
        return self._derived(b"state")

    @property
    def nonce(self) -> str:
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        return self._derived(b"verifier")

    @property
    def challenge(self) -> str:
        return _text(sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: bytes) -> str:
        return _text(digest(self.key, purpose + self.secret, sha256))

    def kept(self) -> str:
        told = f"{_text(self.secret)}.{self.begun}.{_text(self.next.encode())}"
        return f"{told}.{_mark(self.key, told)}"


def read_trip(kept: str, key: bytes, now: datetime) -> Trip | None:
    """None where it is not ours, or too old."""
    told, _, mark = kept.rpartition(".")
    if not kept.isascii() or not compare_digest(_mark(key, told), mark):
        return None
    secret, begun, next = told.split(".")
    if not 0 <= now.timestamp() - int(begun) <= SECONDS:
        return None
    return Trip(_bytes(secret), int(begun), _bytes(next).decode(), key)


def _mark(key: bytes, told: str) -> str:
    return _text(digest(key, b"kept" + told.encode(), sha256))


def _text(told: bytes) -> str:
    return urlsafe_b64encode(told).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
