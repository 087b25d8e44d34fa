"""Use cases of privacy: who is in a case, what names them, and that they are restricted or erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from application.case.page import page
from application.case.row import number_form, numbers
from application.case.service import Cases, again_if_overtaken
from application.case.texts import TextsElsewhere, histories
from application.ports import Asked, Ledger, Receipt, Unit
from application.streams import CASES
from domain.case.case import DisputeCase
from domain.case.kinds import Side
from domain.case.people import Participant, PartyDetails, Representative
from domain.case.record.privacy import OVER, EraseNarrative, ErasePerson, RestrictPerson, kept_until, known_by
from domain.shared.decider import History
from domain.shared.erasing import naming_texts
from domain.shared.errors import UnknownStream
from domain.shared.normal_forms import Sought
from domain.shared.texts import described, parts, personal_fields, persons
from domain.shared.values import ERASED, CaseId, Narrative, OfficerId, PersonId, Value

OPERATOR = OfficerId(UUID(int=0))
"""Who asks by the command line."""
IN_THEIR_PLACE = "[当事人]"
"""What a proposed copy says in place of a name or a number."""


class PersonStanding(StrEnum):
    """Why a person's data is not there as it was told."""

    RESTRICTED = "restricted"
    ERASED = "erased"
    UNRECORDED = "unrecorded"
    """It is erased, and a restore has lost the event."""


@dataclass(frozen=True)
class KnownPerson:
    id: PersonId
    role: str
    """As what the case knows them: "party", "representative" or "participant"."""
    side: Side | None
    held: tuple[str, ...]
    """The personal fields of which something was ever recorded, and can still be read."""
    name: str
    standing: PersonStanding | None


@dataclass(frozen=True)
class Naming:
    """A text that names a person, and the copy that is proposed in its place."""

    text: Narrative
    proposed: str


class Privacy:
    """For whoever runs the ledger: no officer asks for it over the web."""

    def __init__(self, ledger: Ledger, cases: Cases) -> None:
        self._ledger, self._cases = ledger, cases

    def restrict(self, id: CaseId, command: RestrictPerson, asked: Asked) -> Receipt:
        def work(unit: Unit) -> UUID:
            self._cases.act(unit, id, command, _of_its_body(asked, _known(unit.history(CASES, id))))
            return id

        return self._recorded(asked, work)

    def erase(self, id: CaseId, command: ErasePerson | EraseNarrative, asked: Asked) -> Receipt:
        """Records it, with what its referrals and escalations record of their texts. The keys are destroyed after
        that: see infrastructure.privacy.erasing."""

        def work(unit: Unit) -> UUID:
            case = _known(unit.history(CASES, id))
            told_by = _of_its_body(asked, case)
            known = known_by(case.entries, command.person) if isinstance(command, ErasePerson) else set[str]()
            texts = TextsElsewhere(unit, case, self._cases)
            own = command.but(replacements=texts.without_mine(command.replacements))
            self._cases.act(unit, id, own, told_by)
            texts.replace(command.replacements, command.basis, known, told_by)
            return id

        return self._recorded(asked, work)

    def _recorded(self, asked: Asked, work: Callable[[Unit], UUID]) -> Receipt:
        """Decided anew where officers were faster: whoever asks has seen no version."""
        return again_if_overtaken(lambda: self._ledger.carry_out(asked, work), None)

    def people(self, id: CaseId) -> list[KnownPerson]:
        """Everybody whom an entry describes, once each, always in the same order. Raises UnknownStream."""
        history = self._history(id)
        found: dict[PersonId, list[Value]] = {}
        for entry in history.entries:
            for person, part in persons(entry.event):
                found.setdefault(person, []).append(part)
        return [_known_person(history.state, person, told) for person, told in found.items()]

    def is_numbered(self, id: CaseId, number: str) -> bool:
        """Whether it is its case code, a file number of its mediations, or the number that another organ gave it."""
        read = page(self._history(id))
        return number_form(number) in numbers(read)

    def kept_until(self, id: CaseId, asked: Asked) -> date | None:
        """Until when its persons are only restricted; None while it goes on."""
        history = self._history(id)
        if history.state.status not in OVER:
            return None
        nobody = RestrictPerson(person=PersonId(UUID(int=0)), basis="-")
        return kept_until(history.state, self._cases.occasion(nobody, _of_its_body(asked, history))).day

    def naming(self, id: CaseId, person: PersonId) -> list[Naming]:
        """Raises UnknownStream, UnknownPerson."""
        known = known_by(self._history(id).entries, person)
        named = {one.id: one for history in self._histories(id) for one in naming_texts(history.entries, known)}
        sought = Sought.of(known)
        return [Naming(one, sought.replaced_in(one.text, IN_THEIR_PLACE)) for one in named.values()]

    def plain_entries(self, id: CaseId, person: PersonId) -> list[int]:
        """Entries that name the person in a field that is not encrypted, or is somebody else's: that stays, and is told
        to the officer."""
        history = self._history(id)
        sought = Sought.of(known_by(history.entries, person))
        return [entry.version for entry in history.entries if _stays(entry.event, sought, person)]

    def _histories(self, id: CaseId) -> list[History[Any]]:
        """The case's own, and those of its referrals and escalations."""
        case = self._history(id)
        return [case, *(history for _, history in histories(case, self._ledger.history))]

    def _history(self, id: CaseId) -> History[DisputeCase]:
        return _known(self._ledger.history(CASES, id))


ROLES: Mapping[type[Value], str] = {
    PartyDetails: "party",
    Representative: "representative",
    Participant: "participant",
}


def _known_person(case: DisputeCase, person: PersonId, told: Sequence[Value]) -> KnownPerson:
    last, party = told[-1], case.parties.get(person)
    held = {name: None for part in told for name, text in described(part).items() if text != ERASED}
    standing, name = _standing(case, person, last), getattr(last, "name", "")
    return KnownPerson(person, ROLES[type(last)], party.side if party else None, tuple(held), name, standing)


def _standing(case: DisputeCase, person: PersonId, part: Value) -> PersonStanding | None:
    if person in case.erased:
        return PersonStanding.ERASED
    if ERASED in described(part).values():
        return PersonStanding.UNRECORDED
    return PersonStanding.RESTRICTED if person in case.restricted else None


def _of_its_body(asked: Asked, history: History[DisputeCase]) -> Asked:
    """Recorded for the body that answers for the file: whoever holds it, or recorded it first."""
    return replace(asked, body=history.state.holder or history.entries[0].stamp.body)


def _stays(event: Value, sought: Sought, person: PersonId) -> bool:
    """Whether a field names them that no erasure of the person reaches: narratives are replaced."""
    fields = ((part, name) for part in parts(event) for name in type(part).model_fields)
    staying = (
        getattr(part, name)
        for part, name in fields
        if name not in personal_fields(type(part)) or getattr(part, "person", person) != person
    )
    return any(type(one) is str and sought.named_in(one) for one in staying)


def _known(history: History[DisputeCase]) -> History[DisputeCase]:
    if not history.entries:
        raise UnknownStream(id=history.id)
    return history
