"""Personal text in tables of read models: ciphertext and keyed tokens, under a key that dies with the first erasure.

Tables go into the database's log, to its standbys and into its backups. So they hold no text in plain; and because
what was erased may stand in an old log, the tables are made anew at each erasure under another key, and the key that
they had is destroyed. Rows are the same for the same text, so that tables can be compared with the events.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from domain.shared.values import ERASED
from infrastructure.privacy.vault import NONCE, Vault

SPACE = UUID("3d0c4b7e-52a5-4f0e-9f0c-7a7f0f1a9b11")
NOTED = "tables/"
SIV, HASH = 64, 32
"""Bytes of the two keys that a generation has."""
TOKEN = 12
PAIR = 8
"""Bytes: of a person's token, and of that of two characters."""
LIVING = 2
"""Generations at a time: while tables are made anew, the old ones serve."""


class TableCipher:
    """Of one generation. A destroyed one opens nothing."""

    def __init__(self, generation: int, key: AESGCM | None) -> None:
        self.generation = generation
        # The vault hands out what encrypts, and never the key: what it makes of nothing, under a number that is used
        # for nothing else, is as good as a key.
        stream = key.encrypt(bytes(NONCE), bytes(SIV + HASH), None) if key else b""
        self._siv = AESSIV(stream[:SIV]) if key else None
        self._hash_key = stream[SIV : SIV + HASH]

    @property
    def opens(self) -> bool:
        return self._siv is not None

    def seal(self, text: str, id: UUID, name: str) -> bytes:
        """Bound to its row and its column. What is empty stays so: the cipher takes no empty text."""
        assert self._siv, "nothing is written under a destroyed key"
        return self._siv.encrypt(text.encode(), [id.bytes, name.encode()]) if text else b""

    def open(self, sealed: bytes, id: UUID, name: str) -> str:
        if not sealed:
            return ""
        return self._siv.decrypt(sealed, [id.bytes, name.encode()]).decode() if self._siv else ERASED

    def keyed_hash(self, purpose: str, text: bytes) -> bytes:
        return blake2b(purpose.encode() + b"\0" + text, key=self._hash_key, digest_size=TOKEN).digest()

    def pair(self, two: str) -> bytes:
        return _pair(two, self._hash_key)


@lru_cache(maxsize=200_000)
def _pair(two: str, key: bytes) -> bytes:
    return blake2b(b"pair\0" + two.encode(), key=key, digest_size=PAIR).digest()


def forget_pairs_of_tables() -> None:
    """Pairs of characters of whatever was told lately."""
    _pair.cache_clear()


class TableKeys:
    """Their keys stand in the vault; how many there were, the vault notes."""

    def __init__(self, vault: Vault) -> None:
        self._vault, self._lock = vault, Lock()
        self._known: OrderedDict[int, TableCipher] = OrderedDict()
        self._all_gone_before = 1
        """Of all earlier generations it is known that they are destroyed."""

    def newest(self) -> TableCipher:
        """Under which tables are made anew."""
        return self.of(self._last())

    def of(self, generation: int) -> TableCipher:
        with self._lock:
            if generation not in self._known:
                owner = _owner(generation)
                self._vault.ensure([owner])
                self._known[generation] = TableCipher(generation, self._vault.key(owner))
                if len(self._known) > LIVING:
                    self._known.popitem(last=False)
            return self._known[generation]

    def known(self, generation: int) -> TableCipher | None:
        """Of a number that somebody told: None where there never was such a one, so that none is made for it."""
        return self.of(generation) if 0 < generation <= self._last() else None

    def renew(self) -> None:
        """From now on tables are made anew under another key; those that serve keep theirs."""
        number = self._last() + 1
        while not self._vault.not_destroyed([_owner(number)]):  # of a vault that knows it from elsewhere
            number += 1
        self._vault.note(f"{NOTED}{number}")

    def destroy_earlier(self) -> None:
        """No table that serves is written under one of them any more."""
        self._vault.destroy(map(_owner, range(1, self._last())))
        self.forget()

    def forget(self) -> None:
        """Those that another process has destroyed. Asked again and again: while tables are made anew, the key of the
        old ones still opens them."""
        if (last := self._last()) == self._all_gone_before:
            return
        earlier = {_owner(number): number for number in range(1, last)}
        living = self._vault.not_destroyed(earlier)
        gone = earlier.keys() - living
        self._vault.forget(gone)
        with self._lock:
            for owner in gone:
                self._known.pop(earlier[owner], None)
        if not living:
            self._all_gone_before = last

    def _last(self) -> int:
        noted = self._vault.notes()
        return max((int(one.removeprefix(NOTED)) for one in noted if one.startswith(NOTED)), default=1)


def _owner(generation: int) -> UUID:
    """The same in every process, so that the first who makes its key makes it for all."""
    return uuid5(SPACE, str(generation))
