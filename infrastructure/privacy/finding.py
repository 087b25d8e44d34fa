"""找人 Where somebody is held, read from the ledger itself, whatever the tables show.

Who asks to be forgotten is never told that nothing is held while it is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from domain.shared.marks import personal_kinds
from domain.shared.normal_forms import Sought, forms
from domain.shared.shapes import placed
from domain.shared.texts import parts
from domain.shared.values import Value
from infrastructure.ledger.feed import Read, Unreadable

PAGE = 2_000
CONTEXTS = ("case", "referral", "escalation")
KINDS = ("name", "identity-number", "phone", "address")


class ReadableFeed(Protocol):
    def feed_as_readable(self, after: int, limit: int) -> Sequence[Read]: ...

    def head(self) -> int: ...


@dataclass
class Found:
    """`held`: streams by id, with their context. `unreadable`: what they hold is not known."""

    held: dict[UUID, str] = field(default_factory=dict)
    unreadable: set[UUID] = field(default_factory=set)


@dataclass(frozen=True)
class SoughtPerson:
    """A name, a number or an address as a whole, of which kind is not said."""

    by_kind: Mapping[str, frozenset[str]]
    sought: Sought

    @classmethod
    def of(cls, text: str) -> SoughtPerson:
        return cls({kind: forms(kind, text) for kind in KINDS}, Sought.of({text}))

    def is_in(self, event: Value) -> bool:
        """In a field of its own, or within any other text: also of somebody who was corrected, struck out or restricted
        since."""
        return any(self._is_in_part(one) for one in parts(event))

    def _is_in_part(self, part: Value) -> bool:
        kinds = personal_kinds(type(part))
        return any(self._is_in_text(text, kinds.get(name, "")) for name, text in _texts(part))

    def _is_in_text(self, text: str, kind: str) -> bool:
        own = kind in self.by_kind and not self.by_kind[kind].isdisjoint(forms(kind, text))
        return own or self.sought.named_in(text)


def _texts(part: Value) -> Iterator[tuple[str, str]]:
    for name, value in vars(part).items():
        yield from ((name, one) for one, _ in placed(value) if type(one) is str and one)


class Finding:
    def __init__(self, feed: ReadableFeed) -> None:
        self._feed = feed

    def find(self, text: str, tell: Callable[[int, int], None]) -> Found:
        """From the first event to the last that is recorded by then."""
        asked, found, position = SoughtPerson.of(text), Found(), 0
        while page := self._feed.feed_as_readable(position, PAGE):
            for one in page:
                _look(one, asked, found)
            position = page[-1].position
            tell(position, max(position, self._feed.head()))
        return found


def _look(one: Read, asked: SoughtPerson, found: Found) -> None:
    context = (one.name if isinstance(one, Unreadable) else one.event.name).partition(".")[0]
    if context not in CONTEXTS or one.stream in found.held:
        return
    if isinstance(one, Unreadable):
        found.unreadable.add(one.stream)
    elif asked.is_in(_event(one)):
        found.held[one.stream] = context


def _event(one: Any) -> Value:
    event: Value = one.event
    return event
