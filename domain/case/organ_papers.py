"""What other organs were told, and what they sent: a reported crime that waits for an answer, a letter with a title."""

from __future__ import annotations

from domain.case.kinds import Mandate, OrganKind
from domain.shared.law import Due
from domain.shared.states import State
from domain.shared.values import BodyId, OfficerId


class RiskReport(State):
    """A possible crime that was reported to an organ with a desk here."""

    to: BodyId
    answer_by: Due | None
    answered: bool = False
    opened: bool = False
    """Whether its organ reads the case for this reason alone."""


class HandoverLetter(State):
    """An organ's own paper by which it entrusted or transferred the matter."""

    mandate: Mandate
    organ: OrganKind
    sender: BodyId | None
    filed_by: OfficerId
