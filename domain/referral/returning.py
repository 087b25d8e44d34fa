"""反馈 Returning: an accepted referral comes back with its outcome and its papers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Len

from domain.referral.commands import ReferralCommand, ReferralEvent
from domain.referral.referral import Referral, ReferralStage
from domain.shared.occasion import Occasion
from domain.shared.references import PaperEntry
from domain.shared.values import Narrative, Text
from domain.shared.vocabulary import Asker, Outcome
from domain.statutes import INVITED_MEDIATION_RULES

REPORT = INVITED_MEDIATION_RULES["第二十六条"]


class ReturnReferral(ReferralCommand):
    """反馈结果"""

    allowed_in = frozenset({ReferralStage.ACCEPTED})
    asker = Asker.ACCEPTOR
    rule = REPORT
    outcome: Outcome
    papers: Annotated[tuple[PaperEntry, ...], Len(0, 200)] = ()
    """The entries of the case that go back with it: records, the agreement, evidence."""
    account: Text = ""

    def moves_case(self, referral: Referral) -> bool:
        return True

    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]:
        account = on.narrative(self.account, 49) if self.account else None
        return (ReferralReturned(outcome=self.outcome, papers=self.papers, account=account),)


class ReferralReturned(ReferralEvent):
    name: ClassVar = "referral.returned"
    of = (ReturnReferral,)
    outcome: Outcome
    papers: tuple[int, ...]
    account: Narrative | None
    at_once: bool = False
    """It followed from the end of the mediation: the papers go back at once (在线调解规则 15)."""

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.entered(ReferralStage.RETURNED, at, outcome=self.outcome)
