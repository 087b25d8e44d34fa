"""统一登录: a county's own login says who somebody is. What they may do here is told by our own events alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.shared.errors import Forbidden, Unavailable


class SignOnAway(Unavailable):
    """The county's sign-on does not answer, or not in a way that can be used. Passwords go on to work."""


class SignOnRefused(Forbidden):
    """The county's sign-on let nobody in, or what it said does not hold, or was said to another browser."""


class NotRegistered(Forbidden):
    """The county knows them, and no officer here has their login name."""


class NotAppointed(Forbidden):
    """They are an officer, and hold no appointment today."""


@dataclass(frozen=True)
class SetOut:
    """Somebody leaves for the county's sign-on."""

    address: str
    kept: str
    """What their browser keeps until they are back: it binds the answer to this browser."""


@dataclass(frozen=True)
class CameBack:
    """What the county's sign-on sent along with them."""

    state: str
    code: str
    issuer: str
    """Empty where it does not say so."""


@dataclass(frozen=True)
class Vouched:
    login: str
    next: str
    """Where they wanted to go."""


class SignOn(Protocol):
    """One provider of OpenID Connect."""

    @property
    def button(self) -> str:
        """What stands on the way to it; empty: our own words."""
        ...

    @property
    def seconds(self) -> int:
        """How long somebody may be away."""
        ...

    def set_out(self, next: str, back: str, now: datetime) -> SetOut:
        """`back`: the address at which they come back. Raises SignOnAway, Crowded."""
        ...

    def vouched(self, kept: str, came: CameBack, back: str, now: datetime) -> Vouched:
        """Raises SignOnRefused, SignOnAway, Crowded."""
        ...

    def leave_at(self, back: str) -> str:
        """Where one signs out there as well; empty where that is nowhere, or it is away."""
        ...
