"""服务令牌: other systems of the county come in by a token of an officer, whose own events tell of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from application.office import OFFICERS, SessionFacts
from application.ports import Asked, Ledger, Unit
from application.register_decisions import known, occasion, record
from domain.office.officer import Officer
from domain.office.scopes import Scopes, TokenLabel
from domain.office.tokens import IssueToken
from domain.shared.errors import Forbidden
from domain.shared.values import Day, OfficerId, Value

OF_A_SERVICE = "tiaojie_"
"""How each token begins: whoever looks through files for what should not stand there finds it."""


class OutOfScope(Forbidden):
    """A service token asks only for what one of its scopes names."""


class WantedToken(Value):
    """What a token is to be for."""

    label: TokenLabel
    scopes: Scopes
    appointment: int
    ends_on: Day


class ToldToken(Value):
    """What is known of a token: everything but the token."""

    officer: OfficerId
    number: int
    label: str
    scopes: Scopes
    appointment: int
    ends_on: date
    is_live: bool
    seen_at: datetime | None
    """When it was last used, within some minutes; None: never."""


class IssuedTokens:
    """What the events tell of tokens, and nothing else: no table gives a right."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def record(self, asked: Asked, officer: OfficerId, command: IssueToken) -> int:
        """The number of the token. Raises UnknownStream, UnknownAppointment, NotInForce, TokenLasts."""
        numbers: list[int] = []

        def work(unit: Unit) -> UUID:
            record(unit, OFFICERS, known(unit, OFFICERS, officer), command, occasion(asked, command))
            numbers.append(len(unit.history(OFFICERS, officer).state.tokens))
            return officer

        self._ledger.carry_out(asked, work)
        return numbers[-1]

    def of(self, officer: OfficerId) -> Officer:
        return self._ledger.history(OFFICERS, officer).state


class ServiceTokens(Protocol):
    def issue(self, asked: Asked, officer: OfficerId, wanted: WantedToken) -> tuple[int, str]:
        """Its number, and the token, which nobody can be told again."""
        ...

    def find(self, token: str, now: datetime) -> SessionFacts | None:
        """As it is at this moment; None of one that was never issued."""
        ...

    def of(self, officer: OfficerId, now: datetime) -> list[ToldToken]: ...

    def all(self, now: datetime) -> list[ToldToken]:
        """Of every officer."""
        ...

    def not_ended(self, now: datetime) -> list[tuple[OfficerId, int]]:
        """Of every officer, with their numbers: also those that do not live today."""
        ...
