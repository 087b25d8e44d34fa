"""docs/law.md: every clock with its article, what it does, and the tests that count it; and the articles cited."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from api.reference import readings
from application.rules import CLOCKS
from domain import statutes
from domain.case import laws
from domain.case.opening import guidance
from domain.jurisdiction import committee
from domain.referral import kinds as referral_kinds
from domain.referral import returning
from domain.rules import holidays
from domain.shared.law import Citation, TimeLimit
from domain.sweep import kinds as sweep_kinds

TESTS = Path(__file__).resolve().parents[2] / "tests"
SHOWN = 4
"""So many tests are named for a clock; the others are counted."""

HEADER = (
    "clock",
    "starts with",
    "started by the entry",
    "length",
    "when it has run out",
    "article",
    "in force since",
    "extended by",
    "what does not count, or makes it longer",
    "consent or approval",
    "paused by an appraisal",
    "footing",
    "text read",
    "tests",
)
ABOUT = """Length and unit are those of the article. `soft`: the article says 一般应当, so lateness is only flagged.
Footing `example`: another place's rule, a default that a county replaces with a rule pack; `law`: nobody replaces it,
only a soft one may be made shorter or escalate. Text not read: check the article before relying on it. The tests are
those whose source, or a table that they use, names the clock; beside them every clock of the table of clocks is
compared with it (`tests/rules/test_every_clock_of_the_table.py`).
"""


def clock_rows() -> Iterator[tuple[str, ...]]:
    """A row for each text of each clock, as it was in force one after the other."""
    tested = tests_by_clock(TESTS, CLOCKS)
    for one in CLOCKS.values():
        for text in (one, *one.amended):
            yield (*_told(text), _named(tested.get(one.code, [])))


def _told(one: TimeLimit) -> tuple[str, ...]:
    reading = readings.CLOCKS[one.code]
    return (
        one.code,
        one.starts,
        reading.begun_by,
        f"{one.length} {one.counted_in}",
        f"{one.effect} (soft)" if one.soft else str(one.effect),
        str(one.basis),
        str(one.basis.in_force or "–"),
        str(one.extended_by),
        reading.unlike,
        reading.consent,
        "yes" if one.paused_by_appraisal else "no",
        str(one.footing),
        "yes" if one.text_read else "**no**",
    )


def _named(tests: list[str]) -> str:
    more = [f"and {len(tests) - SHOWN} more"] if len(tests) > SHOWN else []
    return ", ".join([*(f"`{name}`" for name in tests[:SHOWN]), *more]) or "**none**"


GUARD_HEADER = ("guard", "form", "consent", "article", "how it was read")


def guard_rows() -> list[tuple[str, ...]]:
    return [tuple(one) for one in readings.GUARDS]


def cited_rows() -> list[tuple[str, str]]:
    modules = (laws, guidance, referral_kinds, returning, committee, holidays, sweep_kinds, statutes)
    found = {one for module in modules for one in vars(module).values() if isinstance(one, Citation)}
    return sorted((str(one), str(one.in_force)) for one in found)


def tests_by_clock(folder: Path, codes: Iterable[str]) -> Mapping[str, list[str]]:
    """The tests whose source, or a table that they use, names the clock."""
    word = re.compile(rf"\b({'|'.join(map(re.escape, codes))})\b")
    found: dict[str, set[str]] = {}
    for file in sorted(folder.rglob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        if word.search(text):
            for name, code in _mentions(text, word):
                found.setdefault(code, set()).add(name)
    return {code: sorted(names) for code, names in found.items()}


def _mentions(text: str, word: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    body = ast.parse(text).body
    tables = {name: set(word.findall(_source(text, node))) for node in body for name in _assigned(node)}
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            source = _source(text, node)
            used = [codes for name, codes in tables.items() if re.search(rf"\b{name}\b", source)]
            yield from ((node.name, code) for code in {*word.findall(source)}.union(*used))


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _source(text: str, node: ast.stmt) -> str:
    """With its decorators."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    first = min((one.lineno for one in decorators), default=node.lineno)
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
