"""个人信息 Privacy: a person is restricted while retention runs, then erased; texts give way to copies without them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, CaseEvent, PersonIsWithheld
from domain.case.service_limits import FILE_KEPT
from domain.shared.decider import Amendment, Entry, History
from domain.shared.erasing import Basis, Replacement, Replacements, TextErased, copies, refuse_still_named
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.law import Due
from domain.shared.marks import Seen
from domain.shared.normal_forms import Sought
from domain.shared.occasion import Occasion
from domain.shared.texts import described, narratives, persons
from domain.shared.values import ERASED, Line, NarrativeId, PersonId
from domain.statutes import DELETION

ANY_TIME = frozenset(set(Status) - {Status.NEW})
OVER = frozenset({Status.CLOSED, Status.ARCHIVED, Status.MERGED})
"""Nothing of a case that goes on is erased."""


class UnknownPerson(Missing):
    """The case knows no such person."""


class RetentionRuns(Conflict):
    """The file is kept until that day: until then a person is restricted, not erased (个人信息保护法 47)."""


class BasisNamesPerson(Refused):
    """The legal basis stays for ever: it names nobody."""


class _AboutPrivacy(Amendment[DisputeCase], CaseCommand):
    allowed_in = OVER
    rule = DELETION
    by_operator = True
    basis: Basis
    """The legal basis, and by what request."""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        raise AssertionError("an amendment is decided on the history")


class _OfPerson(_AboutPrivacy):
    person: PersonId

    def texts(self, history: History[DisputeCase]) -> set[str]:
        """By which the person is known. Raises UnknownPerson, BasisNamesPerson, PersonIsWithheld."""
        if self.person in history.state.erased:
            raise PersonIsWithheld(person=self.person, basis=str(DELETION))
        texts = known_by(history.entries, self.person)
        if Sought.of(texts).named_in(self.basis):
            raise BasisNamesPerson(person=self.person)
        return texts


class RestrictPerson(_OfPerson):
    """限制处理"""

    allowed_in = ANY_TIME

    def amend(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        self.texts(history)
        if self.person in history.state.restricted:
            raise PersonIsWithheld(person=self.person, basis=str(DELETION))
        return (PersonRestricted(person=self.person, basis=self.basis),)


class PersonRestricted(CaseEvent):
    name: ClassVar = "case.person_restricted"
    of = (RestrictPerson,)
    immutable = True
    person: PersonId
    basis: Seen[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(restricted=case.restricted | {self.person})


class ErasePerson(_OfPerson):
    """删除个人信息"""

    replacements: Replacements = ()
    """For the texts of the case itself; those of its referrals and escalations are replaced in their own streams."""

    def amend(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        texts = self.texts(history)
        refuse_kept(history.state, on)
        told = {one.narrative: one.told for one in self.replacements}
        refuse_still_named(history.entries, told, texts)
        return (*_replaced(history, told, self.basis, on), PersonErased(person=self.person, basis=self.basis))


class PersonErased(CaseEvent):
    """Their key is destroyed: whatever was recorded of them reads as erased."""

    name: ClassVar = "case.person_erased"
    of = (ErasePerson,)
    immutable = True
    person: PersonId
    basis: Seen[Line]

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(erased=case.erased | {self.person}, restricted=case.restricted - {self.person})


class EraseNarrative(_AboutPrivacy):
    """删除文字内容"""

    replacements: Annotated[tuple[Replacement, ...], Len(1, 1000)]

    def amend(self, history: History[DisputeCase], on: Occasion) -> tuple[CaseEvent, ...]:
        refuse_kept(history.state, on)
        return _replaced(history, {one.narrative: one.told for one in self.replacements}, self.basis, on)


class NarrativeErased(CaseEvent, TextErased[DisputeCase]):
    name: ClassVar = "case.narrative_erased"
    of = (EraseNarrative, ErasePerson)
    immutable = True

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(replaced=case.replaced | {self.narrative})


def _replaced(
    history: History[DisputeCase], told: dict[NarrativeId, str], basis: str, on: Occasion
) -> tuple[CaseEvent, ...]:
    """Raises UnknownText."""
    found = copies(history.entries, told, on)
    return tuple(NarrativeErased(narrative=id, instead=copy, basis=basis) for id, copy in found)


def kept_until(case: DisputeCase, on: Occasion) -> Due:
    """Counted from the day that the case was closed, or from the day that it was archived."""
    assert case.since
    return on.due(FILE_KEPT, case.since)


def refuse_kept(case: DisputeCase, on: Occasion) -> None:
    """Raises RetentionRuns."""
    if not (kept := kept_until(case, on)).over(on.now):
        raise RetentionRuns(until=kept.day, basis=kept.basis)


def known_by(entries: Iterable[Entry[Any]], person: PersonId) -> set[str]:
    """Every name, number and address that was ever recorded of them. Raises UnknownPerson."""
    found = [part for entry in entries for id, part in persons(entry.event) if id == person]
    if not found:
        raise UnknownPerson(person=person)
    return {text for part in found for text in described(part).values()} - {ERASED}


def is_withheld_entry(history: History[DisputeCase], entry: Entry[Any]) -> bool:
    try:
        refuse_withheld_entry(history, entry)
    except PersonIsWithheld:
        return True
    return False


def refuse_withheld_entry(history: History[DisputeCase], entry: Entry[Any]) -> None:
    """Raises PersonIsWithheld where it describes somebody who is restricted or erased, or holds an erased text."""
    state = history.state
    if found := [id for id, _ in persons(entry.event) if id in state.withheld]:
        raise PersonIsWithheld(person=found[0], basis=str(DELETION))
    if state.replaced and any(one.id in state.replaced for one in narratives(entry.event)):
        raise PersonIsWithheld(entry=entry.version, basis=str(DELETION))
