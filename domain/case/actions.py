"""What can be done now, and what cannot and why not: asked of the same guards that enforce it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.case.case import DisputeCase, Status
from domain.case.commands import CaseCommand, MediationCommand
from domain.case.lists import COMMANDS
from domain.case.mediations import Mediation
from domain.shared.errors import DomainError, NotAllowedNow


@dataclass(frozen=True)
class Action:
    """A command, on a mediation where it is about one; `blocked` by a refusal, or free."""

    command: type[CaseCommand]
    mediation: int | None
    blocked: DomainError | None


def actions(case: DisputeCase) -> Iterator[Action]:
    """Every command of the case; those on a mediation once for each that they could be about."""
    for command in COMMANDS:
        if not command.for_officers():
            continue
        if issubclass(command, MediationCommand):
            yield from _on_mediations(command, case)
        else:
            yield Action(command, None, _blocked(command, case))


def _on_mediations(command: type[MediationCommand], case: DisputeCase) -> Iterator[Action]:
    found = [Action(command, one.number, _blocked_in(command, case, one)) for one in case.mediations.values()]
    free = [action for action in found if action.blocked is None]
    if free:
        yield from free
    elif found:
        yield found[-1]
    else:
        yield Action(command, None, NoMediationYet(command.__name__, case.status, [Status.OPEN]))


class NoMediationYet(NotAllowedNow):
    """No mediation was opened yet: the case is accepted first."""


def _blocked(command: type[CaseCommand], case: DisputeCase) -> DomainError | None:
    if case.status not in command.allowed_in:
        return NotAllowedNow(command.__name__, case.status, sorted(command.allowed_in))
    try:
        command.guard_case(case)
    except DomainError as refusal:
        return refusal
    return None


def _blocked_in(command: type[MediationCommand], case: DisputeCase, mediation: Mediation) -> DomainError | None:
    if case.status is not Status.OPEN:
        return NotAllowedNow(command.__name__, case.status, [Status.OPEN])
    if mediation.stage not in command.allowed_in:
        stage = NotAllowedNow(command.__name__, mediation.stage, sorted(command.allowed_in))
        return command.lacking_in(case, mediation) or stage
    try:
        command.guard_mediation(case, mediation)
    except DomainError as refusal:
        return refusal
    return None
