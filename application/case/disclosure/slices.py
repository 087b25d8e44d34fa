"""移送内容: a case as a body may read it that sees only a part of it. The rest is there, and says nothing.

A part is what was handed over, what the body recorded itself, what is recorded of the mediations that it leads or has
joined, and all of its own turn, where it once held the case. What is part of the frame that every reader sees is marked
where it stands: `framed` events, and `Framed` fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from application.case.disclosure.parts import Part, part_handed, tells_of
from application.case.disclosure.silence import NotHandedOver, is_wordless, silent
from domain.case.case import DisputeCase
from domain.case.mediating.consent import ConsentGiven, ConsentWithdrawn
from domain.case.opening.classification import AmountStated, RiskRated, tells_of_danger
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.parties import PartyAdded, PartyCorrected
from domain.case.opening.risk_reports import RiskReported
from domain.case.opening.succession import PartySucceeded
from domain.case.people import PartyDetails
from domain.shared.decider import Amending, Entry, History, Rewritten
from domain.shared.marks import FRAMED, marked
from domain.shared.slices import Slice
from domain.shared.values import BodyId, PersonId, Value


@dataclass(frozen=True)
class _Line:
    entry: Entry[DisputeCase]
    origin: Entry[DisputeCase]
    """The one that it stands for: itself, or the one that it corrects."""
    danger: bool = False
    """Whether there was a danger before, or is with it."""
    was: PartyDetails | None = None
    """Of a party that it corrects: all that was known before."""


def as_read_by(history: History[DisputeCase], body: BodyId, given: Slice) -> History[DisputeCase]:
    """The case as a body reads it to which this is handed. What a party has taken back since is left out."""
    return as_read(history, part_handed(history, body, given))


def as_read(history: History[DisputeCase], part: Part) -> History[DisputeCase]:
    """The same entries, versions and places; what is no part of it is empty."""
    people: dict[PersonId, PartyDetails] = {}
    return History.of(history.id, history.blank, [_shown(line, part, people) for line in _lines(history)])


def _lines(history: History[DisputeCase]) -> Iterator[_Line]:
    awaited: list[Rewritten] = []
    recorded, danger = {one.version: one for one in history.entries}, False
    people: dict[PersonId, PartyDetails] = {}
    for entry in history.entries:
        place = awaited.pop(0) if awaited else None
        before = danger
        if isinstance(entry.event, CaseRegistered | RiskRated):
            danger = tells_of_danger(entry.event)
        origin = recorded[entry.read_as(place).version] if place else entry
        if isinstance(entry.event, PartyAdded | PartyCorrected):
            details = entry.event.party
            yield _Line(entry, origin, danger, people.get(details.person))
            people[details.person] = details
        else:
            yield _Line(entry, origin, danger or before)
        if isinstance(entry.event, Amending):
            awaited = list(entry.event.rewritten)


def _shown(line: _Line, part: Part, people: dict[PersonId, PartyDetails]) -> Entry[Any]:
    """`people`: the parties, as the reader has read of them so far."""
    entry = _as_shown(line, part, people)
    if isinstance(entry.event, PartyAdded | PartyCorrected):
        people[entry.event.party.person] = entry.event.party
    return entry


def _as_shown(line: _Line, part: Part, people: Mapping[PersonId, PartyDetails]) -> Entry[Any]:
    event: Any = line.entry.event
    if _is_read(line, part):
        known = people.get(event.party.person) if isinstance(event, PartyCorrected) and line.was else None
        return replace(line.entry, event=_corrected(event, line, known)) if known else line.entry
    known = part.events.get(line.origin.version)
    told = _as_it_was_read(event, known) if type(known) is type(event) else _told(line, part)
    if told is None:
        return replace(line.entry, event=NotHandedOver(), stamp=replace(line.entry.stamp, on_behalf_of=None))
    return replace(line.entry, event=told)


def _corrected(event: PartyCorrected, line: _Line, known: PartyDetails) -> PartyCorrected:
    """A correction tells of a party all that there is, also what its recorder did not know: what it changed is told."""
    new, was = event.party, line.was
    changed = {name: value for name, value in vars(new).items() if value != getattr(was, name)}
    return event.but(party=known.with_fields(changed))


def _is_read(line: _Line, part: Part) -> bool:
    """All of it."""
    entry, about = line.entry, getattr(line.entry.event, "mediation", None)
    kind: type[Value] = type(entry.event)
    mine = entry.stamp.body == part.body == line.origin.stamp.body
    joined = part.mediations.get(about, range(0)) if about else range(0)
    since = entry.version in joined or (entry.version < joined.start and is_wordless(kind))
    told = isinstance(entry.event, RiskReported) and entry.event.recipient_body == part.body
    return entry.version <= part.turn or mine or since or told or line.origin.version in part.given.entries


def _as_it_was_read(event: Any, known: Any) -> Any:
    """An entry of the body's turn that others corrected after it: the frame is told anew, the rest as it was."""
    kind: type[Value] = type(event)
    framed = marked(kind, FRAMED) if event.framed else frozenset()
    return known.with_fields({name: getattr(event, name) for name in framed})


def _told(line: _Line, part: Part) -> Any:
    """The event as far as it is told; None: not at all."""
    event: Any = line.entry.event
    match event:
        case PartyAdded() | PartyCorrected():
            return silent(event, party=_party(event.party, part))
        case PartySucceeded():
            return silent(event, successor=_party(event.successor, part))
        case CaseRegistered() if part.given.facts:
            return silent(event, facts=event.facts)
        case RiskRated() if line.danger:
            return silent(event)
        case AmountStated() if part.given.amount:
            return silent(event)
        case ConsentGiven() | ConsentWithdrawn() if tells_of(event.subject, part.body):
            return silent(event)
    return silent(event) if event.framed else None


def _party(details: PartyDetails, part: Part) -> Any:
    """As it was known in the body's turn; of what was recorded since, as much as was given."""
    given, known = part.given, part.people.get(details.person)
    told: dict[str, Any] = {}
    if details.person in given.contacts:
        told = {"name": details.name, "phone": details.phone, "address": details.address}
    elif details.person in given.parties:
        told = {"name": details.name}
    return known.with_fields(told) if known else silent(details, **told)
