"""读自状态 What an entry leaves to the state before it: older than the rule that `evolve` only carries (0022).

Never change this, it would change history: give the event a next form that tells it.
"""

from __future__ import annotations

from datetime import datetime

from domain.referral.referral import Referral
from domain.shared.law import Due
from domain.shared.values import BodyId


def signed_at(referral: Referral, body: BodyId, at: datetime) -> datetime:
    """Who accepts without having signed for it signs with that."""
    return referral.receptions[body].acknowledged_at or at


def counted_anew(referral: Referral, accept_by: Due | None) -> Referral:
    """With another time to accept for each receiver that has signed for it and has not said no."""
    for body, one in referral.receptions.items():
        if one.acknowledged_at and one.rejected is None:
            referral = referral.with_reception(body, accept_by=accept_by)
    return referral
