"""Where wrapped keys stand: in a file of the state folder, or in a database of their own that several hosts share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

WrappedKey = tuple[UUID, bytes]


class KeyStore(Protocol):
    """Each of its methods raises StoreAway where it cannot be asked or written just now. What it has answered stands
    durably. One thread at a time."""

    def identity(self) -> UUID | None:
        """Which store this is, whatever was copied from where; None: it is older than its identity."""

    def adopt(self, identity: UUID) -> None:
        """That it is the one which the ledger knows by this identity."""

    def noted(self, what: str) -> bool:
        """What whoever runs the ledger's database must not be able to take back."""

    def note(self, what: str) -> None: ...

    def notes(self) -> list[str]: ...

    def is_empty(self) -> bool: ...

    def add(self, keys: Sequence[WrappedKey]) -> bool:
        """Those whose owners have none yet. Whether all of them were new."""

    def wrapped(self, owners: Sequence[UUID]) -> dict[UUID, bytes | None]:
        """Of those that it knows. None: it was destroyed."""

    def destroy(self, owners: Iterable[UUID]) -> None:
        """For good: none of them gets a key again."""

    def empty_log(self) -> None:
        """What was destroyed stands no more in the store's own log. Raises StoreAway while another reads it."""

    def close(self) -> None: ...
