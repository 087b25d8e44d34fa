"""Every word a person reads, by language and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["zh", "en"]


@cache
def labels(language: Language) -> dict[str, Any]:
    """Merged from the files of the language: one for each context, in the order of a sheet: `case.zh.toml`."""
    merged: dict[str, Any] = {}
    for part in sorted(files(__package__).iterdir(), key=lambda one: one.name):
        if part.name.endswith(f".{language}.toml"):
            for table, content in tomllib.loads(part.read_text("utf-8")).items():
                merged[table] = merged.get(table, {}) | content
    return merged


def word(language: Language, table: str, key: object) -> str:
    """The label of a key in a table such as `status.open`; the key itself where there is none."""
    found: Any = labels(language)
    for part in table.split("."):
        found = found.get(part, {})
    known = found.get(str(key)) if isinstance(found, dict) else None
    return instead(table, key) if known is None else str(known)


def first_word(language: Language, table: str, *keys: str) -> str:
    """The label of the first of the keys that has one; empty where none has, and none need have."""
    return next((str(told) for key in keys if (told := labels(language)[table].get(key))), "")


def instead(table: str, key: object) -> str:
    """Who works with a page is not stopped by a word that is missing. In the tests nothing may come here."""
    return str(key)


def words(language: Language, table: str, error: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words; facts such as a limit are filled in."""
    template = labels(language)[table].get(error["type"], labels(language)[table]["other"])
    facts = {name: _said(value) for name, value in (error.get("ctx") or {}).items()}
    return str(template).format_map(_Facts({name: fact for name, fact in facts.items() if fact is not None}))


def _said(fact: Any) -> int | float | str | None:
    """A bound as it is told: a moment by its day."""
    if isinstance(fact, date):
        return fact.isoformat()[:10]
    return fact if isinstance(fact, int | float | str) else None


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
