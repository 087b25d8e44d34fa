"""The steps that one cell of a sheet tells: each is `day [time] step [words of the step] [body=code] [note]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from application.legacy.words import Words, plain
from domain.shared.told_days import DAY, TIME, WRITTEN

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
TABLE_OF = {field: table for table, field in FIELDS.items()} | {"step": "step_kind"}
READ_BY = {
    "registered": ("level",),
    "accepted": ("channel", "mandate"),
    "escalated": ("level", "ground"),
    "returned-down": ("return_ground", "level"),
    "called-up": ("level", "ground"),
    "assigned-down": ("level",),
    "supervised": ("level", "ground"),
    "referred": ("channel",),
    "returned": ("outcome",),
    "agreed": ("agreement_form", "extent"),
    "organ-took-it": ("organ_kind", "matter_step"),
    "organ-ended": ("organ_kind",),
    "closed": ("result",),
}
"""Which words a step may be followed by; whatever else stands there is its note."""
NAMED = {
    "机构": "body",
    "body": "body",
    "说明": "note",
    "note": "note",
    "经办人": "by",
    "by": "by",
    "限期": "due",
    "due": "due",
    "按期": "kept",
    "kept": "kept",
}
YES_OR_NO = {"是": True, "否": False, "yes": True, "no": False, "按期": True, "逾期": False, "1": True, "0": False}
SEPARATOR = re.compile(r"[;；\r\n]+")
COMMAS = re.compile(r"[、,，]")
SETTLED = ("已化解", "settled")
Step = dict[str, Any]


def steps_of(cell: str, words: Words) -> Iterator[Step]:
    """Parted by semicolons or line ends; without them a new one begins wherever a day stands before a step's name."""
    for part in SEPARATOR.split(cell):
        if part.strip(" \t、,，。"):
            heads = list(_heads(words).finditer(part))
            if not heads or part[: heads[0].start()].strip(" \t、,，。"):
                yield _unfit(part)
                continue
            ends = [*(one.start() for one in heads[1:]), len(part)]
            for head, end in zip(heads, ends, strict=True):
                yield _step(head, part[head.end() : end], words)


@lru_cache(maxsize=8)
def _heads(words: Words) -> re.Pattern[str]:
    names = "|".join(re.escape(one) for one in words.of("step_kind"))
    return re.compile(
        rf"(?:^|(?<=[\s、,，。]))(?P<day>{WRITTEN}|\d{{8}})(?:\s+(?P<time>{TIME}))?\s*(?P<step>{names})(?=$|[\s、,，。:：])",
        re.IGNORECASE,
    )


def _unfit(part: str) -> Step:
    """What is no step: its day and its name are told to the check of the row, which refuses them."""
    found = DAY.match(part.strip())
    day, rest = (found[0], part.strip()[found.end() :]) if found else part.strip().partition(" ")[::2]
    return {"step": (rest.split() or [""])[0], "at": day}


def _step(head: re.Match[str], rest: str, words: Words) -> Step:
    kind = words.code("step_kind", head["step"])
    step: Step = {"step": kind, "at": f"{head['day']} {head['time']}" if head["time"] else head["day"]}
    notes = [left for word in rest.strip(" \t、,，。:：").split() if (left := _left_of(word, step, kind, words))]
    if notes:
        step["note"] = " ".join([*notes, step.get("note", "")]).strip()
    return step


def _left_of(word: str, step: Step, kind: str, words: Words) -> str:
    """What fills no field of the step, and so is its note."""
    if _took(step, kind, word, words):
        return ""
    parts = COMMAS.split(word)
    left = [part for part in parts if part and not _took(step, kind, part, words)]
    return word if len(left) == len(parts) else "，".join(left)


def _took(step: Step, kind: str, word: str, words: Words) -> bool:
    """Whether the word fills a field of the step."""
    name, mark, value = word.replace("：", "=").replace("＝", "=").partition("=")
    if mark and plain(name) in NAMED:
        field = NAMED[plain(name)]
        step[field] = f"{step[field]} {value}" if step.get(field) else value
        if field == "kept":
            step[field] = yes_or_no(value)
        return True
    if kind.startswith("organ") and plain(word) in SETTLED:
        step["settled"] = True
        return True
    for table in READ_BY.get(kind, ()):
        if words.knows(table, word) and FIELDS[table] not in step:
            step[FIELDS[table]] = words.code(table, word)
            return True
    return False


def yes_or_no(told: str) -> bool | str:
    """As people write it; what is neither stays as it is, for the check of the row to refuse."""
    return YES_OR_NO.get(plain(told), told)


def tells_another_day(note: str) -> bool:
    """Whether a step may hide in it that was not read as one."""
    return DAY.search(note) is not None
