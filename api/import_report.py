"""What is told of a row of an import: the column, what stands there, and what would be right, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from application.legacy.misfits import OF_A_NUMBER, Misfit, hint_of
from application.legacy.reading import Reported
from application.legacy.sheets import COLUMNS, UnknownColumns

MOST_WORDS = 40


def cells(one: Reported, words: Mapping[str, Any], *, dry_run: bool) -> tuple[str, str, str, str]:
    """Row, number, outcome, and the rules or faults."""
    told = [words["breach"].get(rule) or words["import_fault"].get(rule) or words["damage"][rule] for rule in one.rules]
    told += [_told(misfit, words) for misfit in one.misfits]
    outcomes = words["import_would" if dry_run else "import_outcome"]
    return str(one.row), one.number, outcomes[one.outcome], "; ".join(told)


def _told(one: Misfit, words: Mapping[str, Any]) -> str:
    found = words["import_wanted"][one.wanted].format(allowed=_allowed(one, words), day=hint_of(one))
    value = words["page"]["import_value"].format(value=one.value) if one.value else ""
    place = words["page"]["import_place"].format(place=one.place) if one.place else ""
    return f"{place}{value}{found}"


def _allowed(one: Misfit, words: Mapping[str, Any]) -> str:
    """The words that may stand there; of a number, what is wrong with it."""
    if one.wanted in OF_A_NUMBER:
        return str(words["number_fault"][one.table])
    return "、".join(list(words.get(one.table, {}).values())[:MOST_WORDS])


def wrong_columns(unknown: UnknownColumns, words: Mapping[str, str]) -> str:
    """What is missing or double, what was read instead, and what is known."""
    told = [
        words[kind].format(columns=_titles(names))
        for kind, names in (("lacking", unknown.lacking), ("double", unknown.double))
        if names
    ]
    read = words["read"].format(columns=" · ".join(title for title in unknown.read if title and title.isprintable()))
    return "\n".join([*told, read, words["known"].format(columns=_titles(list(COLUMNS)))])


def _titles(names: Sequence[str]) -> str:
    return "、".join(f"{COLUMNS[name]} ({name})" for name in names)
