"""Personal fields at the store's edge: encrypted with their owner's key, bound to the place where they stand."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from struct import iter_unpack
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.ids import random_bytes
from application.ports import OwnerErased
from domain.shared.shapes import UNIONS, hints, holding, placed, values_in
from domain.shared.values import ERASED, Personal, Value
from infrastructure.privacy.master import derived, mark_key
from infrastructure.privacy.vault import NONCE, Vault


@dataclass(frozen=True)
class Place:
    """Where an event stands: its personal fields can be read nowhere else. Ids as text, where that is at hand: to
    write one out takes as long as to decrypt."""

    ledger: UUID | str
    stream: UUID
    version: int
    event: UUID | str

    def bind(self, path: str, owner: UUID | str) -> bytes:
        return f"{self._before}{path}|{owner}".encode()

    @cached_property
    def _before(self) -> str:
        return f"{self.ledger}|{self.stream}|{self.version}|{self.event}|"


@dataclass(frozen=True)
class _Plan:
    """Of a class: its personal fields with their kind, the field that names their owner, and where to look deeper."""

    personal: tuple[tuple[str, str], ...]
    owner: str
    deeper: tuple[str, ...]


@cache
def _plan(cls: type[Value]) -> _Plan:
    fields = hints(cls)
    personal = tuple((name, kind) for name, hint in fields.items() if (kind := _kind(hint)))
    owner = "person" if "person" in fields else "id"
    if personal and owner not in fields:
        raise TypeError(f"{cls.__name__} has personal fields and says not whose")
    return _Plan(personal, owner, holding(cls))


@cache
def personal_fields(cls: type[Value]) -> tuple[tuple[tuple[str, str], ...], str, tuple[str, ...]] | None:
    """Of a class and of what its values may hold: the personal fields with their kind, the field of their owner, and
    where to look deeper; None: nothing in it is personal."""
    plan = _plan(cls)
    deeper = tuple(name for name in plan.deeper if any(personal_fields(one) for one in values_in(hints(cls)[name])))
    return (plan.personal, plan.owner, deeper) if plan.personal or deeper else None


def _kind(hint: Any) -> str | None:
    """Also where the field may be left out. Raises TypeError where the text stands deeper: it would not be found."""
    if marks := [mark.kind for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Personal)]:
        return marks[0]
    inner = [kind for one in get_args(hint) if (kind := _kind(one))]
    if inner and get_origin(hint) not in (Annotated, *UNIONS):
        raise TypeError(f"{hint} has personal text in a place where it is not looked for")
    return inner[0] if inner else None


def _parts(value: Value, path: str = "") -> Iterator[tuple[Value, str]]:
    """The value and every value in it, with the path to it."""
    yield value, path
    for name in _plan(type(value)).deeper:
        for one, place in placed(getattr(value, name), f"{path}/{name}"):
            if isinstance(one, Value):
                yield from _parts(one, place)


def owners(value: Value) -> Iterator[UUID]:
    for part, _ in _parts(value):
        plan = _plan(type(part))
        if plan.personal:
            yield getattr(part, plan.owner)


class PersonalCipher:
    def __init__(self, vault: Vault, master: bytes) -> None:
        self.vault = vault
        self._hash_key = derived(master, "hash")
        self._similarity_key = derived(master, "similarity")
        self.mark_key = mark_key(master)

    def seal(self, event: Value, content: dict[str, Any], place: Place) -> None:
        """Encrypts the personal fields of the event in its dumped content. Their keys exist already.

        Raises OwnerErased."""
        for part, path in _parts(event):
            plan = _plan(type(part))
            if not plan.personal:
                continue
            owner: UUID = getattr(part, plan.owner)
            key, into = self.vault.key(owner), _at(content, path)
            for name, kind in plan.personal:
                if not (text := getattr(part, name)) or text == ERASED:
                    continue  # an entry that is recorded anew by a correction says still that it was erased
                if key is None:
                    raise OwnerErased(owner=owner)
                into[name] = self._sealed(key, text, kind, place.bind(f"{path}/{name}", owner), owner)

    def similarity(self, text: str) -> str:
        """What a narrative tells of its text beside the ciphertext: how alike it is to others."""
        return f"{simhash(text, self._similarity_key):016x}"

    def _sealed(self, key: AESGCM, text: str, kind: str, bound: bytes, owner: UUID) -> dict[str, Any]:
        nonce = random_bytes(NONCE)
        sealed = {"~": b64encode(nonce + key.encrypt(nonce, text.encode(), bound)).decode(), "k": str(owner)}
        if kind == "narrative":
            sealed["s"] = f"{simhash(text, self._similarity_key):016x}"
        return sealed

    def open(self, contents: Iterable[tuple[Any, Place]]) -> None:
        """Plain text, or the mark of what was erased, takes the place of every encrypted field in them. The keys that
        they need are learnt in one look. Raises KeyMissing, InvalidTag."""
        sealed = [(*one, place) for content, place in contents for one in sealed_in(content, "", [])]
        owners = {holder[name]["k"] for holder, name, _, _ in sealed}
        keys = self.vault.keys({UUID(one): one for one in owners})
        for holder, name, path, place in sealed:
            holder[name] = _opened(holder[name], keys, place, path)

    def keyed_hash(self, purpose: str, text: bytes) -> bytes:
        """The same for the same text, and no way back without the master key."""
        return blake2b(purpose.encode() + b"\0" + text, key=self._hash_key, digest_size=32).digest()


def sealed_in(content: Any, path: str, found: list[tuple[Any, Any, str]]) -> list[tuple[Any, Any, str]]:
    """Where encrypted fields stand: in what, under which name, and the path to it. They are added to those found."""
    for name, one in content.items() if isinstance(content, dict) else enumerate(content):
        if type(one) is dict and "~" in one:
            found.append((content, name, f"{path}/{name}"))
        elif type(one) is dict or type(one) is list:
            sealed_in(one, f"{path}/{name}", found)
    return found


def _opened(sealed: Mapping[str, str], keys: Mapping[str, AESGCM | None], place: Place, path: str) -> str:
    owner = sealed["k"]
    if (key := keys[owner]) is None:
        return ERASED
    secret = b64decode(sealed["~"])
    return key.decrypt(secret[:NONCE], secret[NONCE:], place.bind(path, owner)).decode()


def _at(content: Any, path: str) -> Any:
    for part in path.split("/")[1:]:
        content = content[int(part) if isinstance(content, list) else part]
    return content


LANE = 32
"""Bits of a counter: 64 of them stand side by side in one integer, so that a token is counted in eight additions."""
_SPREAD = [sum(1 << LANE * bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


@lru_cache(maxsize=200_000)
def _token(pair: str, key: bytes) -> int:
    digest = blake2b(pair.encode(), key=key, digest_size=8).digest()
    return sum(_SPREAD[byte] << LANE * 8 * place for place, byte in enumerate(digest))


def forget_pairs() -> None:
    """Pairs of characters of whatever was told lately."""
    _token.cache_clear()


def simhash(text: str, key: bytes) -> int:
    """64 bits that differ in few places where two texts differ in few pairs of characters."""
    tokens = [_token(text[at : at + 2], key) for at in range(max(len(text) - 1, 1))]
    counts = sum(tokens).to_bytes(64 * LANE // 8, "little")
    most = len(tokens) // 2
    return sum(1 << bit for bit, (count,) in enumerate(iter_unpack("<I", counts)) if count > most)
