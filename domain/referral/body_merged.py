"""机构合并 Body merged: an open referral goes on with the body into which one of its sides was merged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from domain.referral.commands import ReferralEvent
from domain.referral.referral import Referral
from domain.shared.states import without
from domain.shared.succession import instead
from domain.shared.values import BodyId


def side_merged(referral: Referral, was: BodyId, into: BodyId) -> Iterator[ReferralEvent]:
    """Where both bodies were asked, the answer of the one that goes on counts."""
    if referral.sender == was:
        yield ReferralSenderReplaced(was=was, into=into)
    if was in referral.receptions:
        yield ReferralReceiverReplaced(
            was=was,
            into=into,
            accepted_by=instead(referral.accepted_by, was, into),
            objected_by=instead(referral.objected_by, was, into),
            asked_by=instead(referral.asked_by, was, into),
        )


class ReferralSenderReplaced(ReferralEvent):
    name: ClassVar = "referral.sender_replaced"
    was: BodyId
    into: BodyId

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        return referral.but(sender=self.into)


class ReferralReceiverReplaced(ReferralEvent):
    name: ClassVar = "referral.receiver_replaced"
    was: BodyId
    into: BodyId
    accepted_by: BodyId | None
    objected_by: BodyId | None
    asked_by: BodyId | None

    def evolve(self, referral: Referral, at: datetime) -> Referral:
        others = without(referral.receptions, self.was)
        return referral.but(
            receptions={self.into: referral.receptions[self.was], **others},
            accepted_by=self.accepted_by,
            objected_by=self.objected_by,
            asked_by=self.asked_by,
        )
