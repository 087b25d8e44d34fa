"""Tables of the command line: for eyes at a terminal, or as JSON for programs. A verb says what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table
from typer.core import TyperCommand
from typer.main import get_command

from api.cli.console import out

NARROWEST = 12
"""Cells: a column of text that would be narrower is no column any more. A Chinese character takes two."""
FRAME = 3
"""Cells between two columns."""


@dataclass(frozen=True)
class Column:
    """`name`: under which programs find it; `title`: what people read; `is_whole`: a code or an id, never cut."""

    name: str
    title: str
    is_whole: bool = False


class _Told:
    """What a verb tells, kept until its end where programs read it."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.facts: dict[str, Any] = {}


_verb: ContextVar[_Told | None] = ContextVar("_verb", default=None)
JSON = "json"


class Tabular(TyperCommand):
    """A verb that tells in tables: it takes `--json`, and then prints one JSON object on stdout and nothing else."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self.params.append(_option())

    def invoke(self, ctx: Any) -> Any:
        with _told_as_chosen(bool(ctx.meta.get(JSON))):
            return super().invoke(ctx)


def _chosen(ctx: typer.Context, value: bool) -> None:
    ctx.meta[JSON] = value


@cache
def _option() -> Any:
    """As Typer makes it of a function: what it needs to make one by hand changes with its versions."""
    of_one_verb = typer.Typer(add_completion=False)

    @of_one_verb.command()
    def _verb_with_it(
        json: Annotated[
            bool,
            typer.Option(
                "--json",
                expose_value=False,
                callback=_chosen,
                help="One JSON object on stdout, for programs; sentences go to stderr.",
            ),
        ] = False,
    ) -> None: ...

    return next(one for one in get_command(of_one_verb).params if one.name == JSON)


@contextmanager
def _told_as_chosen(as_json: bool) -> Iterator[None]:
    told = _Told(as_json)
    mark, out.stderr = _verb.set(told), as_json
    try:
        yield
    finally:
        _verb.reset(mark)
        out.stderr = False
        if as_json:
            typer.echo(json.dumps(told.facts, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case UUID() | Path():
            return str(value)
    raise TypeError(type(value).__name__)


def tell(text: str, **facts: Any) -> None:
    """A sentence for people; the facts in it for programs."""
    if text:
        out.print(text, markup=False, highlight=False)
    if verb := _verb.get():
        verb.facts |= facts


def show(name: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], title: str = "") -> None:
    """`name`: of the table, for programs. A value of None is told to programs as null, and to people as nothing."""
    if (verb := _verb.get()) is None:
        raise TypeError("a verb that tells in a table is declared with cls=Tabular: else it has no --json")
    verb.facts[name] = [{one.name: row[one.name] for one in columns} for row in rows]
    if verb.as_json:
        return
    told_rows = [[_text(row[one.name]) for one in columns] for row in rows]
    if _fits(columns, told_rows, out.width):
        out.print(_table(columns, told_rows, title))
        return
    for line in _one_below_the_other(columns, told_rows, title):
        out.print(line, highlight=False)


def _text(value: Any) -> str:
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


def _fits(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether each column keeps as much room as it needs to be read."""
    needed = 1
    for number, one in enumerate(columns):
        widest = max([cell_len(one.title), *(cell_len(row[number]) for row in rows)])
        needed += FRAME + (widest if one.is_whole else min(widest, NARROWEST))
    return needed <= width


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]], title: str) -> Table:
    table = Table(title=escape(title) or None)
    for number, one in enumerate(columns):
        widest = max([cell_len(one.title), *(cell_len(row[number]) for row in rows)])
        least = widest if one.is_whole else min(widest, NARROWEST)
        table.add_column(escape(one.title), no_wrap=one.is_whole, overflow="fold", min_width=least)
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _one_below_the_other(columns: Sequence[Column], rows: Sequence[Sequence[str]], title: str) -> Iterator[str]:
    """Where columns would be too narrow to read: each row as lines of its own."""
    if title:
        yield f"[bold]{escape(title)}[/bold]"
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            if value:
                yield f"[dim]{escape(column.title)}[/dim] {escape(value)}"
        yield ""
