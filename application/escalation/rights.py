"""Who moves a matter between levels, and who supervises it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from application.handover.rights import check_refers, check_stage, possible
from application.moments import KnownAt
from application.rights import NotYourBody, NotYourRight, Viewer
from domain.case.beside.turns import end_of_turn
from domain.case.case import DisputeCase
from domain.escalation.assigning_down import AssignCaseDown
from domain.escalation.commands import EscalationCommand
from domain.escalation.escalation import Escalation
from domain.escalation.lists import COMMANDS
from domain.escalation.raising import CallUpCase, RequestEscalation
from domain.escalation.supervision import SuperviseCase
from domain.office.officer import Role
from domain.shared.decider import History
from domain.shared.errors import DomainError
from domain.shared.vocabulary import OF_PEOPLE, Asker

BEGINNING: tuple[type[EscalationCommand], ...] = (RequestEscalation, CallUpCase, AssignCaseDown, SuperviseCase)
FROM_ABOVE = (CallUpCase, SuperviseCase)
STEPS: tuple[type[EscalationCommand], ...] = tuple(
    one for one in COMMANDS if one not in BEGINNING and one.asker in OF_PEOPLE
)
"""What people ask of an escalation that has begun."""


def check_may_begin(viewer: Viewer, command: type[Any], case: DisputeCase) -> None:
    """Raises NotYourRight, NotYourBody: the holder asks up and assigns down; a coordinator above calls up."""
    check_refers(viewer)
    if command in FROM_ABOVE:
        if viewer.role is not Role.COORDINATOR:
            raise NotYourRight(role=viewer.role)
        if viewer.body == case.holder:
            raise NotYourBody(body=case.holder)
    elif viewer.body != case.holder:
        raise NotYourBody(body=case.holder)


def in_turn(escalation: History[Escalation], case: History[DisputeCase], viewer: Viewer) -> History[Escalation]:
    """What a side of it reads that no longer sees all of the case: what was recorded by the end of its turn."""
    sides = {escalation.state.below, escalation.state.above} & viewer.scope.bodies
    ends = [end for body in sides if body and (end := end_of_turn(case, body))]
    if not ends:
        return escalation.until(lambda _: False)
    return escalation.until(KnownAt.with_entry(case.entries[max(ends) - 1]).knows)


def check_may_go_on(
    viewer: Viewer, command: EscalationCommand, escalation: Escalation, case: DisputeCase, sees_all: bool
) -> None:
    """Raises NotYourRight, NotYourBody."""
    check_refers(viewer)
    if not sees_all:
        raise NotYourBody(body=case.holder)
    check_side(viewer, command.asker, escalation, case)


def possible_steps(
    viewer: Viewer, escalation: Escalation, case: DisputeCase
) -> Iterator[tuple[type[EscalationCommand], DomainError | None]]:
    """Every command that people ask of it, with the reason why this viewer cannot now, or None."""

    def check(command: type[EscalationCommand]) -> None:
        check_refers(viewer)
        check_side(viewer, command.asker, escalation, case)
        check_stage(command, escalation.stage)

    return possible(STEPS, check)


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
