"""服务令牌 Service tokens: another system acts for an officer, within scopes, until a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from domain.office.appointments import Number, UnknownAppointment
from domain.office.officer import Officer, OfficerCommand, OfficerEvent, OfficerStage, TokenEnded
from domain.office.scopes import Scopes, ServiceToken, TokenLabel, TokenNumber
from domain.shared.calendar import local_day
from domain.shared.errors import Conflict, Missing, Refused
from domain.shared.occasion import Occasion
from domain.shared.values import Day, Sha256

LONGEST = timedelta(days=366)


class TokenLasts(Refused):
    """A token lasts for a day at least and a year at most."""


class NotInForce(Conflict):
    """The appointment under which the token is to act is not in force today."""


class UnknownToken(Missing):
    """The officer has no such token."""


class TokenEndedAlready(Conflict):
    """The token has ended already."""


class IssueToken(OfficerCommand):
    """签发服务令牌: only a mark of it is history, so nobody who reads the events can use it."""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE})
    label: TokenLabel
    scopes: Scopes
    appointment: Number
    ends_on: Day
    mark: Sha256

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        today = local_day(on.now)
        if not (held := officer.appointments.get(self.appointment)):
            raise UnknownAppointment(number=self.appointment)
        if not held.in_force(today):
            raise NotInForce(number=self.appointment)
        if not today < self.ends_on <= today + LONGEST:
            raise TokenLasts(longest=today + LONGEST)
        token = ServiceToken(**self.model_dump(include=set(ServiceToken.model_fields)))
        return (TokenIssued(number=len(officer.tokens) + 1, token=token),)


class TokenIssued(OfficerEvent):
    name: ClassVar = "office.token_issued"
    number: TokenNumber
    token: ServiceToken

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.with_token(self.number, self.token)


class EndToken(OfficerCommand):
    """终止服务令牌"""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE, OfficerStage.DISABLED})
    number: TokenNumber

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        if not (token := officer.tokens.get(self.number)):
            raise UnknownToken(number=self.number)
        if not open_to_be_ended(token, local_day(on.now)):
            raise TokenEndedAlready(number=self.number)
        return (TokenEnded(number=self.number),)


def open_to_be_ended(token: ServiceToken, day: date) -> bool:
    """Also one that does not live on that day, but may on a later one."""
    return not token.ended and day < token.ends_on


def lives(officer: Officer, token: ServiceToken, day: date) -> bool:
    """Also while the appointment under which it acts has its own day to end. Of a disabled officer all have ended."""
    return open_to_be_ended(token, day) and officer.appointments[token.appointment].in_force(day)
