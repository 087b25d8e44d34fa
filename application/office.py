"""人员: officers are registered, appointed and disabled; the register tells who may act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from application.ports import Asked, Ledger, Receipt, Stream, Unit
from application.register_decisions import area_facts, body_facts, known, occasion, record
from domain.office.appointments import AppointOfficer, RevokeAppointment
from domain.office.officer import (
    Appointment,
    DisableOfficer,
    EnableOfficer,
    Officer,
    OfficerCommand,
    RegisterOfficer,
    SetPassword,
    officer_id,
)
from domain.office.scopes import TokenScope
from domain.shared.errors import Forbidden, Refused, Unavailable
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, OfficerId, Value

OFFICERS: Stream[Officer] = Stream("office", Officer.blank)


class OfficerFacts(Value):
    id: OfficerId
    login: str
    display_name: str
    language: str
    disabled: bool


class HeldPost(Appointment):
    """An appointment as a list has it, also one that has ended or has not begun."""

    officer: OfficerId
    number: int


class OfficerLists(Protocol):
    """Everybody who was ever registered, for whoever keeps the register."""

    def find(self, words: str, after: str, limit: int) -> Sequence[OfficerFacts]:
        """In the order of the login names, after one of them. `words`: of a login name, a name, or the name of a body
        to which they are appointed; empty: everybody."""
        ...

    def posts(self, officers: Sequence[OfficerId]) -> Sequence[HeldPost]: ...


class OfficeRegister(Protocol):
    """Officers as the read model knows them."""

    def officer(self, id: OfficerId) -> OfficerFacts | None: ...

    def by_login(self, login: str) -> OfficerFacts | None: ...

    def appointments(self, officer: OfficerId, day: date) -> Sequence[Appointment]:
        """Those in force on the day; none of a disabled officer."""
        ...

    def appointed(self, day: date) -> Sequence[tuple[OfficerId, BodyId]]:
        """Everybody who is appointed on the day, and where."""
        ...


class PasswordLength(Refused):
    """A password has 8 to 200 characters."""


class TooManyAttempts(Forbidden):
    """Too many wrong passwords came from there: nobody signs in from there for `retry_after` seconds."""


class Crowded(Unavailable):
    """So many sign in at this moment that no more are let wait."""


class SetPasswords:
    """Which password of an officer was set last: not from a table, which whoever runs the database can change."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def record(self, asked: Asked, officer: OfficerId, mark: str) -> None:
        """Raises UnknownStream."""

        def work(unit: Unit) -> UUID:
            command = SetPassword(mark=mark)
            record(unit, OFFICERS, known(unit, OFFICERS, officer), command, occasion(asked, command))
            return officer

        self._ledger.carry_out(asked, work)

    def last(self, officer: OfficerId) -> str:
        """Its mark; empty where none was set, or none since there are such marks."""
        return self._ledger.history(OFFICERS, officer).state.password


class Passwords(Protocol):
    """Kept apart from the events: a secret is not history, but which one was set last is."""

    def refuse_unfit(self, password: str) -> None:
        """Raises PasswordLength."""
        ...

    def set(self, asked: Asked, officer: OfficerId, password: str, but: UUID | None = None) -> None:
        """Ends every session of the officer with it, except one. Raises PasswordLength, UnknownStream."""
        ...

    def check(self, officer: OfficerId, password: str, source: str) -> str | None:
        """What shows that the password was right at that moment; None where it was not. Whether there is such an
        officer makes no difference to time, limits or answer. Raises TooManyAttempts, Crowded."""
        ...


class Ended(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed-out"  # 已退出
    ENDED_BY_HAND = "ended-by-hand"  # 本人结束
    NEW_PASSWORD = "new-password"  # 更换密码
    DISABLED = "disabled"  # 账号停用
    APPOINTMENT_ENDED = "appointment-ended"  # 任职终止
    RESTORED = "restored"  # 数据恢复


class SessionFacts(Value):
    """A login that goes on, or went on lately."""

    id: UUID
    officer: OfficerId
    body: BodyId | None
    """For which they act, where they chose one."""
    in_browser: bool
    by_sign_on: bool
    """Whether the county's sign-on vouched for them, and no password."""
    began_at: datetime
    seen_at: datetime
    """Within some minutes."""
    ends_at: datetime
    is_live: bool
    token: int = 0
    """The number of the service token that it is; 0: somebody signed in."""
    scopes: frozenset[TokenScope] = frozenset()


class Sessions(Protocol):
    """Logins, in rows of their own: what has no row that lives is no login."""

    seconds: int
    """How long one lasts."""

    def begin(self, officer: OfficerId, body: BodyId | None, proof: str, in_browser: bool) -> str | None:
        """The token; None where the password is another one since `proof` was given."""
        ...

    def begin_vouched(self, officer: OfficerId) -> str:
        """The token of somebody in a browser for whom the county's sign-on vouched. No password proves anything here:
        whoever calls it has verified what was said."""
        ...

    def find(self, token: str) -> SessionFacts | None:
        """As it is at this moment, also where it has ended lately."""
        ...

    def act_for(self, session: UUID, body: BodyId | None) -> None: ...

    def of(self, officer: OfficerId) -> Sequence[SessionFacts]:
        """Those that live, the youngest first."""
        ...

    def end(self, officer: OfficerId, session: UUID, why: Ended) -> bool:
        """Whether it was theirs, and lived."""
        ...

    def end_all(self, officer: OfficerId, why: Ended) -> None: ...


ENDS_LOGINS: dict[type[OfficerCommand], Ended] = {
    DisableOfficer: Ended.DISABLED,
    RevokeAppointment: Ended.APPOINTMENT_ENDED,
    EnableOfficer: Ended.DISABLED,
}
"""Commands after which an officer signs in anew, with what is left to them, or not at all. What slipped in while they
were being disabled does not live again."""


class Officers:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    def register(self, asked: Asked, command: RegisterOfficer) -> Receipt:
        """Refused with VersionMismatch where an officer has the login name already."""
        id = officer_id(command.login)

        def work(unit: Unit) -> UUID:
            on = occasion(asked, command)
            record(unit, OFFICERS, unit.history(OFFICERS, id), command, on, expected=0)
            return id

        return self._ledger.carry_out(asked, work)

    def change(self, asked: Asked, id: OfficerId, command: OfficerCommand, expected: int | None = None) -> Receipt:
        def work(unit: Unit) -> UUID:
            on = _occasion(unit, asked, command)
            record(unit, OFFICERS, known(unit, OFFICERS, id), command, on, expected)
            return id

        receipt = self._ledger.carry_out(asked, work)
        if why := ENDS_LOGINS.get(type(command)):
            self._sessions.end_all(id, why)
        return receipt


def _occasion(unit: Unit, asked: Asked, command: OfficerCommand) -> Occasion:
    if not isinstance(command, AppointOfficer):
        return occasion(asked, command)
    day = command.in_force_from
    areas = {command.area: area_facts(unit, command.area, day)}
    return occasion(asked, command, areas, {command.body: body_facts(unit, command.body, day)})
