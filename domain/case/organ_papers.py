"""What was received, what other organs were told and sent: a reported crime that waits for an answer, a letter."""

from __future__ import annotations

from pydantic import AwareDatetime

from domain.case.kinds import Mandate, OrganKind
from domain.shared.law import Due
from domain.shared.states import State
from domain.shared.values import BodyId, Channel, OfficerId, Value


class RiskReport(State):
    """A possible crime that was reported to an organ with a desk here."""

    to: BodyId
    answer_by: Due | None
    answered: bool = False
    opened: bool = False
    """Whether its organ reads the case for this reason alone."""


class Receipt(Value):
    """Who was asked to mediate, and when: some limits of a category run from that."""

    asked_of: Channel | None
    """The channel of the body that it was registered for."""
    requested_at: AwareDatetime | None
    """None: nobody asked before it was registered."""


class HandoverLetter(State):
    """An organ's own paper by which it entrusted or transferred the matter."""

    mandate: Mandate
    organ: OrganKind
    sender: BodyId | None
    filed_by: OfficerId
