"""Who moves a matter between levels, and who supervises it."""

from __future__ import annotations

from typing import Any

from application.referral_rights import REFERS
from application.rights import NotYourBody, NotYourRight, Viewer
from domain.case.case import DisputeCase
from domain.escalation.commands import Asker, EscalationCommand
from domain.escalation.escalation import Escalation
from domain.escalation.moving_down import AssignCaseDown
from domain.escalation.moving_up import CallUpCase, RequestEscalation
from domain.escalation.supervision import SuperviseCase
from domain.office.officer import Role

BEGINNING: tuple[type[EscalationCommand], ...] = (RequestEscalation, CallUpCase, AssignCaseDown, SuperviseCase)
FROM_ABOVE = (CallUpCase, SuperviseCase)


def check_may_begin(viewer: Viewer, command: type[Any], case: DisputeCase) -> None:
    """Raises NotYourRight, NotYourBody: the holder asks up and assigns down; a coordinator above calls up."""
    if viewer.role not in REFERS:
        raise NotYourRight(role=viewer.role)
    if command in FROM_ABOVE:
        if viewer.role is not Role.COORDINATOR:
            raise NotYourRight(role=viewer.role)
        if viewer.body == case.holder:
            raise NotYourBody(body=case.holder)
    elif viewer.body != case.holder:
        raise NotYourBody(body=case.holder)


def check_may_go_on(viewer: Viewer, command: EscalationCommand, escalation: Escalation, case: DisputeCase) -> None:
    """Raises NotYourRight, NotYourBody."""
    if viewer.role not in REFERS:
        raise NotYourRight(role=viewer.role)
    check_side(viewer, command.asker, escalation, case)


def check_side(viewer: Viewer, asker: Asker, escalation: Escalation, case: DisputeCase) -> None:
    match asker:
        case Asker.ABOVE:
            if viewer.body != escalation.above:
                raise NotYourBody(body=escalation.above)
        case Asker.BELOW:
            if viewer.body not in {escalation.below, case.holder} or viewer.body == escalation.above:
                raise NotYourBody(body=escalation.below)
        case _:
            raise NotYourRight(role=viewer.role)
