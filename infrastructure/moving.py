"""The boards of referrals and escalations as the application asks them: lists and figures over one pool."""

from __future__ import annotations

from infrastructure.read_models.moving_figures import MovingCounts
from infrastructure.read_models.moving_lists import MovingLists


class Moving(MovingLists, MovingCounts):
    """`application.moving_views.MovingBoard`."""
