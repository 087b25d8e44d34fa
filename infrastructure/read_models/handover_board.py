"""The boards of referrals and escalations as the application asks them: lists and figures over one pool."""

from __future__ import annotations

from infrastructure.read_models.handover_figures import MovingCounts
from infrastructure.read_models.handover_lists import MovingLists


class Moving(MovingLists, MovingCounts):
    """`application.figures.handover_figures.MovingBoard`."""
