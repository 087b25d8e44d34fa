"""移送内容: a case as a body may read it to which only a part was handed. The rest is there, and says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from application.case.disclosure.masks import HIDDEN, MASK, masked
from domain.case.beside.handover import CaseHandedOver
from domain.case.beside.holder import HolderChanged
from domain.case.beside.proceeding_extension import MatterExtended
from domain.case.beside.proceedings import ProceedingsEnded, ProceedingsNoted
from domain.case.beside.referral_return import ReferralCameBack
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.ending.closing import CaseArchived, CaseClosed, CaseReopened
from domain.case.mediating.consent import ConsentGiven, ConsentWithdrawn, ToDisclosure
from domain.case.mediating.mediation import MediationEnded
from domain.case.opening.acceptance import CaseAccepted, CaseDeclined, MediationOpened
from domain.case.opening.classification import AmountStated, CaseClassified
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.parties import PartyAdded, PartyCorrected, PartyWithdrew
from domain.shared.decider import Amending, Entry, History
from domain.shared.slices import Slice
from domain.shared.values import BodyId, Narrative, NarrativeId, PersonId

FRAME = (
    CaseRegistered,
    CaseClassified,
    CaseAccepted,
    CaseDeclined,
    CaseClosed,
    CaseReopened,
    CaseArchived,
    CaseHandedOver,
    ReferralCameBack,
    MediationOpened,
    MediationEnded,
    HolderChanged,
    PartyWithdrew,
    ProceedingsNoted,
    MatterExtended,
    ProceedingsEnded,
    Amending,
)
"""What every reader of a case sees, without its words: that it is, where it is, and who answers for it."""
WORDS = frozenset(
    {
        *("note", "reason", "account", "result", "subcategory"),
        *("foreign_number", "organ_name", "reference", "approved_by"),
    }
)
NOT_YOURS = Narrative(id=NarrativeId(UUID(int=0)), text="")


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
    awaited: list[int] = []
    for entry in history.entries:
        yield entry, awaited.pop(0) if awaited else entry.version
        if isinstance(entry.event, Amending):
            awaited = [place.entry for place in entry.event.rewritten]


def _shown(entry: Entry[Any], version: int, reading: Reading) -> Entry[Any]:
    event = entry.event
    about = getattr(event, "mediation", None)
    if entry.stamp.body == reading.body or about in reading.mediations or version in reading.given.entries:
        return entry
    match event:
        case PartyAdded() | PartyCorrected():
            party = event.party
            return replace(entry, event=event.but(party=_party(party, party.person, reading.given)))
        case CaseRegistered() if reading.given.facts:
            return replace(entry, event=silent(event).but(facts=event.facts))
        case AmountStated() if reading.given.amount:
            return entry
        case ConsentGiven() | ConsentWithdrawn() if _tells(event.subject, reading.body):
            return entry
        case _ if isinstance(event, FRAME):
            return replace(entry, event=silent(event))
    stamp = replace(entry.stamp, on_behalf_of=None)
    return replace(entry, event=NotHandedOver(), stamp=stamp)


def _tells(subject: Any, body: BodyId) -> bool:
    return isinstance(subject, ToDisclosure) and subject.body == body


def _party(details: Any, person: PersonId, given: Slice) -> Any:
    if person in given.contacts:
        return details.but(identity_number=MASK if details.identity_number else "")
    hidden = masked(details, HIDDEN)
    return hidden if person in given.parties else hidden.but(name=MASK)


def silent(event: Any) -> Any:
    """Without its words."""
    return event.but(**{name: _without_words(name, getattr(event, name)) for name in type(event).model_fields})


def _without_words(name: str, value: Any) -> Any:
    if isinstance(value, Narrative):
        return NOT_YOURS
    if name in WORDS and isinstance(value, str):
        return ""
    return value


def consents(history: History[DisputeCase], body: BodyId) -> Mapping[PersonId, int]:
    """Of each party who consents that the body is told: the entry that says so."""
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
