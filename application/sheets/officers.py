"""导入人员: a sheet of officers with their appointments and seats is taken over as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.office import OFFICERS
from application.ports import Asked, Ledger, Unit
from application.register_decisions import BODIES, area_facts, body_facts, occasion, record
from application.sheets.bodies import SheetReport
from domain.jurisdiction.body import BodyCommand, Member
from domain.jurisdiction.committee import ConstituteCommittee, SeatMember
from domain.office.appointments import AppointOfficer
from domain.office.officer import OfficerStage, RegisterOfficer, RenameOfficer, Role, officer_id
from domain.shared.errors import UnknownArea, UnknownBody
from domain.shared.sheet_columns import coded, read_titled
from domain.shared.sheets import Fault, Reason, collected, in_order, is_name, shown
from domain.shared.values import BodyId, BodyKind, OfficerId, Value

TITLES = {
    "login": ("登录名", "账号", "用户名"),
    "name": ("姓名",),
    "role": ("角色", "岗位"),
    "body_code": ("机构代码", "所在机构代码"),
    "area_code": ("区域代码", "负责区域代码", "区划代码"),
    "member": ("委员", "是否委员", "是否成员"),
    "woman": ("女", "是否女性", "妇女"),
}
NEEDED = ("login", "name", "role", "body_code")
ROLES = {
    "调解员": Role.MEDIATOR,
    "网格员": Role.GRID_WORKER,
    "协调员": Role.COORDINATOR,
    "领导": Role.LEADER,
    "审计员": Role.AUDITOR,
    "管理员": Role.ADMIN,
}
YES_OR_NO = {"yes": True, "no": False, "": False, "是": True, "否": False, "1": True, "0": False}


class OfficerRow(Value):
    """`area_code` empty: the area of the body. `member`: whether they have a seat in the body."""

    number: int
    login: str
    name: str
    role: Role
    body_code: str
    area_code: str
    member: bool
    woman: bool


def read_officers(sheet: bytes) -> tuple[list[OfficerRow], list[Fault]]:
    """An officer with several appointments has several rows."""
    return read_titled(sheet, TITLES, NEEDED, _row)


def _row(number: int, cells: Sequence[str]) -> OfficerRow | Fault:
    login, name, role, body_code, area_code, member, woman = cells
    if not is_name(name):
        return Fault(row=number, reason=Reason.BAD_NAME, code=shown(login))
    in_role = coded(Role, ROLES, role)
    if in_role is None:
        return _unfit(number, login, "role", role, (*Role, *ROLES))
    for column, told in (("member", member), ("woman", woman)):
        if told not in YES_OR_NO:
            return _unfit(number, login, column, told, filter(None, YES_OR_NO))
    return OfficerRow(
        number=number,
        login=login,
        name=name,
        role=in_role,
        body_code=body_code,
        area_code=area_code,
        member=YES_OR_NO[member],
        woman=YES_OR_NO[woman],
    )


def _unfit(number: int, login: str, column: str, told: str, words: Iterable[str]) -> Fault:
    at, wanted = shown(login), " ".join(words)
    return Fault(row=number, reason=Reason.BAD_WORD, code=at, column=column, told=shown(told), wanted=wanted)


class OfficerReport(SheetReport):
    registered: tuple[str, ...]
    """The login names of those who are new: they have no password yet."""


class OfficerSheets:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def take_over(self, asked: Asked, sheet: bytes, day: date) -> OfficerReport:
        """Raises SheetRefused with all faults."""
        rows, faults = read_officers(sheet)
        taking = _OfficerSheetTaken(self._register, asked, day, rows, faults)
        receipt = self._ledger.carry_out(asked, taking.work)
        return OfficerReport(
            recorded=len(taking.changed),
            unchanged=len({row.login for row in rows} - taking.changed),
            receipt=receipt if taking.changed else None,
            registered=tuple(taking.registered),
        )


class _OfficerSheetTaken:
    """One sheet being taken over."""

    def __init__(
        self, register: JurisdictionRegister, asked: Asked, day: date, rows: list[OfficerRow], faults: list[Fault]
    ) -> None:
        self._register = register
        self._asked = asked
        self._day = day
        self._rows = rows
        self._faults = faults
        self.registered: list[str] = []
        self.changed: set[str] = set()

    def work(self, unit: Unit) -> UUID:
        for row in self._rows:
            with collected(self._faults, row.number, row.login):
                self._officer(unit, row)
        for members in self._seats().values():
            with collected(self._faults, members[0].number, members[0].body_code):
                self._seat(unit, members)
        if self._faults:
            raise in_order(self._faults)
        return officer_id(self._rows[0].login) if self._rows else UUID(int=0)

    def _officer(self, unit: Unit, row: OfficerRow) -> None:
        id = officer_id(row.login)
        if unit.history(OFFICERS, id).state.stage is OfficerStage.NEW:
            command = RegisterOfficer(login=row.login, display_name=row.name)
            record(unit, OFFICERS, unit.history(OFFICERS, id), command, occasion(self._asked, command), expected=0)
            self.registered.append(row.login)
            self.changed.add(row.login)
        self._rename(unit, id, row)
        self._appoint(unit, id, row)

    def _rename(self, unit: Unit, id: OfficerId, row: OfficerRow) -> None:
        history = unit.history(OFFICERS, id)
        if history.state.called != row.name:
            command = RenameOfficer(display_name=row.name)
            record(unit, OFFICERS, history, command, occasion(self._asked, command))
            self.changed.add(row.login)

    def _appoint(self, unit: Unit, id: OfficerId, row: OfficerRow) -> None:
        body = self._body(row)
        facts = body_facts(unit, body, self._day)
        area = self._register.by_code(row.area_code, self._day) if row.area_code else facts.area
        if area is None:
            raise UnknownArea(code=row.area_code)
        history = unit.history(OFFICERS, id)
        held = [one for one in history.state.appointments.values() if one.in_force(self._day)]
        if (row.role, body, area) in [(one.role, one.body, one.area) for one in held]:
            return
        command = AppointOfficer(role=row.role, body=body, area=area, in_force_from=self._day)
        on = occasion(self._asked, command, {area: area_facts(unit, area, self._day)}, {body: facts})
        record(unit, OFFICERS, history, command, on)
        self.changed.add(row.login)

    def _body(self, row: OfficerRow) -> BodyId:
        if found := self._register.body_by_code(row.body_code):
            return found
        raise UnknownBody(code=row.body_code)

    def _seats(self) -> dict[str, list[OfficerRow]]:
        found: dict[str, list[OfficerRow]] = {}
        for row in self._rows:
            if row.member:
                found.setdefault(row.body_code, []).append(row)
        return found

    def _seat(self, unit: Unit, rows: list[OfficerRow]) -> None:
        """A committee that has no members yet is constituted; others get the members that they lack."""
        history = unit.history(BODIES, self._body(rows[0]))
        body = history.state
        members = {id: Member(officer=id, member_name=row.name, woman=row.woman) for row in rows if (id := _id(row))}
        new = [one for id, one in members.items() if id not in body.members]
        commands: list[BodyCommand] = [SeatMember(member=one, seated_from=self._day) for one in new]
        if body.kind is BodyKind.COMMITTEE and not body.members:
            commands = [ConstituteCommittee(members=tuple(new), term_from=self._day)]
        for command in commands:
            record(unit, BODIES, unit.history(BODIES, body.id), command, occasion(self._asked, command))
        self.changed |= {row.login for row in rows if _id(row) not in body.members}


def _id(row: OfficerRow) -> OfficerId:
    return officer_id(row.login)
