"""Who may ask what of a handover: the same question for a referral and for an escalation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from application.rights import ACTS_FOR_A_BODY, NotYourRight, Viewer
from domain.office.officer import Role
from domain.shared.errors import DomainError, NotAllowedNow

C = TypeVar("C", bound=type[Any])

REFERS = ACTS_FOR_A_BODY - {Role.GRID_WORKER}


def check_refers(viewer: Viewer) -> None:
    """Raises NotYourRight: whoever acts for a body refers and escalates, but for a grid worker."""
    if viewer.role not in REFERS:
        raise NotYourRight(role=viewer.role)


def check_stage(command: type[Any], stage: Any) -> None:
    """Raises NotAllowedNow."""
    if stage not in command.allowed_in:
        raise NotAllowedNow(command.__name__, stage, sorted(command.allowed_in))


def possible(commands: Iterable[C], check: Callable[[C], None]) -> Iterator[tuple[C, DomainError | None]]:
    """Each command, with the reason why it cannot be asked now, or None."""
    for command in commands:
        yield command, blocked(check, command)


def blocked(check: Callable[..., None], *asked: Any) -> DomainError | None:
    """What the check raises."""
    try:
        check(*asked)
    except DomainError as refusal:
        return refusal
    return None
