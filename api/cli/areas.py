"""tiaojie area: an area is renamed, recoded, moved, merged, split or abolished; a body is merged
or dissolved. A sheet of such changes: tiaojie import changes."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import asked, day_of, opened, verbs
from api.cli.imports import told
from api.cli.tables import Tabular, tell
from application.sheets.changes import Change, ChangeRow

app = verbs("Changes of areas and bodies, each from a day on.")
Code = Annotated[str, typer.Argument(help="The code that it has on that day.")]
From = Annotated[str, typer.Option("--from", help="The first day on which it is so, like 2026-01-31.")]


def _record(change: Change, code: str, into: str, day: str) -> None:
    row = ChangeRow(number=1, change=change, code=code, into=into, in_force_from=day_of(day))
    with opened() as parts, told():
        parts.system.administering.changes.carry_out(asked(), [row])
        parts.projector.catch_up()
    tell(f"recorded: {change} {code} {into}".rstrip(), recorded=1)


@app.command(cls=Tabular)
def rename(code: Code, name: str, since: From) -> None:
    """Another name, from that day on; what was recorded before keeps the old one."""
    _record(Change.RENAME, code, name, since)


@app.command(cls=Tabular)
def recode(code: Code, new: str, since: From) -> None:
    """Another code for the same area."""
    _record(Change.RECODE, code, new, since)


@app.command(cls=Tabular)
def move(code: Code, to: Annotated[str, typer.Option(help="The code of the area above.")], since: From) -> None:
    """It lies in another area from then on, with all that lies in it."""
    _record(Change.MOVE, code, to, since)


@app.command(cls=Tabular)
def merge(code: Code, into: Annotated[str, typer.Option(help="The area that goes on.")], since: From) -> None:
    """It ends; what lies in it moves along into the one that goes on."""
    _record(Change.MERGE, code, into, since)


@app.command(cls=Tabular)
def split(
    code: Code, into: Annotated[list[str], typer.Option(help="Its successors, founded before.")], since: From
) -> None:
    """It ends, and these come after it. Areas in it are moved before."""
    _record(Change.SPLIT, code, " ".join(into), since)


@app.command(cls=Tabular)
def abolish(code: Code, since: From) -> None:
    """It ends without a successor. Areas in it are moved before."""
    _record(Change.ABOLISH, code, "", since)


@app.command("dissolve-body", cls=Tabular)
def dissolve_body(code: Annotated[str, typer.Argument(help="The body's code.")], since: From) -> None:
    """The body takes nothing on any more; what it recorded stays."""
    _record(Change.DISSOLVE, code, "", since)


@app.command("merge-body", cls=Tabular)
def merge_body(
    code: Annotated[str, typer.Argument(help="The body's code.")],
    into: Annotated[str, typer.Option(help="The code of the body that goes on.")],
    since: From,
) -> None:
    """The body goes on in another one: with what is open and whoever is appointed. What it did keeps its name."""
    _record(Change.MERGE_BODY, code, into, since)
