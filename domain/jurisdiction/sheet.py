"""区划表 The sheet of areas that an office imports, or that was published: rows, or a full list of what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from domain.jurisdiction.area import is_code
from domain.shared.sheets import LONGEST_CODE, Fault, Reason, is_name, made_of, shown, table_in, wrong_header
from domain.shared.tables import Row, Sheet
from domain.shared.values import Level, Value

LEVELS = {str(number): level for number, level in enumerate(reversed(Level), start=1)}
TITLES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编码", "区划代码", "行政区划代码", "统计用区划代码", "区域代码", "地区代码", "adcode"),
    "name": ("name", "名称", "区划名称", "行政区划名称", "单位名称", "区域名称", "地区名称", "地名"),
    "parent": ("parent_code", "parentcode", "parent", "pcode", "上级", "上级代码", "上级区划代码", "父级代码"),
    "level": ("level", "级别", "层级", "行政级别", "区划级别"),
}
WANTED = "代码 (code)、名称 (name)；可有 上级代码 (parent_code)、级别 (level)"
_LEVEL_WORDS = {
    Level.PROVINCE: "省 省级 自治区 直辖市 province",
    Level.CITY: "市 市级 地级 地级市 自治州 盟 city",
    Level.COUNTY: "县 县级 区县 区 旗 county",
    Level.TOWNSHIP: "乡 镇 乡级 乡镇 街道 township",
    Level.VILLAGE: "村 村级 社区 居委会 村委会 village",
    Level.GRID: "网格 grid",
}
LEVEL_BY_WORD = {word: level for level, words in _LEVEL_WORDS.items() for word in words.split()}
ROOTS = frozenset({"", "0", "1", "86", "000000", "100000", "000000000000"})
"""What published files write where there is no area above."""
PARTS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
"""How many digits of a code of the national statistics tell an area of each level."""
WHOLE = max(PARTS)


class AreaRow(Value):
    number: int
    code: str
    name: str
    parent: str
    level: Level


def read_sheet(sheet: bytes, known: Iterable[str] = ()) -> tuple[list[AreaRow], list[Fault]]:
    """The rows that can be read, and the faults of the others. `known`: codes in force. Raises SheetRefused where none
    can.

    A sheet without titles has its columns in the order code, name, parent, level. Where no area above or no level is
    told, the digits of the code tell it."""
    table = table_in(sheet)
    columns, rows = _columns(table)
    if not {"code", "name"} <= set(columns):
        raise wrong_header(table, WANTED)
    made, faults = made_of(rows, _reader(columns))
    told = _without_doubles(made)
    told = _as_known(told, {whole(code): code for code in known})
    return (told if "parent" in columns else _placed(told, known)), faults


def _columns(table: Sheet) -> tuple[dict[str, int], Iterator[Row[Sequence[str]]]]:
    """Where each column stands, and the rows below the titles; without titles the first row is one of them."""
    plain = [re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", title)).lower() for title in table.titles]
    if plain and _tidy(plain[0]).isdigit():
        first = Row(1, table.titles, 0)
        return {name: at for at, name in enumerate(TITLES) if at < len(plain)}, chain([first], table)
    found = ((name, [at for at, title in enumerate(plain) if title in titles]) for name, titles in TITLES.items())
    return {name: places[0] for name, places in found if len(places) == 1}, iter(table)


def _reader(columns: Mapping[str, int]) -> Callable[[int, Sequence[str]], AreaRow | Fault]:
    def row(number: int, cells: Sequence[str]) -> AreaRow | Fault:
        told = {name: cells[at].strip() for name, at in columns.items()}
        code, name = _tidy(told["code"]), told["name"]
        level = _level(told["level"]) if "level" in told else level_of(code)
        if level is None:
            reason = Reason.BAD_LEVEL if "level" in told else Reason.BAD_CODE
            return Fault(row=number, reason=reason, code=shown(code), told=shown(told.get("level", code)))
        if not _is_code(code, level):
            return Fault(row=number, reason=Reason.BAD_CODE, code=shown(code), told=shown(told["code"]))
        if not is_name(name):
            return Fault(row=number, reason=Reason.BAD_NAME, code=code, told=shown(name))
        parent = _tidy(told.get("parent", ""))
        return AreaRow(number=number, code=code, name=name, parent="" if parent in ROOTS else parent, level=level)

    return row


def _tidy(code: str) -> str:
    """Without what a spreadsheet leaves on a number."""
    plain = unicodedata.normalize("NFKC", code).strip(" '’\ufeff") if not code.isascii() or "'" in code else code
    return re.sub(r"^(\d+)\.0$", r"\1", plain)


def _level(told: str) -> Level | None:
    return LEVELS.get(told) or LEVEL_BY_WORD.get(told.lower())


def level_of(code: str) -> Level | None:
    """As its digits tell it; None: it is no code of the national statistics."""
    if not (code.isascii() and code.isdigit() and len(code) in PARTS):
        return None
    told = whole(code)
    return next((PARTS[end] for begins, end in ((9, 12), (6, 9), (4, 6), (2, 4)) if int(told[begins:end])), PARTS[2])


def whole(code: str) -> str:
    """With all its digits, for comparing: 420581 and 420581000000 are one code."""
    return code.ljust(WHOLE, "0") if len(code) in PARTS and code.isascii() and code.isdigit() else code


def _is_code(code: str, level: Level) -> bool:
    solid = code.isprintable() and not any(map(str.isspace, code))
    return 1 <= len(code) <= LONGEST_CODE and solid and is_code(code, level)


def _without_doubles(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """A city without counties (东莞) is published twice, as its own county as well: it is one area, the higher one."""
    highest: dict[tuple[str, str], AreaRow] = {}
    for row in rows:
        before = highest.setdefault((whole(row.code), row.name), row)
        if before.level.rank < row.level.rank:
            highest[whole(row.code), row.name] = row
    doubled = {
        row.number
        for row in rows
        if row.level is Level.COUNTY and highest[whole(row.code), row.name].level is Level.CITY
    }
    return [row for row in rows if row.number not in doubled]


def _as_known(rows: Sequence[AreaRow], known: Mapping[str, str]) -> list[AreaRow]:
    """With the codes as the register writes them, or else the sheet's own rows: with nine digits or with twelve."""
    forms = {**{whole(row.code): row.code for row in rows}, **known}
    return [_in_form(row, forms[whole(row.code)], forms.get(whole(row.parent), row.parent)) for row in rows]


def _in_form(row: AreaRow, code: str, parent: str) -> AreaRow:
    return row if (code, parent) == (row.code, row.parent) else row.but(code=code, parent=parent)


def _placed(rows: Sequence[AreaRow], known: Iterable[str]) -> list[AreaRow]:
    """Each in the nearest area that its digits name."""
    codes = {whole(code): code for code in known} | {whole(row.code): row.code for row in rows}
    return [row.but(parent=_above(row, codes)) for row in rows]


def _above(row: AreaRow, codes: Mapping[str, str]) -> str:
    told = whole(row.code)
    for digits, level in sorted(PARTS.items(), reverse=True):
        above = told[:digits].ljust(WHOLE, "0")
        if level.rank > row.level.rank and above != told and above in codes:
            return codes[above]
    return ""
