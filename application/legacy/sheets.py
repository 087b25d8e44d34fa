"""A row of a sheet as a case: columns for what is told once, compact words for parties and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from application.legacy.words import DAY, Words, day, plain

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
    "steps": "步骤",
}
"""Each by its English and its Chinese title."""
TITLES = {title: name for name, chinese in COLUMNS.items() for title in (name, chinese)}
WORDS = ("category", "source", "urgency", "risk")
SIDES = ("applicant", "respondent", "third")
DATED = ("registered", "accepted", "session", "agreed", "failed", "withdrawn", "performed", "closed")
OF_PARTY = ("name", "identity_number", "phone", "address")
FIELDS = {
    "agreement_form": "form",
    "channel": "channel",
    "extent": "extent",
    "ground": "ground",
    "level": "level",
    "mandate": "mandate",
    "matter_step": "organ_step",
    "organ_kind": "organ",
    "outcome": "outcome",
    "result": "result",
    "return_ground": "return_ground",
}
READ_BY = {
    "registered": ("level",),
    "accepted": ("channel", "mandate"),
    "escalated": ("level", "ground"),
    "returned-down": ("return_ground",),
    "referred": ("channel",),
    "returned": ("outcome",),
    "agreed": ("agreement_form", "extent"),
    "organ-took-it": ("organ_kind", "matter_step"),
    "organ-ended": ("organ_kind",),
    "closed": ("result",),
}
"""Which words a step may be followed by; whatever else stands there is its note."""
NAMED = {"机构": "body", "body": "body", "说明": "note", "note": "note"}
SEPARATOR = re.compile(r"[;；\n]+")
SETTLED = ("已化解", "settled")
TIME = re.compile(r"\d{1,2}:\d{2}")


class UnknownColumns(Exception):
    """A sheet without the columns that it needs, or with one that is none of ours."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(columns)
        self.columns = columns


def columns_of(header: Sequence[str]) -> list[str]:
    """Raises UnknownColumns."""
    named = [TITLES.get(title, "") for title in header]
    strange = [title for title, name in zip(header, named, strict=True) if title and not name]
    lacking = [name for name in ("number", "area") if name not in named]
    double = sorted({name for name in named if name and named.count(name) > 1})
    if strange or lacking or double:
        raise UnknownColumns([*strange, *lacking, *double])
    return named


def case_of(columns: Sequence[str], cells: Sequence[str], words: Words) -> dict[str, Any]:
    """As the lines of JSON tell it; its check refuses what does not fit."""
    told = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name and cell.strip()}
    case: dict[str, Any] = {name: told[name] for name in ("number", "area", "facts", "people") if name in told}
    case |= {name: words.code(name, told[name]) for name in WORDS if name in told}
    if "amount" in told:
        case["amount"] = _fen(told["amount"])
    case["parties"] = [one for side in SIDES for one in _parties(side, told.get(side, ""))]
    case["steps"] = [*_dated(told, words), *_steps(told.get("steps", ""), words)]
    return case


def _fen(yuan: str) -> Any:
    """A sheet tells yuan; what is no amount stays as it is."""
    found = re.fullmatch(r"(\d{1,11})(?:\.(\d{1,2}))?", yuan.replace(",", "").removesuffix("元").strip())
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else yuan


def _parties(side: str, cell: str) -> Iterator[dict[str, Any]]:
    """`name|identity number|telephone|address`, several of them parted by a semicolon."""
    for one in SEPARATOR.split(cell):
        if one.strip():
            told = [part.strip() for part in re.split(r"[|｜]", one, maxsplit=len(OF_PARTY) - 1)]
            yield {"side": side, **{name: part for name, part in zip(OF_PARTY, told, strict=False) if part}}


def _dated(told: Mapping[str, str], words: Words) -> Iterator[dict[str, Any]]:
    for kind in DATED:
        for one in SEPARATOR.split(told.get(kind, "")):
            if one.strip():
                step: dict[str, Any] = {"step": kind, "at": day(one)}
                if kind == "closed" and "result" in told:
                    step["result"] = words.code("result", told["result"])
                yield step


def _steps(cell: str, words: Words) -> Iterator[dict[str, Any]]:
    for one in SEPARATOR.split(cell):
        if one.strip():
            yield _step(one.split(), words)


def _step(parts: list[str], words: Words) -> dict[str, Any]:
    """`day [time] step [words of the step] [body=code] [note]`."""
    at, rest = day(parts[0]), parts[1:]
    if rest and TIME.fullmatch(rest[0]) and DAY.fullmatch(parts[0]):
        at, rest = f"{at}T{rest[0].zfill(5)}", rest[1:]
    kind = words.code("step_kind", rest[0]) if rest else ""
    step: dict[str, Any] = {"step": kind, "at": at}
    notes = [word for word in rest[1:] if not _took(step, kind, word, words)]
    if notes:
        step["note"] = " ".join([*notes, step.get("note", "")]).strip()
    return step


def _took(step: dict[str, Any], kind: str, word: str, words: Words) -> bool:
    """Whether the word fills a field of the step."""
    name, mark, value = word.replace("：", "=").partition("=")
    if mark and plain(name) in NAMED:
        field = NAMED[plain(name)]
        step[field] = f"{step[field]} {value}" if step.get(field) else value
        return True
    if kind.startswith("organ") and plain(word) in SETTLED:
        step["settled"] = True
        return True
    for table in READ_BY.get(kind, ()):
        if words.knows(table, word) and FIELDS[table] not in step:
            step[FIELDS[table]] = words.code(table, word)
            return True
    return False
