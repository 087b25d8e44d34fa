"""导入机构: a sheet of bodies is taken over as a whole, in one unit of work, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from application.jurisdiction import JurisdictionRegister
from application.ports import Asked, Ledger, Receipt, Unit
from application.register_decisions import BODIES, area_facts, body_facts, occasion, record
from domain.jurisdiction.body import CHANNELS, Body, BodyStage, FoundBody, RenameBody, body_id
from domain.shared.errors import UnknownArea
from domain.shared.sheet_columns import coded, read_titled
from domain.shared.sheets import Fault, Reason, collected, in_order, is_name, shown
from domain.shared.values import BodyId, BodyKind, Channel, Value

TITLES = {
    "code": ("代码", "机构代码", "编码"),
    "name": ("名称", "机构名称"),
    "short_name": ("简称", "机构简称"),
    "kind": ("类型", "机构类型", "性质"),
    "area_code": ("区域代码", "所在区域代码", "区划代码"),
    "channel": ("途径", "调解途径"),
    "answers_for": ("负责机构代码", "由其负责的机构代码", "负责机构"),
}
NEEDED = ("code", "name", "short_name", "kind", "area_code")
KINDS = {
    "人民调解委员会": BodyKind.COMMITTEE,
    "调解委员会": BodyKind.COMMITTEE,
    "调委会": BodyKind.COMMITTEE,
    "行政机关": BodyKind.ORGAN,
    "人民法院": BodyKind.COURT,
    "法院": BodyKind.COURT,
    "人民法庭": BodyKind.COURT,
    "综治中心": BodyKind.CENTRE,
    "矛调中心": BodyKind.CENTRE,
    "派出所": BodyKind.POLICE,
    "公安机关": BodyKind.POLICE,
    "信访部门": BodyKind.PETITION,
    "信访局": BodyKind.PETITION,
    "网格": BodyKind.GRID,
}
CHANNEL_WORDS = {
    "人民调解": Channel.PEOPLE,
    "行政调解": Channel.ADMINISTRATIVE,
    "司法调解": Channel.LITIGATION,
    "诉讼调解": Channel.LITIGATION,
    "诉讼": Channel.LITIGATION,
}


class BodySheetRow(Value):
    """`channel` empty: the only one that its kind has. `answers_for`: a body's code, or empty for itself."""

    number: int
    code: str
    name: str
    short_name: str
    kind: BodyKind
    area_code: str
    channel: Channel | None
    answers_for: str


class SheetReport(Value):
    recorded: int
    unchanged: int
    receipt: Receipt | None
    """None: the sheet says nothing new, and nothing was recorded."""


def read_bodies(sheet: bytes) -> tuple[list[BodySheetRow], list[Fault]]:
    rows, faults = read_titled(sheet, TITLES, NEEDED, _row)
    first = {row.code: row for row in reversed(rows)}
    again = [row for row in rows if first[row.code] is not row]
    faults += [Fault(row=row.number, reason=Reason.DUPLICATE_CODE, code=row.code) for row in again]
    return list(first.values())[::-1], faults


def _row(number: int, cells: Sequence[str]) -> BodySheetRow | Fault:
    code, name, short_name, kind, area_code, channel, answers_for = cells
    if not is_name(code) or len(code) > 40:
        return Fault(row=number, reason=Reason.BAD_CODE, code=shown(code))
    if not is_name(name) or not is_name(short_name) or len(short_name) > 20:
        return Fault(row=number, reason=Reason.BAD_NAME, code=code)
    of_kind, in_channel = coded(BodyKind, KINDS, kind), coded(Channel, CHANNEL_WORDS, channel)
    if of_kind is None:
        return _unfit(number, code, "kind", kind, (*BodyKind, *KINDS))
    if channel and in_channel is None:
        return _unfit(number, code, "channel", channel, (*Channel, *CHANNEL_WORDS))
    return BodySheetRow(
        number=number,
        code=code,
        name=name,
        short_name=short_name,
        kind=of_kind,
        area_code=area_code,
        channel=in_channel or _only_channel(of_kind),
        answers_for=answers_for,
    )


def _unfit(number: int, code: str, column: str, told: str, words: Iterable[str]) -> Fault:
    wanted = " ".join(words)
    return Fault(row=number, reason=Reason.BAD_WORD, code=code, column=column, told=shown(told), wanted=wanted)


def _only_channel(kind: BodyKind) -> Channel | None:
    return next(iter(CHANNELS[kind])) if len(CHANNELS[kind]) == 1 else None


class BodySheets:
    def __init__(self, ledger: Ledger, register: JurisdictionRegister) -> None:
        self._ledger = ledger
        self._register = register

    def take_over(self, asked: Asked, sheet: bytes, day: date) -> SheetReport:
        """Raises SheetRefused with all faults."""
        rows, faults = read_bodies(sheet)
        changed: list[BodyId] = []

        def work(unit: Unit) -> UUID:
            for row in sorted(rows, key=lambda row: bool(row.answers_for)):
                with collected(faults, row.number, row.code):
                    changed.extend(self._take(unit, asked, row, day))
            if faults:
                raise in_order(faults)
            return changed[0] if changed else UUID(int=0)

        receipt = self._ledger.carry_out(asked, work)
        return SheetReport(
            recorded=len(changed), unchanged=len(rows) - len(changed), receipt=receipt if changed else None
        )

    def _take(self, unit: Unit, asked: Asked, row: BodySheetRow, day: date) -> list[BodyId]:
        """The body, where the row says anything new of it."""
        id = body_id(row.code)
        history = unit.history(BODIES, id)
        if history.state.stage is not BodyStage.NEW:
            return self._rename(unit, asked, row, history.state)
        area = self._register.by_code(row.area_code, day)
        if area is None:
            raise UnknownArea(code=row.area_code)
        others = [body_id(row.answers_for)] if row.answers_for else []
        command = FoundBody(
            area=area,
            kind=row.kind,
            body_name=row.name,
            short_name=row.short_name,
            code=row.code,
            channel=row.channel,
            answers_for=others[0] if others else None,
        )
        areas, bodies = {area: area_facts(unit, area, day)}, {one: body_facts(unit, one, day) for one in others}
        record(unit, BODIES, history, command, occasion(asked, command, areas, bodies), expected=0)
        return [id]

    def _rename(self, unit: Unit, asked: Asked, row: BodySheetRow, body: Body) -> list[BodyId]:
        if (row.name, row.short_name) == (body.name, body.short_name):
            return []
        command = RenameBody(body_name=row.name, short_name=row.short_name)
        record(unit, BODIES, unit.history(BODIES, body.id), command, occasion(asked, command))
        return [body.id]
