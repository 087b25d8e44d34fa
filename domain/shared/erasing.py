"""删除文字 A text gives way to a copy that an officer has confirmed; its key is destroyed. Alike in every context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from annotated_types import Len

from domain.shared.decider import Entry, Event, S
from domain.shared.errors import Missing, Refused
from domain.shared.normal_forms import Sought
from domain.shared.occasion import Occasion
from domain.shared.texts import narratives
from domain.shared.values import Filled, Line, Narrative, NarrativeId, OneLine, Printable, Told, Value

Basis = Annotated[str, Len(1, 200), Printable, OneLine, Filled]


class UnknownText(Missing):
    """There is no such text, or it was erased already."""


class StillNamed(Refused):
    """These texts name the person: each is replaced by a copy that does not."""


class Replacement(Value):
    """What reads in a text's place, as an officer has confirmed it."""

    narrative: NarrativeId
    told: Told


Replacements = Annotated[tuple[Replacement, ...], Len(0, 1000)]


class TextErased(Event[S]):
    """The key of a text is destroyed; its copy without the person, with a key of its own, reads in its place."""

    narrative: NarrativeId
    instead: Narrative
    basis: Line

    def evolve(self, state: S, at: datetime) -> S:
        """The state stays as it is, because no decision asks what a text says."""
        return state


def texts_of(entries: Iterable[Entry[Any]]) -> list[Narrative]:
    """What was told and written, but for what gave way to a copy. Where a restore has lost the event of an erasure, a
    text without a key is among them: its copy is recorded anew."""
    known = [entry.event for entry in entries]
    gone = {one.narrative for one in known if isinstance(one, TextErased)}
    told = {one.id: one for event in known for one in narratives(event) if one.text}
    return [one for id, one in told.items() if id not in gone]


def naming_texts(entries: Iterable[Entry[Any]], texts: Iterable[str]) -> list[Narrative]:
    """However the texts spell them."""
    sought = Sought.of(texts)
    return [one for one in texts_of(entries) if sought.named_in(one.text)]


def refuse_still_named(entries: Iterable[Entry[Any]], told: Mapping[NarrativeId, str], texts: Iterable[str]) -> None:
    """Raises StillNamed where a text names the person and is not replaced, or its copy names them."""
    known = list(texts)
    naming = [one.id for one in naming_texts(entries, known) if one.id not in told]
    sought = Sought.of(known)
    if naming or any(sought.named_in(one) for one in told.values()):
        raise StillNamed(narratives=naming or sorted(told))


def copies(
    entries: Iterable[Entry[Any]], told: Mapping[NarrativeId, str], on: Occasion
) -> Iterator[tuple[NarrativeId, Narrative]]:
    """Each text with its copy. Raises UnknownText."""
    if unknown := sorted(told.keys() - {one.id for one in texts_of(entries)}):
        raise UnknownText(narratives=unknown)
    return ((id, on.copy_of(id, text)) for id, text in told.items())


def read_instead(entries: Iterable[Entry[Any]]) -> Mapping[NarrativeId, str]:
    """Says for each erased text what reads in its place now, also where that copy gave way to another one since."""
    copied = {one.event.narrative: one.event.instead for one in entries if isinstance(one.event, TextErased)}
    return {id: _last(copy, copied).text for id, copy in copied.items()}


def _last(copy: Narrative, copied: Mapping[NarrativeId, Narrative]) -> Narrative:
    while copy.id in copied:
        copy = copied[copy.id]
    return copy
