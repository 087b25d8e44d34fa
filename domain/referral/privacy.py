"""删除文字 Privacy: texts of a referral give way to copies without a person of its case who is erased."""

from __future__ import annotations

from typing import ClassVar

from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.referral.referral import Referral, ReferralStage
from domain.shared.decider import Amendment, History
from domain.shared.erasing import Basis, Replacements, TextErased, copies
from domain.shared.occasion import Occasion
from domain.shared.vocabulary import Asker
from domain.statutes import DELETION


class EraseReferralTexts(Amendment[Referral], ReferralCommand):
    """删除移送文字"""

    allowed_in = frozenset(set(ReferralStage) - {ReferralStage.NEW})
    asker = Asker.OPERATOR
    rule = DELETION
    replacements: Replacements
    basis: Basis

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        raise AssertionError("an amendment is decided on the history")

    def amend(self, history: History[Referral], on: Occasion) -> tuple[ReferralEvent, ...]:
        found = copies(history.entries, {one.narrative: one.told for one in self.replacements}, on)
        return tuple(ReferralTextErased(narrative=id, instead=copy, basis=self.basis) for id, copy in found)


class ReferralTextErased(ReferralEvent, TextErased[Referral]):
    name: ClassVar = "referral.text_erased"
    of = (EraseReferralTexts,)
