"""`tiaojie projections`: the read models, made from the events, and made again at will."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from api.cli.console import bar, fail, opened, out, verbs
from api.wiring import Wired

app = verbs("The read models: made from the events, and made again at will.")
Name = Annotated[str | None, typer.Argument(help="Left out: all of them.")]


@app.command("list")
def list_projections() -> None:
    """How far each read model has come."""
    table = Table("name", "position", "behind", "last moved (s ago)", "parked")
    with opened() as parts:
        for one in parts.system.standing.status():
            table.add_row(one.name, str(one.position), str(one.behind), f"{one.age:.0f}", str(one.parked))
    out.print(table)


@app.command("rebuild")
def rebuild(name: Name = None) -> None:
    """Fills new tables beside the old ones, which serve until the new ones take their place. Ctrl-C leaves the old."""
    with opened() as parts:
        _check_known(parts, name)
        with bar(name or "all") as tell:
            parts.projector.rebuild([name] if name else [], lambda _, done, of: tell(done, of))


@app.command("parked")
def parked() -> None:
    """The streams that wait behind an event that a read model could not take in."""
    table = Table("projection", "stream", "position", "event", "fault", "since", "attempts")
    with opened() as parts:
        found = parts.projector.parked()
    for one in found:
        since = one.since.astimezone().isoformat(timespec="seconds")
        table.add_row(one.model, str(one.stream), str(one.position), one.event, one.fault, since, str(one.attempts))
    out.print(table if found else "nothing is parked")


@app.command("retry")
def retry(name: Name = None) -> None:
    """What is parked, once more, with what queues behind it. Exit code 1 where something still waits."""
    with opened() as parts:
        _check_known(parts, name)
        taken, waiting = parts.projector.retry(name)
    out.print(f"{taken} taken in, {waiting} still parked")
    if waiting:
        raise typer.Exit(1)


def _check_known(parts: Wired, name: str | None) -> None:
    known = [one.name for one in parts.system.standing.status()]
    if name and name not in known:
        fail(f"there is no read model of this name: {', '.join(known)}")
