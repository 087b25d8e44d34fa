"""The boards of referrals and escalations as the application asks them: lists and figures over one pool."""

from __future__ import annotations

from infrastructure.read_models.handover_figures import HandoverCounts
from infrastructure.read_models.handover_lists import HandoverLists


class HandoverTables(HandoverLists, HandoverCounts):
    """`application.figures.handover_figures.HandoverBoard`."""
