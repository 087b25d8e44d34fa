"""What can be begun on a case besides its own commands: a referral, an escalation, a supervision; and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from application.escalation.rights import check_may_begin
from application.handover.rights import blocked
from application.referral.rights import check_may_offer
from application.rights import Viewer
from domain.case.beside.handover import refuse_offer
from domain.case.beside.levels import refuse_moving
from domain.case.case import DisputeCase
from domain.escalation.assigning_down import AssignCaseDown
from domain.escalation.raising import CallUpCase, RequestEscalation
from domain.escalation.supervision import SuperviseCase
from domain.referral.offering import OfferReferral
from domain.shared.errors import DomainError

Check = Callable[[Viewer, DisputeCase], None]


@dataclass(frozen=True)
class Opening:
    """A command that begins something beside the case; `blocked` by a refusal, or free."""

    command: type[Any]
    folder: str
    """Where it is asked: referrals, or escalations."""
    blocked: DomainError | None


def openings(case: DisputeCase, viewer: Viewer) -> Iterator[Opening]:
    for command, folder, check in _OPENINGS:
        yield Opening(command, folder, blocked(check, viewer, case))


def _offer(viewer: Viewer, case: DisputeCase) -> None:
    check_may_offer(viewer, case)
    refuse_offer(case, moves_mediation=False)


def _begin(command: type[Any]) -> Check:
    def check(viewer: Viewer, case: DisputeCase) -> None:
        check_may_begin(viewer, command, case)
        refuse_moving(case, command.__name__)

    return check


_OPENINGS: tuple[tuple[type[Any], str, Check], ...] = (
    (OfferReferral, "referrals", _offer),
    *((command, "escalations", _begin(command)) for command in (RequestEscalation, CallUpCase, AssignCaseDown)),
    (SuperviseCase, "escalations", _begin(SuperviseCase)),
)
