"""机构合并 Body merged: an open referral goes on with the body into which one of its sides was merged."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralEvent
from domain.referral.referral import Referral
from domain.shared.succession import One, instead
from domain.shared.values import BodyId


class ReferralBodyReplaced(ReferralEvent):
    name: ClassVar = "referral.body_replaced"
    was: BodyId
    into: BodyId

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        """Where both were asked, the answer of the one that goes on counts."""
        receptions = {self._one(body): one for body, one in referral.receptions.items() if body == self.was}
        receptions |= {body: one for body, one in referral.receptions.items() if body != self.was}
        return referral.but(
            sender=self._one(referral.sender),
            receptions=receptions,
            accepted_by=self._one(referral.accepted_by),
            objected_by=self._one(referral.objected_by),
            asked_by=self._one(referral.asked_by),
        )

    def _one(self, body: One) -> One:
        return instead(body, self.was, self.into)
