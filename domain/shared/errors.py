"""Refusals. The kind says what the caller can do about it; the class says what is wrong."""

from __future__ import annotations

import re
from typing import Any


class DomainError(Exception):
    """The domain's `no`. Subclass a kind below, never this. Details carry ids, dates and articles, never names."""

    def __init__(self, **details: Any) -> None:
        super().__init__(type(self).__name__, details)
        self.details = details


class Missing(DomainError):
    """There is no such thing, or none that you may know of."""


class Conflict(DomainError):
    """Not now: the state of the thing does not allow it. Read again, then decide."""


class Stale(DomainError):
    """Somebody else decided first: the version that you saw is not the latest."""


class Refused(DomainError):
    """Not like this: a rule says no. Change the request."""


class Forbidden(DomainError):
    """Not you: somebody else may."""


class Unavailable(DomainError):
    """Not at this moment: repeat the same request."""


class NotAllowedNow(Conflict):
    """The stage does not allow it."""

    def __init__(self, command: str, stage: str, allowed_in: list[str]) -> None:
        super().__init__(command=command, stage=stage, allowed_in=allowed_in)


class InTheFuture(Refused):
    """Nothing is recorded before it has happened."""


class BeforeWhatItBuildsOn(Refused):
    """Nothing happens before the entry that it builds on."""


class UnknownArea(Refused):
    """No area has this id or code."""


class AreaNotInForce(Refused):
    """The area was merged or abolished, or not yet founded, on that day."""


class UnknownBody(Refused):
    """No body has this id."""


class UnknownStream(Missing):
    """There is no such record."""


class BodyNoLongerStands(Refused):
    """The body was dissolved: nobody is appointed to it, and nothing answers for it or is sent to it."""


def code(refusal: type[DomainError]) -> str:
    """Its name in answers, labels and flags: BothSidesNeeded is both-sides-needed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()
