"""表格 Sheets that offices import: bytes in, numbered rows or a full list of what is wrong out."""

from __future__ import annotations

import io
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TypeVar

from pydantic import ValidationError

from domain.shared.errors import DomainError, Refused, UnknownArea, UnknownBody
from domain.shared.tables import Damage, Row, Sheet
from domain.shared.text_files import PackedFile, text_file
from domain.shared.told_numbers import is_no_value
from domain.shared.values import Value

LARGEST = 256 * 1024 * 1024
LONGEST_CODE, LONGEST_NAME = 40, 100


class Reason(StrEnum):
    TOO_LARGE = "too_large"  # 文件过大
    NOT_UTF8 = "not_utf8"  # 不是 UTF-8 编码
    NOT_TEXT = "not_text"  # 不是可读的文字
    WRONG_HEADER = "wrong_header"  # 表头不对
    UNREADABLE = "unreadable"  # 无法读取
    WRONG_COLUMNS = "wrong_columns"  # 列数不对
    OPEN_QUOTE = "open_quote"  # 引号没有闭合
    BAD_CODE = "bad_code"  # 代码不合规
    BAD_NAME = "bad_name"  # 名称不合规
    BAD_LEVEL = "bad_level"  # 级别不合规
    BAD_WORD = "bad_word"  # 不是可填的值
    DUPLICATE_CODE = "duplicate_code"  # 代码重复
    MISSING_PARENT = "missing_parent"  # 上级不存在
    PARENT_NOT_HIGHER = "parent_not_higher"  # 上级级别不高于本级
    NO_COUNTY_ABOVE = "no_county_above"  # 上面没有县(市、区)
    LEVEL_CHANGED = "level_changed"  # 级别与已登记的不同
    UNKNOWN_AREA = "unknown_area"  # 区域不存在
    UNKNOWN_BODY = "unknown_body"  # 机构不存在
    BY_RULE = "by_rule"  # 不合规则


class Fault(Value):
    """What is wrong with a row; the header is row 1."""

    row: int
    reason: Reason
    code: str = ""
    rule: str = ""
    """The name of the refusal, where a rule refuses the row."""
    column: str = ""
    """In which column, where it is one of several."""
    told: str = ""
    """What stands there."""
    wanted: str = ""
    """What may stand there instead."""


class SheetRefused(Refused):
    """The sheet has faults. Nothing of it was taken over."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults=[fault.model_dump(mode="json") for fault in faults])
        self.faults = list(faults)


Made = TypeVar("Made")


def made_of(
    table: Iterable[Row[Sequence[str]]], made: Callable[[int, Sequence[str]], Made | Fault]
) -> tuple[list[Made], list[Fault]]:
    rows: list[Made] = []
    faults: list[Fault] = []
    for row in table:
        one = _fault(row.number, row.content) if isinstance(row.content, Damage) else made(row.number, row.content)
        if isinstance(one, Fault):
            faults.append(one)
        else:
            rows.append(one)
    return rows, faults


def table_in(sheet: bytes) -> Sheet:
    """Raises SheetRefused."""
    try:
        return Sheet(text_file(io.BytesIO(_unpacked(sheet))), filled=False)
    except PackedFile:
        raise SheetRefused([Fault(row=1, reason=Reason.UNREADABLE)]) from None


def wrong_header(table: Sheet, wanted: str) -> SheetRefused:
    read = " · ".join(shown(title) for title in table.titles)
    return SheetRefused([Fault(row=1, reason=Reason.WRONG_HEADER, told=read[:LONGEST_NAME], wanted=wanted)])


def _fault(row: int, damage: Damage) -> Fault:
    reason = {
        Damage.TOO_LONG: Reason.UNREADABLE,
        Damage.NOT_TEXT: Reason.NOT_TEXT,
        Damage.WRONG_COLUMNS: Reason.WRONG_COLUMNS,
        Damage.OPEN_QUOTE: Reason.OPEN_QUOTE,
    }
    return Fault(row=row, reason=reason[damage])


def _unpacked(sheet: bytes) -> bytes:
    if not sheet.startswith(b"\x1f\x8b"):
        return sheet
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(sheet, LARGEST)
    except zlib.error:
        raise SheetRefused([Fault(row=1, reason=Reason.UNREADABLE)]) from None
    if unpacker.unconsumed_tail:
        raise SheetRefused([Fault(row=1, reason=Reason.TOO_LARGE)])
    return unpacked


@contextmanager
def collected(faults: list[Fault], row: int, code: str) -> Iterator[None]:
    """What a rule refuses in the work on a row becomes a fault of that row: all of them are told, not the first."""
    try:
        yield
    except ValidationError:
        faults.append(Fault(row=row, reason=Reason.BAD_CODE, code=shown(code)))
    except DomainError as refusal:
        known: dict[type[DomainError], Reason] = {
            UnknownArea: Reason.UNKNOWN_AREA,
            UnknownBody: Reason.UNKNOWN_BODY,
        }
        reason = known.get(type(refusal), Reason.BY_RULE)
        faults.append(Fault(row=row, reason=reason, code=shown(code), rule=type(refusal).__name__))


def in_order(faults: Sequence[Fault]) -> SheetRefused:
    return SheetRefused(sorted(faults, key=lambda fault: (fault.row, fault.reason)))


def shown(code: str) -> str:
    """A code as a fault may repeat it."""
    return code[:LONGEST_CODE] if code.isprintable() else ""


def is_name(name: str) -> bool:
    if not name.strip() or len(name) > LONGEST_NAME or is_no_value(name):
        return False
    return not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in name)
