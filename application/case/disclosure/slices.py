"""移送内容: a case as a body may read it to which only a part was handed. The rest is there, and says nothing.

What is part of the frame that every reader sees is marked where it stands: `framed` events, and `Framed` fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from application.case.disclosure.masks import MASK
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.mediating.consent import ConsentGiven, ConsentWithdrawn, ToDisclosure
from domain.case.opening.classification import AmountStated
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.parties import PartyAdded, PartyCorrected
from domain.case.people import PartyDetails
from domain.shared.decider import Amending, Entry, History, Rewritten
from domain.shared.marks import FRAMED, marked, personal_kinds
from domain.shared.slices import Slice
from domain.shared.values import BodyId, Narrative, NarrativeId, PersonId, Value

NOT_YOURS = Narrative(id=NarrativeId(UUID(int=0)), text="")
SOMETHING = object()
"""In the place of what cannot be left empty: the whole entry is withheld then."""


class NotHandedOver(CaseEvent):
    """An entry that was not handed to the reader: only that there is one. Never stored."""

    name: ClassVar = "case.not_handed_over"

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


@dataclass(frozen=True)
class Reading:
    """Who reads, and what they were given."""

    body: BodyId
    given: Slice
    mediations: frozenset[int]
    """Those that the body mediates itself, alone or jointly."""


def handed(history: History[DisputeCase], body: BodyId, given: Slice) -> History[DisputeCase]:
    """The same entries, versions and places; what was not handed over is empty."""
    mine = {number for number, one in history.state.mediations.items() if body in {one.body, *one.joint}}
    reading = Reading(body, given, frozenset(mine))
    shown = [_shown(entry, version, reading) for entry, version in _by_origin(history)]
    return History.of(history.id, history.blank, shown)


def _by_origin(history: History[DisputeCase]) -> Iterator[tuple[Entry[DisputeCase], int]]:
    """Each entry with the version of the one that it stands for: itself, or the one that it corrects."""
    awaited: list[Rewritten] = []
    for entry in history.entries:
        yield entry, entry.read_as(awaited.pop(0)).version if awaited else entry.version
        if isinstance(entry.event, Amending):
            awaited = list(entry.event.rewritten)


def _shown(entry: Entry[Any], version: int, reading: Reading) -> Entry[Any]:
    event = entry.event
    about = getattr(event, "mediation", None)
    if entry.stamp.body == reading.body or about in reading.mediations or version in reading.given.entries:
        return entry
    told = _told(event, reading)
    if told is None:
        return replace(entry, event=NotHandedOver(), stamp=replace(entry.stamp, on_behalf_of=None))
    return replace(entry, event=told)


def _told(event: Any, reading: Reading) -> Any:
    """The event as far as it was handed over; None: not at all."""
    match event:
        case PartyAdded() | PartyCorrected():
            return silent(event, party=_party(event.party, reading.given))
        case CaseRegistered() if reading.given.facts:
            return silent(event, facts=event.facts)
        case AmountStated() if reading.given.amount:
            return silent(event)
        case ConsentGiven() | ConsentWithdrawn() if _tells(event.subject, reading.body):
            return silent(event)
    return silent(event) if event.framed else None


def _tells(subject: Any, body: BodyId) -> bool:
    return isinstance(subject, ToDisclosure) and subject.body == body


def _party(details: PartyDetails, given: Slice) -> Any:
    if details.person in given.contacts:
        return silent(details, name=details.name, phone=details.phone, address=details.address)
    return silent(details, name=details.name) if details.person in given.parties else silent(details)


def silent(value: Value, **told: Any) -> Any:
    """With the fields alone that are marked as part of the frame, and those that are told; None where a field can be
    neither shown nor left empty."""
    seen = marked(type(value), FRAMED) | told.keys()
    hidden = {name: _nothing(value, name) for name in type(value).model_fields if name not in seen}
    return None if SOMETHING in hidden.values() else value.with_fields({**hidden, **told})


def _nothing(of: Value, name: str) -> Any:
    """What says nothing in that field's place: that something is there may be seen of what names a person."""
    field, value = type(of).model_fields[name], getattr(of, name)
    if isinstance(value, Narrative):
        return NOT_YOURS
    if value and name in personal_kinds(type(of)):
        return MASK
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    empty = type(value) in {str, tuple, frozenset}
    return type(value)() if empty else SOMETHING


def consents(history: History[DisputeCase], body: BodyId) -> Mapping[PersonId, int]:
    """The entry by which each party consents that the body is told."""
    found: dict[PersonId, int] = {}
    for entry in history.entries:
        event = entry.event
        if isinstance(event, ConsentGiven) and _tells(event.subject, body):
            found[event.party] = entry.version
        if isinstance(event, ConsentWithdrawn) and _tells(event.subject, body):
            found.pop(event.party, None)
    return found


def as_read_by(history: History[DisputeCase], body: BodyId, given: Slice) -> History[DisputeCase]:
    """What was given, less what a party has taken back since."""
    standing = consents(history, body).keys()
    kept = given.but(contacts=tuple(one for one in given.contacts if one in standing))
    return handed(history, body, kept)
