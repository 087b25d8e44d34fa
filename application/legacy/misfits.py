"""What in a row does not fit: in which column, what stands there, and what would be right."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from application.legacy.row_content import LegacyCase
from application.legacy.sheets import Columns, SheetRow
from application.legacy.step_cells import TABLE_OF
from domain.case.kinds import PartyKind
from domain.shared import identity_numbers, phones
from domain.shared.told_days import of_spreadsheet
from domain.shared.told_numbers import is_damaged, is_damaged_code, is_no_value

MOST, LONGEST = 5, 40
PERSONAL = frozenset({"parties", "facts", "note"})
"""What stands there is not repeated: it may name somebody."""
OWN_NAME = re.compile(r"[A-Za-z][\w-]{0,39}", re.ASCII)
PARTED = re.compile(r"[|｜;；\r\n]")
"""What parts a cell into what is told of several people, or of one."""
Place = Callable[[tuple[Any, ...]], str]
"""From where a value stands in the case to what its column is called."""


class Wanted(StrEnum):
    """What would be right in the place of what does not fit."""

    WORD = "word"
    DAY = "no-day"
    REAL_DAY = "no-such-day"
    NO_SERIAL_DAY = "serial-day"
    DAY_OF_OUR_TIME = "day-of-our-time"
    AMOUNT = "amount"
    COUNT = "count"
    YES_OR_NO = "yes-or-no"
    SOMETHING = "something"
    TEXT = "text"
    KNOWN_FIELD = "known-field"
    JSON = "json"
    ONCE = "once"
    CODE_OF_AN_AREA = "code-of-an-area"
    WHOLE_CODE = "whole-code"
    VALUE = "value"
    CODE_OF_A_BODY = "code-of-a-body"
    AREA_WITH_A_BODY = "area-with-a-body"
    IDENTITY_NUMBER = "identity-number"
    PHONE = "phone"


DAYS = {Wanted.DAY, Wanted.REAL_DAY, Wanted.NO_SERIAL_DAY}
OF_NUMBERS = {"amount": Wanted.AMOUNT, "people": Wanted.COUNT, "kept": Wanted.YES_OR_NO}
OF_A_NUMBER = frozenset({Wanted.IDENTITY_NUMBER, Wanted.PHONE})
"""Their table is that of what may be wrong with one."""


@dataclass(frozen=True)
class Misfit:
    """`wanted`: what would be right; `table`: the words of which one is. `value`: empty where it is not repeated."""

    place: str
    value: str
    wanted: Wanted
    table: str = ""


def in_a_line(where: tuple[Any, ...]) -> str:
    return ".".join(map(str, where))


def in_a_sheet(row: SheetRow, columns: Columns) -> Place:
    def place(where: tuple[Any, ...]) -> str:
        name = str(where[0]) if where else "number"
        if name in {"steps", "parties"} and len(where) > 1:
            of_each = row.steps if name == "steps" else row.parties
            name = of_each[where[1]]
            name = _own_column(name, str(where[-1]), columns)
        return columns.title(name)

    return place


def _own_column(step: str, field: str, columns: Columns) -> str:
    """What a column of its own tells of a step that stands in another one."""
    if step == "closed" and field == "result":
        return field
    return field if step != "steps" and field in {"due", "kept", "by"} and field in columns.names else step


def misfits_of(error: ValidationError, place: Place) -> tuple[Misfit, ...]:
    errors = error.errors(include_url=False, include_context=False)
    within = {one["loc"][0] for one in errors if len(one["loc"]) > 1}
    told = [one for one in errors if len(one["loc"]) != 1 or one["loc"][0] not in within]  # too few, for one is unfit
    return tuple(dict.fromkeys(_misfit(one, place) for one in told))[:MOST]


def _misfit(one: Mapping[str, Any], place: Place) -> Misfit:
    where = one["loc"]
    kind = one["type"]
    if kind == "extra_forbidden":
        strange = str(where[-1])
        return Misfit(in_a_line(where[:-1]), strange if OWN_NAME.fullmatch(strange) else "", Wanted.KNOWN_FIELD)
    if kind == "json_invalid":
        return Misfit("", "", Wanted.JSON)
    field = str(where[-1]) if where else ""
    value = "" if kind == "missing" else _shown(where, one["input"])
    return Misfit(place(where), value, *_wanted(kind, field))


def _wanted(kind: str, field: str) -> tuple[Wanted, str]:
    if kind == "missing":
        return Wanted.SOMETHING, ""
    if kind == "enum":
        return Wanted.WORD, TABLE_OF.get(field, field)
    if kind in DAYS:
        return Wanted(kind), ""
    if field in {"at", "due"}:
        return Wanted.DAY_OF_OUR_TIME, ""
    return OF_NUMBERS.get(field, Wanted.TEXT), ""


def _shown(where: tuple[Any, ...], value: Any) -> str:
    if PERSONAL & set(map(str, where)) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    return text[:LONGEST] if text.isprintable() else ""


def hint_of(misfit: Misfit) -> str:
    """The day that a spreadsheet's number stands for."""
    day = of_spreadsheet(misfit.value) if misfit.wanted is Wanted.NO_SERIAL_DAY else None
    return day.isoformat() if day else ""


def no_values(columns: Columns, cells: Sequence[str]) -> tuple[Misfit, ...]:
    """Cells of ours in which a spreadsheet left an error: what stood there is not known, and not to be taken for
    nothing."""
    ours = [(columns.titles[at], cell) for at, cell in enumerate(cells) if columns.names[at]]
    broken = ((title, part.strip()) for title, cell in ours for part in PARTED.split(cell) if is_no_value(part))
    return tuple(dict.fromkeys(Misfit(title, part, Wanted.VALUE) for title, part in broken))[:MOST]


def twice_told(line: str) -> tuple[Misfit, ...]:
    """Keys that stand twice in a line of JSON: one of the two would be passed over."""
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) < len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return told

    try:
        json.loads(line, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return ()
    return tuple(Misfit("", one if OWN_NAME.fullmatch(one) else "", Wanted.ONCE) for one in dict.fromkeys(twice))[:MOST]


def damaged_number(told: LegacyCase, place: Place) -> tuple[Misfit, ...]:
    """A number of which digits are lost may be that of several cases."""
    damaged = is_damaged_code(told.number)
    return (Misfit(place(("number",)), told.number[:LONGEST], Wanted.WHOLE_CODE),) if damaged else ()


def no_such_area(told: str, place: Place) -> Misfit:
    return Misfit(place(("area",)), told[:LONGEST], Wanted.WHOLE_CODE if is_damaged(told) else Wanted.CODE_OF_AN_AREA)


def no_body_there(told: LegacyCase, place: Place) -> Misfit:
    named = [(at, one.body) for at, one in enumerate(told.steps) if one.body and one.step.value == "registered"]
    if named:
        at, code = named[0]
        return Misfit(place(("steps", at, "body")), code, Wanted.CODE_OF_A_BODY)
    return Misfit(place(("area",)), told.area, Wanted.AREA_WITH_A_BODY)


def unfit_numbers(told: LegacyCase, place: Place) -> Iterator[Misfit]:
    """Of the parties, without repeating any: a number of a person is not told."""
    for at, one in enumerate(told.parties):
        of_organisation = one.kind is PartyKind.ORGANISATION
        if fault := identity_numbers.fault_of(one.identity_number, organisation=of_organisation):
            yield Misfit(place(("parties", at, "identity_number")), "", Wanted.IDENTITY_NUMBER, fault.value)
        if fault := phones.fault_of(one.phone):
            yield Misfit(place(("parties", at, "phone")), "", Wanted.PHONE, fault.value)
