"""What was searched for, as it stands in the address of a list: sealed, until the next erasure destroys its key."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from json import dumps, loads
from uuid import UUID

from cryptography.exceptions import InvalidTag

from infrastructure.privacy.table_keys import TableKeys

NOWHERE = UUID(int=0)
"""It belongs to no row."""
PURPOSE = "search"


class SealedSearches:
    """`api.system.Searches`."""

    def __init__(self, keys: TableKeys) -> None:
        self._keys = keys

    def sealed(self, wishes: Mapping[str, str]) -> str:
        cipher = self._keys.newest()
        text = urlsafe_b64encode(cipher.seal(dumps(wishes, ensure_ascii=False), NOWHERE, PURPOSE)).decode()
        return f"{cipher.generation}.{text.rstrip('=')}"

    def opened(self, mark: str) -> Mapping[str, str] | None:
        """None: its key was destroyed since, or it was never made here."""
        generation, _, text = mark.partition(".")
        cipher = self._keys.known(int(generation)) if generation.isdecimal() and len(generation) < 9 else None
        if cipher is None or not cipher.opens:
            return None
        try:
            found = cipher.open(urlsafe_b64decode(text + "=" * (-len(text) % 4)), NOWHERE, PURPOSE)
            return {str(name): str(value) for name, value in loads(found).items()}
        except (InvalidTag, ValueError, AttributeError):
            return None
