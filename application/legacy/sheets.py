"""A row of a sheet as a case: columns for what is told once, compact words for parties and steps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from application.legacy.step_cells import SEPARATOR, steps_of, tells_another_day, yes_or_no
from application.legacy.words import Words
from domain.case.record.importing import Breach

COLUMNS: Mapping[str, str] = {
    "number": "编号",
    "area": "区域代码",
    "category": "纠纷类别",
    "source": "来源",
    "urgency": "紧急程度",
    "risk": "风险等级",
    "facts": "纠纷概况",
    "amount": "涉案金额",
    "people": "涉及人数",
    "applicant": "申请人",
    "respondent": "被申请人",
    "third": "其他当事人",
    "registered": "登记日期",
    "accepted": "受理日期",
    "session": "调解日期",
    "agreed": "协议日期",
    "failed": "调解不成日期",
    "withdrawn": "撤回日期",
    "performed": "履行日期",
    "closed": "结案日期",
    "result": "处理结果",
    "reopened": "重新办理日期",
    "due": "限办日期",
    "kept": "是否按期",
    "by": "经办人",
    "mediator": "调解员",
    "steps": "步骤",
    "note": "备注",
}
"""Each by its English and its Chinese title."""
TITLES = {title: name for name, chinese in COLUMNS.items() for title in (name, chinese)}
WORDS = ("category", "source", "urgency", "risk")
SIDES = ("applicant", "respondent", "third")
DATED = ("registered", "accepted", "session", "agreed", "failed", "withdrawn", "performed", "closed", "reopened")
NEWER = frozenset({"reopened", "due", "kept", "by", "mediator"})
"""Columns that earlier versions kept as a note of the case: a row that they took over is known again."""
OF_A_MEDIATOR = frozenset({"consented", "session", "agreed", "failed"})
OF_PARTY = ("name", "identity_number", "phone", "address")
NAMES = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{1,15}")
SEPARATOR_OF_DAYS = re.compile(r"[;；\r\n、,，]+")
AND_OTHERS = re.compile(r"等(.{0,4}人)?$")


class UnknownColumns(Exception):
    """A sheet without the columns that it needs, or with one twice. `read`: the titles that it has."""

    def __init__(self, lacking: Sequence[str], double: Sequence[str], read: Sequence[str]) -> None:
        super().__init__(lacking, double, read)
        self.lacking, self.double, self.read = lacking, double, read


@dataclass(frozen=True)
class Columns:
    """What each column of a sheet is (empty: none of ours), and its title there."""

    names: Sequence[str]
    titles: Sequence[str]

    def title(self, name: str) -> str:
        return self.titles[self.names.index(name)] if name in self.names else COLUMNS.get(name, name)


@dataclass
class SheetRow:
    """A case as the lines of JSON tell it, for its check to refuse what does not fit; and where it stands."""

    told: dict[str, Any]
    steps: list[str] = field(default_factory=list)
    """The column of each step."""
    parties: list[str] = field(default_factory=list)
    """The column of each party."""
    doubts: list[tuple[Breach, int]] = field(default_factory=list)
    """What may have been meant otherwise, and in which step."""


def columns_of(titles: Sequence[str]) -> Columns:
    """Raises UnknownColumns."""
    named = [TITLES.get(_plain(title), "") for title in titles]
    lacking = [name for name in ("number", "area") if name not in named]
    double = sorted({name for name in named if name and named.count(name) > 1})
    if lacking or double:
        raise UnknownColumns(lacking, double, titles)
    return Columns(named, titles)


def _plain(title: str) -> str:
    """Without what forms print around a title: stars of what must be filled, units, line breaks."""
    bare = re.sub(r"[\s*:\ufeff]+", "", unicodedata.normalize("NFKC", title)).lower()
    return re.sub(r"\(.*\)$", "", bare)


def case_of(columns: Columns, cells: Sequence[str], words: Words) -> SheetRow:
    filled = {name: cell.strip() for name, cell in zip(columns.names, cells, strict=True) if name and cell.strip()}
    case: dict[str, Any] = {name: _bare(filled[name]) for name in ("number", "area", "people") if name in filled}
    row = SheetRow(case)
    case |= {name: words.code(name, filled[name]) for name in WORDS if name in filled}
    if "facts" in filled:
        case["facts"] = filled["facts"]
    if "amount" in filled:
        case["amount"] = _fen(_bare(filled["amount"]))
    if note := "\n".join([*([filled["note"]] if "note" in filled else []), *_strange(columns, cells)]):
        case["note"] = note
    case["parties"] = [one for side in SIDES for one in _parties(side, filled.get(side, ""))]
    row.parties = [one["side"] for one in case["parties"]]
    case["steps"] = list(_steps(filled, words, row))
    _tell_who(case["steps"], filled)
    _tell_due(case["steps"], filled)
    if "result" in filled and not _closes_with(case["steps"], words.code("result", filled["result"])):
        case["note"] = "\n".join([*([note] if note else []), f"{columns.title('result')}：{filled['result']}"])
    return row


def _tell_who(steps: list[dict[str, Any]], filled: Mapping[str, str]) -> None:
    """A column tells it of all steps that name nobody themselves."""
    by, mediator = filled.get("by", ""), filled.get("mediator", "")
    for step in steps:
        who = mediator if mediator and step["step"] in OF_A_MEDIATOR else by
        if who:
            step.setdefault("by", who)


def _tell_due(steps: list[dict[str, Any]], filled: Mapping[str, str]) -> None:
    """The day until which the case was due: set when it was registered, or else with the first of its steps."""
    if not {"due", "kept"} & filled.keys() or not steps:
        return
    first = next((step for step in steps if step["step"] == "registered"), steps[0])
    if "due" in filled:
        first.setdefault("due", filled["due"])
    if "kept" in filled:
        first.setdefault("kept", yes_or_no(filled["kept"]))


def as_before(columns: Columns) -> Columns | None:
    """The sheet as earlier versions read it, which did not know all of its columns; None: there is no difference."""
    if not NEWER & set(columns.names):
        return None
    return Columns(["" if name in NEWER else name for name in columns.names], columns.titles)


def _closes_with(steps: list[dict[str, Any]], result: str) -> bool:
    """Whether there is a closing that takes the result of the row."""
    closings = [step for step in steps if step["step"] == "closed"]
    for step in closings:
        step.setdefault("result", result)
    return bool(closings)


def _strange(columns: Columns, cells: Sequence[str]) -> Iterator[str]:
    """What stands in columns that are none of ours."""
    for at, (name, cell) in enumerate(zip(columns.names, cells, strict=True)):
        if not name and cell.strip():
            yield f"{columns.titles[at] or at + 1}：{cell.strip()}"


def _bare(cell: str) -> str:
    """Without what a spreadsheet leaves on a number: an apostrophe in front, a zero behind a point, wide digits."""
    plain = unicodedata.normalize("NFKC", cell) if re.fullmatch(r"[\d\W]+", cell) else cell
    return re.sub(r"^(\d+)\.0$", r"\1", re.sub(r"^['’‘`]+(?=.)", "", plain))


def _fen(yuan: str) -> Any:
    """A sheet tells yuan; what is no amount stays as it is."""
    found = re.fullmatch(r"[¥￥]?(\d{1,11})(?:\.(\d{1,2}))?", yuan.replace(",", "").removesuffix("元").strip())
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else yuan


def _parties(side: str, cell: str) -> Iterator[dict[str, Any]]:
    """`name|identity number|telephone|address`, several of them parted by a semicolon; names alone also by 、."""
    for one in SEPARATOR.split(cell):
        if one.strip():
            told = [_bare(part.strip()) for part in re.split(r"[|｜]", one, maxsplit=len(OF_PARTY) - 1)]
            for name in _names(told[0]) if len(told) == 1 else told[:1]:
                parts = zip(OF_PARTY, [name, *told[1:]], strict=False)
                yield {"side": side, **{name: part for name, part in parts if part}}


def _names(told: str) -> list[str]:
    """Where it is not certain that each part is a name, they stay together, and are flagged."""
    names = [one.strip() for one in told.split("、")]
    certain = all(NAMES.fullmatch(one) for one in names) and not AND_OTHERS.search(told)
    return names if certain else [told]


def _steps(filled: Mapping[str, str], words: Words, row: SheetRow) -> Iterator[dict[str, Any]]:
    for kind in DATED:
        for one in SEPARATOR_OF_DAYS.split(filled.get(kind, "")):
            if one.strip():
                row.steps.append(kind)
                yield {"step": kind, "at": one.strip()}
    for step in steps_of(filled.get("steps", ""), words):
        row.steps.append("steps")
        if tells_another_day(step.get("note", "")):
            row.doubts.append((Breach.DAY_IN_A_NOTE, len(row.steps)))
        yield step
