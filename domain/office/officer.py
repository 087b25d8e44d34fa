"""人员 Officers: who may sign in, and to what they are appointed, since when and until when."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID, uuid5

from annotated_types import Len
from pydantic import AfterValidator

from domain.office.scopes import ServiceToken, TokenNumber
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict
from domain.shared.occasion import Occasion
from domain.shared.states import State
from domain.shared.values import AreaId, BodyId, Name, OfficerId, OneLine, Printable, Sha256, Value

_OFFICERS = UUID("2d5e8c11-93aa-4d6b-b0f7-15c64e7a9d38")

Language = Literal["zh", "en"]


def _login(text: str) -> str:
    if text != text.lower() or not all(sign.isalnum() or sign in "._-" for sign in text):
        raise ValueError("a login name has letters in lower case, digits, and . _ -")
    return text


Login = Annotated[str, Len(1, 60), Printable, OneLine, AfterValidator(_login)]


class OfficerStage(StrEnum):
    NEW = "new"  # 尚无记录
    ACTIVE = "active"  # 在用
    DISABLED = "disabled"  # 已停用


class Role(StrEnum):
    MEDIATOR = "mediator"  # 调解员
    GRID_WORKER = "grid_worker"  # 网格员
    COORDINATOR = "coordinator"  # 乡镇(县)协调员
    LEADER = "leader"  # 领导
    AUDITOR = "auditor"  # 审计员
    ADMIN = "admin"  # 管理员


def officer_id(login: str) -> OfficerId:
    """The same for two who register one login name, so that the ledger lets only one of them."""
    return OfficerId(uuid5(_OFFICERS, login))


class Appointment(Value):
    role: Role
    body: BodyId
    area: AreaId
    in_force_from: date
    in_force_until: date | None = None
    """The first day on which it no longer holds."""

    def in_force(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


class Officer(State):
    id: OfficerId
    stage: OfficerStage = OfficerStage.NEW
    login: str = ""
    called: str = ""
    appointments: Mapping[int, Appointment] = field(default_factory=dict)
    tokens: Mapping[int, ServiceToken] = field(default_factory=dict)
    password: str = ""
    """The mark of the one that was set last."""

    @classmethod
    def blank(cls, id: Any) -> Officer:
        return cls(id=id)

    def with_appointment(self, number: int, appointment: Appointment) -> Officer:
        return self.but(appointments={**self.appointments, number: appointment})

    def with_token(self, number: int, token: ServiceToken) -> Officer:
        return self.but(tokens={**self.tokens, number: token})


class OfficerEvent(Event[Officer]):
    """An event of an officer."""


class OfficerCommand(Command[Officer]):
    """A command on an officer."""

    def ground(self, state: Officer) -> StageSince:
        return StageSince(state.stage, None)

    @abstractmethod
    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]: ...


class TokenEnded(OfficerEvent):
    """Of a service token: by hand (`EndToken`), or with the officer or the appointment that it hangs on."""

    name: ClassVar = "office.token_ended"
    number: TokenNumber

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.with_token(self.number, state.tokens[self.number].but(ended=True))


def tokens_ending(officer: Officer, appointment: int | None = None) -> tuple[TokenEnded, ...]:
    """Those that act under an appointment, or all: what goes on anew needs another token."""
    going_on = ((number, one) for number, one in officer.tokens.items() if not one.ended)
    return tuple(TokenEnded(number=number) for number, one in going_on if appointment in (None, one.appointment))


class RegisterOfficer(OfficerCommand):
    """登记人员"""

    allowed_in: ClassVar = frozenset({OfficerStage.NEW})
    login: Login
    display_name: Name
    language: Language = "zh"

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        return (OfficerRegistered(login=self.login, display_name=self.display_name, language=self.language),)


class OfficerRegistered(OfficerEvent):
    name: ClassVar = "office.officer_registered"
    login: Login
    display_name: Name
    language: Language

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.but(stage=OfficerStage.ACTIVE, login=self.login, called=self.display_name)


class CalledSoAlready(Conflict):
    """The officer has this name already."""


class RenameOfficer(OfficerCommand):
    """人员更名: the login name stays. What they did before stays under the name that they had."""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE, OfficerStage.DISABLED})
    display_name: Name

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        if self.display_name == officer.called:
            raise CalledSoAlready(officer=officer.id)
        return (OfficerRenamed(display_name=self.display_name),)


class OfficerRenamed(OfficerEvent):
    name: ClassVar = "office.officer_renamed"
    display_name: Name

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.but(called=self.display_name)


class DisableOfficer(OfficerCommand):
    """停用: appointments stay on record, but nobody signs in."""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE})

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        return (OfficerDisabled(), *tokens_ending(officer))


class OfficerDisabled(OfficerEvent):
    name: ClassVar = "office.officer_disabled"

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.but(stage=OfficerStage.DISABLED)


class EnableOfficer(OfficerCommand):
    """恢复"""

    allowed_in: ClassVar = frozenset({OfficerStage.DISABLED})

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        return (OfficerEnabled(),)


class OfficerEnabled(OfficerEvent):
    name: ClassVar = "office.officer_enabled"

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.but(stage=OfficerStage.ACTIVE)


class SetPassword(OfficerCommand):
    """设置密码: only a keyed hash of what is kept of it is history: it tells whether that is still the same."""

    allowed_in: ClassVar = frozenset({OfficerStage.ACTIVE, OfficerStage.DISABLED})
    mark: Sha256

    def decide(self, officer: Officer, on: Occasion) -> tuple[OfficerEvent, ...]:
        return (PasswordSet(mark=self.mark),)


class PasswordSet(OfficerEvent):
    name: ClassVar = "office.password_set"
    mark: Sha256

    def evolve(self, state: Officer, at: datetime) -> Officer:
        return state.but(password=self.mark)
