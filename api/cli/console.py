"""What the commands of the command line share: the opened ledger, the progress bar, how they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import NoReturn
from uuid import UUID, uuid4

import typer
from pydantic import TypeAdapter
from rich.console import Console, ConsoleDimensions
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.command_words import refusal
from api.settings import Settings
from api.wiring import Wired, wired
from api.wiring_ledgers import database
from application.ports import Asked
from application.privacy import OPERATOR
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.values import BodyId, Day

UNWRAPPED = 100_000
"""Columns: more than any line has."""


class Lines(Console):
    """A terminal gets lines of its width. What is none, a file or a pipe, gets them as long as they are."""

    @property  # type: ignore[misc]
    def size(self) -> ConsoleDimensions:
        known = super().size
        return known if self.file.isatty() else known._replace(width=UNWRAPPED)


out = Lines()
err = Lines(stderr=True)
"""What went wrong, and how far something is: whoever reads what a verb tells from a pipe does not get it among that."""


def verbs(help: str, *, add_completion: bool = False) -> typer.Typer:
    """A group of commands. Without rich, which draws a box around a fault and wraps what it says, also in a pipe."""
    wide = {"max_content_width": 120}
    return typer.Typer(
        no_args_is_help=True, add_completion=add_completion, rich_markup_mode=None, context_settings=wide, help=help
    )


@contextmanager
def opened(*, makes: bool = False) -> Iterator[Wired]:
    """`makes`: also where there is no ledger yet. Raises NoLedgerHere."""
    settings = Settings()
    with database(settings, makes=makes) as url, wired(settings, url) as parts:
        parts.projector.catch_up()
        yield parts


def asked() -> Asked:
    request = uuid4()
    nowhere, as_operator = BodyId(UUID(int=0)), ActingAs(NoOfficer.OPERATOR)
    return Asked(OPERATOR, nowhere, as_operator, request, request, datetime.now(UTC))


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def fail(text: str) -> NoReturn:
    err.print(f"[red]{text}")
    raise typer.Exit(1)


def refuse(kind: str, **told: object) -> NoReturn:
    fail(escape(refusal(kind, **told)))


def day_of(text: str) -> date:
    try:
        return TypeAdapter[date](Day).validate_python(date.fromisoformat(text))
    except ValueError:
        refuse("no_day", told=text)
