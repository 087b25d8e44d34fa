"""`tiaojie projections`: the read models, made from the events, and made again at will."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import bar, opened, out, refuse, verbs
from api.cli.tables import Column, Tabular, show, tell
from api.wiring import Wired

app = verbs("The read models: made from the events, and made again at will.")
STANDING = {"name": "name", "position": "position", "behind": "behind", "age": "last moved (s ago)", "parked": "parked"}
PARKED = {"model": "projection", "stream": "stream", "position": "position", "event": "event", "fault": "fault"}
PARKED |= {"since": "since", "attempts": "attempts"}
WHOLE = ("stream", "event", "fault")
Name = Annotated[str | None, typer.Argument(help="Left out: all of them.")]


@app.command("list", cls=Tabular)
def list_projections() -> None:
    """How far each read model has come."""
    with opened() as parts:
        rows = [{name: getattr(one, name) for name in STANDING} for one in parts.system.standing.status()]
    for row in rows:
        row["age"] = round(row["age"])
    show("projections", [Column(name, title, name == "name") for name, title in STANDING.items()], rows)


@app.command("rebuild")
def rebuild(name: Name = None) -> None:
    """Fills new tables beside the old ones, which serve until the new ones take their place. Ctrl-C leaves the old."""
    with opened() as parts:
        _check_known(parts, name)
        with bar(name or "all") as tell:
            parts.projector.rebuild([name] if name else [], lambda _, done, of: tell(done, of))


@app.command("parked", cls=Tabular)
def parked() -> None:
    """The streams that wait behind an event that a read model could not take in."""
    with opened() as parts:
        found = parts.projector.parked()
    if not found:
        tell("nothing is parked")
    since = {one.stream: one.since.astimezone().isoformat(timespec="seconds") for one in found}
    rows = [{name: getattr(one, name) for name in PARKED} | {"since": since[one.stream]} for one in found]
    show("parked", [Column(name, title, name in WHOLE) for name, title in PARKED.items()], rows)


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
        refuse("no_read_model", known=", ".join(known))
