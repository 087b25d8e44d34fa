"""The command line: `tiaojie --help`."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID, uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from api import check as checking
from api.demo import LOGINS, PASSWORD, Clock, Demo
from api.problems import title
from api.settings import Settings
from api.wiring import Wired, database, wired
from application.ports import Asked
from domain.jurisdiction.sheet import SheetRefused
from domain.office.appointments import AppointOfficer
from domain.office.officer import DisableOfficer, RegisterOfficer, Role, officer_id
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.values import BodyId, OfficerId

app = typer.Typer(no_args_is_help=True, add_completion=False, help="调解 tiaojie: disputes, mediated and recorded.")
importing = typer.Typer(no_args_is_help=True, help="Take over registers from files.")
officer = typer.Typer(no_args_is_help=True, help="Who may sign in, and as what.")
projections = typer.Typer(no_args_is_help=True, help="The read models: made from the events, and made again at will.")
app.add_typer(importing, name="import")
app.add_typer(officer, name="officer")
app.add_typer(projections, name="projections")
out = Console()
SYSTEM = OfficerId(UUID(int=0))
"""By whom the command line records."""


@contextmanager
def opened() -> Iterator[Wired]:
    settings = Settings()
    with database(settings) as url, wired(settings, url) as parts:
        parts.projector.catch_up()
        yield parts


def asked() -> Asked:
    request = uuid4()
    return Asked(by=SYSTEM, body=BodyId(UUID(int=0)), request=request, correlation=request, now=datetime.now(UTC))


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=out) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


@app.command()
def run() -> None:
    """Everything on one machine: embedded PostgreSQL, demo county, server, worker. Ctrl-C ends all of it."""
    from api.supervisor import supervise

    supervise(Settings(), out)


@app.command()
def serve() -> None:
    """The web server."""
    from api.server import serve as serving

    serving(Settings())


@app.command()
def work() -> None:
    """The worker, which keeps the board up with the events."""
    from api.worker import work as working

    working(Settings())


@importing.command("areas")
def import_areas(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    in_force_from: Annotated[str, typer.Option(help="The day from which the sheet holds.")] = "2000-01-01",
) -> None:
    """Takes over a sheet of areas (code,name,parent_code,level): all of it, or with faults nothing."""
    with opened() as parts, bar(file.name) as tell:
        try:
            report = parts.system.sheets.take_over(asked(), file.read_bytes(), date.fromisoformat(in_force_from), tell)
        except SheetRefused as refusal:
            _print_faults(refusal)
            raise typer.Exit(1) from None
        parts.projector.catch_up()
    out.print(
        f"founded {report.founded}, renamed {report.renamed}, moved {report.moved}, unchanged {report.unchanged};"
        f" no longer in the sheet: {len(report.vanished)}"
    )


def _print_faults(refusal: SheetRefused) -> None:
    table = Table("row", "fault", title=title(refusal, Settings().language))
    for fault in refusal.details["faults"]:
        shown = fault if isinstance(fault, dict) else fault.model_dump()
        table.add_row(str(shown.pop("row", "")), ", ".join(str(part) for part in shown.values() if part))
    out.print(table)


@officer.command("add")
def add_officer(
    login: str,
    name: Annotated[str, typer.Option(prompt=True)],
    role: Role,
    body: Annotated[str, typer.Option(help="The body's code.")],
    area: Annotated[str, typer.Option(help="The area's code.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Registers an officer, appoints them from today and sets their password."""
    with opened() as parts:
        system, today = parts.system, local_day(datetime.now(UTC))
        in_area, in_body = system.register.by_code(area, today), system.register.body_by_code(body)
        if in_area is None or in_body is None:
            _fail("no area or no body has this code")
        id = OfficerId(system.officers.register(asked(), RegisterOfficer(login=login, display_name=name)).id)
        appointed = AppointOfficer(role=role, body=in_body, area=in_area, in_force_from=today)
        system.officers.change(asked(), id, appointed)
        system.passwords.set(id, password)
    out.print(f"{login} may sign in")


@officer.command("disable")
def disable_officer(login: str) -> None:
    """They cannot sign in any more; what they recorded stays as it was."""
    with opened() as parts:
        parts.system.officers.change(asked(), officer_id(login), DisableOfficer())


@officer.command("password")
def set_password(
    login: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]
) -> None:
    """Sets a new password."""
    with opened() as parts:
        if parts.system.office.officer(officer_id(login)) is None:
            _fail("nobody has this login name")
        parts.system.passwords.set(officer_id(login), password)


@app.command()
def demo(into_this_ledger: Annotated[bool, typer.Option("--into-this-ledger")] = False) -> None:
    """Loads the demo county into an empty ledger; into one that DATABASE_URL names only when told so."""
    settings = Settings()
    if settings.database_url and not into_this_ledger:
        _fail("DATABASE_URL names a ledger of your own: say --into-this-ledger if that is what you want")
    with database(settings) as url:
        load_demo(settings, url)


def load_demo(settings: Settings, url: str) -> None:
    clock = Clock(datetime.now(UTC))
    with wired(settings, url, clock) as parts:
        if parts.ledger.head():
            _fail("the ledger is not empty")
        with bar("demo county") as tell:
            Demo(parts, clock, local_day(clock.moment), lambda _, done, of: tell(done, of)).make()
        with bar("board") as tell:
            parts.projector.catch_up(lambda _, done, of: tell(done, of))


def print_logins() -> None:
    table = Table("login", "role", "password", title="demo logins")
    for login, role in LOGINS.items():
        table.add_row(login, role, PASSWORD)
    out.print(table)


@projections.command("list")
def list_projections() -> None:
    """How far each read model has come."""
    table = Table("name", "position", "behind", "last moved (s ago)")
    with opened() as parts:
        for one in parts.system.status():
            table.add_row(one.name, str(one.position), str(one.behind), f"{one.age:.0f}")
    out.print(table)


@projections.command("rebuild")
def rebuild(name: Annotated[str | None, typer.Argument(help="Left out: all of them.")] = None) -> None:
    """Empties a read model and fills it again from the events."""
    with opened() as parts:
        known = [one.name for one in parts.system.status()]
        if name and name not in known:
            _fail(f"there is no read model of this name: {', '.join(known)}")
        with bar(name or "all") as tell:
            parts.projector.rebuild([name] if name else [], lambda _, done, of: tell(done, of))


@app.command()
def check() -> None:
    """Reads the whole ledger and says whether anything is missing, out of order or unreadable."""
    with opened() as parts, bar("events") as tell:
        found = checking.check(parts, tell)
    for fault in found.faults:
        out.print(f"[red]{fault}")
    out.print(f"{found.events} events of {found.streams} streams: {len(found.faults)} faults")
    raise typer.Exit(1 if found.faults else 0)


@app.command()
def status() -> None:
    """What is there, and how far the board has read."""
    with opened() as parts:
        out.print(f"events: {parts.ledger.head()}")
    list_projections()


def _fail(text: str) -> NoReturn:
    out.print(f"[red]{text}")
    raise typer.Exit(1)


def main() -> None:
    logging.basicConfig(level=os.environ.get("TIAOJIE_LOG", "WARNING"), format="%(levelname)s %(name)s %(message)s")
    try:
        app()
    except DomainError as refusal:
        out.print(f"[red]{title(refusal, Settings().language)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
