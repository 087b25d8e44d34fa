"""The generated pages of docs/: what the code itself says of its commands, its law and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

from api.labels import Language, labels
from api.labels.names import kebab
from api.reference import law as law_page
from api.reference import pictures
from api.web.sentences import snake
from application.figures.definitions import FIGURES
from domain.case import case, kinds, mediations
from domain.case import lists as of_case
from domain.case.beside import holder
from domain.case.commands import CaseCommand, MediationCommand
from domain.escalation import escalation
from domain.escalation import kinds as of_moves
from domain.escalation import lists as of_escalation
from domain.referral import kinds as of_handing
from domain.referral import lists as of_referral
from domain.referral import referral
from domain.shared import law, values, vocabulary
from domain.shared.marks import FRAMED, free_texts, marked
from domain.shared.shapes import made_of
from domain.shared.texts import personal_fields
from domain.shared.values import Narrative, Value
from domain.sweep import kinds as of_sweeping
from domain.sweep import lists as of_sweeps

NOTE = "<!-- written by `make docs`: change the code, not this page -->\n"


class LabelsMissing(Exception):
    """Words that no page can be written without: each by its language, its table and its key."""


class Words:
    """What is looked up in the labels; what is not there is noted, so that all of it is told at once."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def said(self, language: Language, table: str, key: str) -> str:
        if (found := labels(language).get(table, {}).get(key)) is None:
            self.missing.append(f"{language}: [{table}] {key}")
        return str(found)


def pages() -> Mapping[str, str]:
    """By file name. Raises LabelsMissing."""
    words = Words()
    written = {name: page(words) for name, page in PAGES.items()}
    if words.missing:
        raise LabelsMissing(*sorted(set(words.missing)))
    return written


def write(folder: Path) -> Iterable[Path]:
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        yield folder / name


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines) + "\n"


@dataclass(frozen=True)
class DocumentedContext:
    """What has commands and events of its own, and where its commands are asked."""

    title: str
    asked: str
    commands: Sequence[type[Any]]
    events: Sequence[type[Any]]


CONTEXTS = (
    DocumentedContext(
        "A case 案件",
        "Each is `POST /api/cases/{id}/<command>`; the first two begin a case: `POST /api/cases/<command>`."
        " Where the table names nobody, officers of the body that holds or mediates it ask.",
        of_case.COMMANDS,
        of_case.EVENTS,
    ),
    DocumentedContext(
        "A referral 分流转办",
        "`POST /api/cases/{case}/referrals/offer-referral` begins one, each other is"
        " `POST /api/cases/{case}/referrals/{id}/<command>`.",
        of_referral.COMMANDS,
        of_referral.EVENTS,
    ),
    DocumentedContext(
        "An escalation 上行督办",
        "What is allowed while it is new begins one: `POST /api/cases/{case}/escalations/<command>`; each other is"
        " `POST /api/cases/{case}/escalations/{id}/<command>`.",
        of_escalation.COMMANDS,
        of_escalation.EVENTS,
    ),
    DocumentedContext(
        "Sweeps 排查",
        "`POST /api/sweeps/report-zero | report-zeros | report-finds | withdraw-report`,"
        " `POST /api/sweeps/meetings/hold-meeting` and `POST /api/sweeps/campaigns/launch-campaign`; each other is"
        " `POST /api/sweeps/meetings/{id}/<command>` or `POST /api/sweeps/campaigns/{id}/<command>`."
        " The finds of a report are told as whole registrations, and each becomes a case.",
        of_sweeps.COMMANDS,
        of_sweeps.EVENTS,
    ),
)


def _commands(words: Words) -> str:
    about = (
        "What only the clock asks for has no path: see `application/timers.py`. Of its events: *not encrypted* are"
        " short texts that are stored as they were written, and must not name a party; *of the frame* is what a body"
        " reads to which only a part of the case was handed over."
    )
    return f"# The commands\n\n{NOTE}\n{about}\n\n" + "\n".join(_context(one, words) for one in CONTEXTS)


def _context(context: DocumentedContext, words: Words) -> str:
    rows = [_command_row(one, words.said("zh", "command", kebab(one))) for one in context.commands]
    events = [_event_row(one, words.said("zh", "event", one.name)) for one in context.events]
    return (
        f"## {context.title}\n\n{context.asked}\n\n"
        + _table(("command", "名称", "allowed while", "asked by", "rule"), rows)
        + "\n### Its events\n\n"
        + _table(("stored name", "名称", "recorded by", "not encrypted", "of the frame"), events)
    )


def _event_row(event: type[Value], title: str) -> tuple[str, ...]:
    """Also which of its texts are stored as they were written, and what of it everybody reads to whom a part of the
    case was handed over: everything else is encrypted, or withheld from them."""
    of: Any = event
    plain = sorted(
        {name for one in made_of(event) - {Narrative} for name in free_texts(one) - set(personal_fields(one))}
    )
    framed = [name for name in event.model_fields if of.framed and name in marked(event, FRAMED)]
    causes = (kebab(cause) for cause in of.of)
    return (f"`{of.name}`", title, *(", ".join(f"`{one}`" for one in named) for named in (causes, plain, framed)))


def _command_row(command: type[Any], title: str) -> tuple[str, ...]:
    about = "the mediation is " if issubclass(command, MediationCommand) else ""
    stages = ", ".join(str(one) for one in sorted(command.allowed_in))
    return (f"`{kebab(command)}`", title, f"{about}{stages}", _asker(command), str(command.rule or ""))


def _asker(command: type[Any]) -> str:
    """Whose officers, where it is not those of the body that holds or mediates the case."""
    if issubclass(command, CaseCommand):
        return "clock" if command.by_clock else "operator" if command.by_operator else ""
    if asker := getattr(command, "asker", None):
        return str(asker.value)
    return "clock" if getattr(command, "by_clock", False) else ""


def _law(words: Words) -> str:
    return (
        f"# The law in the code\n\n{NOTE}\n## Clocks\n\n{law_page.ABOUT}\n"
        + _table(law_page.HEADER, law_page.clock_rows())
        + "\n## Guards\n\nWhat was compared with the article, by hand.\n\n"
        + _table(law_page.GUARD_HEADER, law_page.guard_rows())
        + "\n## Articles that commands and refusals cite\n\n"
        + _table(("article", "in force since"), law_page.cited_rows())
    )


WORDS = (
    kinds,
    case,
    mediations,
    holder,
    referral,
    of_handing,
    vocabulary,
    escalation,
    of_moves,
    of_sweeping,
    values,
    law,
)
"""Where the words are that a request or an answer may hold."""


LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _glossary(words: Words) -> str:
    parts = [f"# Glossary\n\n{NOTE}"]
    for enum in (one for module in WORDS for one in _enums(module)):
        table = snake(enum.__name__)
        rows = [
            (f"`{one.value}`", words.said("zh", table, one.value), words.said("en", table, one.value)) for one in enum
        ]
        parts.append(f"## {enum.__name__}\n\n" + _table(("in the API", "中文", "English"), rows))
    return "\n".join(parts)


def _enums(module: ModuleType) -> list[type[StrEnum]]:
    """Those that the module itself defines."""
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one.__module__ == module.__name__
    ]


def _figures(words: Words) -> str:
    about = (
        "Each figure of the board is counted in two ways: of what happened in a period, and of the cohort of cases that"
        " were registered in it. Its list has just the cases that it counts: `/cases?outcome=<key>`. They are"
        " defined in `application/figures/definitions.py`."
    )
    rows = [
        (f"`{key}`", words.said("zh", "figure", key), *(words.said(one, "figure_definition", key) for one in LANGUAGES))
        for key in FIGURES
    ]
    return f"# The figures\n\n{NOTE}\n{about}\n\n" + _table(("key", "名称", "定义", "definition"), rows)


PAGES: Mapping[str, Callable[[Words], str]] = {
    "commands.md": _commands,
    "law.md": _law,
    "glossary.md": _glossary,
    "figures.md": _figures,
    "pictures/house.svg": lambda _: pictures.house(),
    "pictures/way.svg": lambda _: pictures.way(),
}
