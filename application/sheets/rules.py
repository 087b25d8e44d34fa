"""规则包文件 A rule pack comes as a TOML file: a pack out, or a full list of what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from application.rules import CLOCKS
from domain.rules.local import LocalLimit
from domain.rules.packs import PublishRulePack
from domain.shared.errors import UnknownArea
from domain.shared.sheets import Fault, Reason, SheetRefused, collected, in_order, is_name, shown
from domain.shared.values import AreaId

LARGEST = 1024 * 1024
HEAD = {"area", "name", "in_force_from", "in_force_until", "note", "limit"}
LINE = {"code", "length", "unit", "effect", "soft", "law", "article"}
HEAD_ROW = 1
"""Faults above the limits; the first limit is row 2."""

AreaByCode = Callable[[str, date], AreaId | None]


def read_pack(file: bytes, area_by_code: AreaByCode) -> PublishRulePack:
    """Raises SheetRefused with every fault: an unknown word, an unknown clock, a limit that a law does not allow."""
    head = _parsed(file)
    faults: list[Fault] = []
    since = head.get("in_force_from")
    area = _area(head, area_by_code, faults)
    faults += _faults_of_head(head)
    limits = _limits(head.get("limit"), since if type(since) is date else None, faults)
    if faults or area is None:
        raise in_order(faults)
    return _pack(head, area, limits)


def _parsed(file: bytes) -> dict[str, Any]:
    if len(file) > LARGEST:
        raise SheetRefused([Fault(row=HEAD_ROW, reason=Reason.TOO_LARGE)])
    try:
        return tomllib.loads(file.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SheetRefused([Fault(row=HEAD_ROW, reason=Reason.NOT_UTF8)]) from None
    except (tomllib.TOMLDecodeError, RecursionError):
        raise SheetRefused([Fault(row=HEAD_ROW, reason=Reason.UNREADABLE)]) from None


def _area(head: Mapping[str, Any], area_by_code: AreaByCode, faults: list[Fault]) -> AreaId | None:
    code, since = head.get("area"), head.get("in_force_from")
    if not isinstance(code, str) or type(since) is not date:
        faults.append(Fault(row=HEAD_ROW, reason=Reason.BAD_WORD, code=shown(str(code))))
        return None
    with collected(faults, HEAD_ROW, code):
        if area := area_by_code(code, since):
            return area
        raise UnknownArea(code=code)
    return None


def _faults_of_head(head: Mapping[str, Any]) -> Sequence[Fault]:
    name, until, note = head.get("name"), head.get("in_force_until"), head.get("note", "")
    found = [Fault(row=HEAD_ROW, reason=Reason.WRONG_HEADER, code=shown(one)) for one in sorted(set(head) - HEAD)]
    if not isinstance(name, str) or not is_name(name):
        found.append(Fault(row=HEAD_ROW, reason=Reason.BAD_NAME))
    if (until is not None and type(until) is not date) or not isinstance(note, str):
        found.append(Fault(row=HEAD_ROW, reason=Reason.BAD_WORD))
    return found


def _limits(lines: Any, since: date | None, faults: list[Fault]) -> tuple[LocalLimit, ...]:
    if lines is not None and not isinstance(lines, list):
        faults.append(Fault(row=HEAD_ROW, reason=Reason.WRONG_HEADER, code="limit"))
        return ()
    read = [_limit(row, line, since, faults) for row, line in enumerate(lines or (), start=HEAD_ROW + 1)]
    return tuple(one for one in read if one)


def _limit(row: int, line: Any, since: date | None, faults: list[Fault]) -> LocalLimit | None:
    if not isinstance(line, dict) or set(line) - LINE:
        faults.append(Fault(row=row, reason=Reason.WRONG_COLUMNS))
        return None
    code = shown(str(line.get("code", "")))
    try:
        limit = LocalLimit.model_validate({("counted_in" if key == "unit" else key): line[key] for key in line})
    except ValidationError:
        faults.append(Fault(row=row, reason=Reason.BAD_WORD, code=code))
        return None
    with collected(faults, row, code):
        limit.check(CLOCKS, since or date.max)
    return limit


def _pack(head: Mapping[str, Any], area: AreaId, limits: tuple[LocalLimit, ...]) -> PublishRulePack:
    try:
        return PublishRulePack(
            area=area,
            pack_name=head["name"],
            in_force_from=head["in_force_from"],
            in_force_until=head.get("in_force_until"),
            limits=limits,
            note=head.get("note", ""),
        )
    except ValidationError:
        raise SheetRefused([Fault(row=HEAD_ROW, reason=Reason.BAD_WORD)]) from None
