"""委托函、移送函 Letters of handing over: what a court entrusted or an organ transferred without a referral on file."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import COURT_MANDATES, Mandate, OrganKind
from domain.case.laws import COMMITTEE_RULES
from domain.case.organ_papers import HandoverLetter
from domain.shared.errors import Conflict, Forbidden, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, OfficerId, Sha256

ON_PAPER = frozenset({Mandate.ENTRUSTED, Mandate.TRANSFERRED})
"""Titles that lift what another organ has: they stand on a referral, or on that organ's own paper."""


class NoLetterOfThatKind(Refused):
    """A court delegates and entrusts, every other organ transfers; what a body takes up by itself needs no letter."""


class HandoverNotOnFile(Conflict):
    """Neither the referral nor the organ's letter is on file by which it was entrusted or transferred (令75 22)."""


class SecondOfficerAccepts(Forbidden):
    """Whoever filed the letter does not also accept on it: a second officer does."""


class FileHandoverLetter(CaseCommand):
    """登记委托函、移送函"""

    allowed_in = UNTIL_CLOSED
    rule = COMMITTEE_RULES
    mandate: Mandate
    organ: OrganKind
    """Whose letter it is."""
    sender: BodyId | None = None
    """The organ itself, where it has a desk here."""
    sha256: Sha256

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        of_the_court = self.organ is OrganKind.COURT
        if self.mandate is Mandate.OWN or of_the_court != (self.mandate in COURT_MANDATES):
            raise NoLetterOfThatKind(mandate=self.mandate, organ=self.organ)
        if self.sender:
            on.named_body(self.sender)
        filed = HandoverLetterFiled(
            mandate=self.mandate, organ=self.organ, sender=self.sender, sha256=self.sha256, filed_by=on.by
        )
        return (filed,)


class HandoverLetterFiled(CaseEvent):
    name: ClassVar = "case.handover_letter_filed"
    of = (FileHandoverLetter,)
    mandate: Mandate
    organ: OrganKind
    sender: BodyId | None
    sha256: Sha256
    filed_by: OfficerId

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        letter = HandoverLetter(mandate=self.mandate, organ=self.organ, sender=self.sender, filed_by=self.filed_by)
        return case.but(letters=(*case.letters, letter))


def letters_for(case: DisputeCase, mandate: Mandate) -> list[HandoverLetter]:
    return [one for one in case.letters if one.mandate is mandate]


def is_handed_over(case: DisputeCase, mandate: Mandate) -> bool:
    """Whether a title that lifts another organ's matter stands on something that is on file."""
    referred = any(one.referral in case.handed and one.mandate is mandate for one in case.mediations.values())
    return mandate not in ON_PAPER or referred or bool(letters_for(case, mandate))


def refuse_unfounded(case: DisputeCase, mandate: Mandate, on: Occasion) -> None:
    """Raises HandoverNotOnFile, SecondOfficerAccepts."""
    if not is_handed_over(case, mandate):
        raise HandoverNotOnFile(mandate=mandate, basis=str(COMMITTEE_RULES))
    letters = letters_for(case, mandate) if mandate in ON_PAPER else []
    if letters and all(one.filed_by == on.by for one in letters):
        raise SecondOfficerAccepts(mandate=mandate)
