"""The generated pages of docs/: what the code itself says of its commands, its law and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import ModuleType

from api import law_page
from api.names import kebab
from api.web.labels import labels
from domain.case import kinds
from domain.case.commands import CaseCommand, MediationCommand
from domain.case.lists import COMMANDS, EVENTS

NOTE = "<!-- written by `make docs`: change the code, not this page -->\n"


def pages() -> Mapping[str, str]:
    """By file name."""
    return {"commands.md": _commands(), "law.md": _law(), "glossary.md": _glossary()}


def write(folder: Path) -> Iterable[Path]:
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        yield folder / name


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines) + "\n"


def _commands() -> str:
    words = labels("zh")
    rows = [_command_row(one, words["command"][kebab(one)]) for one in COMMANDS]
    events = [
        (f"`{one.name}`", words["event"][one.name], ", ".join(f"`{kebab(cause)}`" for cause in one.of))
        for one in EVENTS
    ]
    return (
        f"# The commands of a case\n\n{NOTE}\nEach is `POST /api/cases/{{id}}/<command>`; the first two begin a case:"
        " `POST /api/cases/<command>`.\n\n"
        + _table(("command", "名称", "allowed while", "rule"), rows)
        + "\n## Its events\n\n"
        + _table(("stored name", "名称", "recorded by"), events)
    )


def _command_row(command: type[CaseCommand], title: str) -> tuple[str, ...]:
    about = "the mediation is" if issubclass(command, MediationCommand) else "the case is"
    stages = ", ".join(str(one) for one in sorted(command.allowed_in))
    return (f"`{kebab(command)}`", title, f"{about} {stages}", str(command.rule or ""))


def _law() -> str:
    return (
        f"# The law in the code\n\n{NOTE}\n## Clocks\n\n{law_page.ABOUT}\n"
        + _table(law_page.HEADER, law_page.clock_rows())
        + "\n## Articles that commands and refusals cite\n\n"
        + _table(("article", "in force since"), law_page.cited_rows())
    )


def _glossary() -> str:
    zh, en = labels("zh"), labels("en")
    parts = [f"# Glossary\n\n{NOTE}"]
    for enum in _enums(kinds):
        table = "".join(
            f"_{sign.lower()}" if sign.isupper() and place else sign.lower() for place, sign in enumerate(enum.__name__)
        )
        rows = [(f"`{one.value}`", zh[table][one.value], en[table][one.value]) for one in enum]
        parts.append(f"## {enum.__name__}\n\n" + _table(("in the API", "中文", "English"), rows))
    return "\n".join(parts)


def _enums(module: ModuleType) -> list[type[StrEnum]]:
    found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, StrEnum)]
    return [one for one in found if one is not StrEnum]
