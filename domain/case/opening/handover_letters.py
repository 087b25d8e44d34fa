"""委托函、移送函 Letters of handing over: what a court entrusted or an organ transferred without a referral on file."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.case.beside.proceedings import OF_SENDER
from domain.case.case import DisputeCase
from domain.case.commands import UNTIL_CLOSED, CaseCommand, CaseEvent
from domain.case.kinds import COURT_MANDATES, Mandate, OrganKind
from domain.case.laws import COMMITTEE_RULES
from domain.case.limits import JC_APPLY
from domain.case.organ_papers import HandoverLetter
from domain.shared.errors import Conflict, Forbidden, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind, OfficerId, Sha256

ON_PAPER = frozenset(Mandate) - {Mandate.OWN}
"""Titles by which another organ hands it over: they stand on a referral, or on that organ's own paper."""


class NoLetterOfThatKind(Refused):
    """A court delegates and entrusts, every other organ transfers; what a body takes up by itself needs no letter."""


class DelegatingCourtNotNamed(Refused):
    """What a court delegated is confirmed by that court: its letter names it by its body (民诉法 205)."""


class HandoverNotOnFile(Conflict):
    """Neither the referral nor the organ's letter is on file by which it was delegated, entrusted or transferred
    (令75 22)."""


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
        if self.mandate is Mandate.DELEGATED and self.sender is None:
            raise DelegatingCourtNotNamed(basis=str(JC_APPLY.basis))
        if self.sender and not _is_of(on.named_body(self.sender).kind, self.organ):
            raise NoLetterOfThatKind(mandate=self.mandate, organ=self.organ, sender=self.sender)
        filed = HandoverLetterFiled(
            mandate=self.mandate, organ=self.organ, sender=self.sender, sha256=self.sha256, filed_by=on.by
        )
        return (filed,)


def _is_of(sender: BodyKind, organ: OrganKind) -> bool:
    """Whether a desk of this kind may be that organ's: those of which we have no desks are named by nobody."""
    return OF_SENDER.get(sender, OrganKind.OTHER) is organ or organ not in OF_SENDER.values()


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
