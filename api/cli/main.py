"""The command line: `tiaojie --help`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from api.cli import areas as cli_areas
from api.cli import backup as cli_backup
from api.cli import check as checking
from api.cli import follow as cli_follow
from api.cli import imports as cli_imports
from api.cli import officer as cli_officer
from api.cli import person as cli_person
from api.cli import projections as cli_projections
from api.cli import proof as cli_proof
from api.cli import rules as cli_rules
from api.cli import token as cli_token
from api.cli.console import UNWRAPPED, bar, err, fail, opened, out, refuse, verbs
from api.cli.tables import Tabular, tell
from api.demo.making import LedgerNotEmpty, load_demo
from api.problems import title
from api.processes.supervisor import alone
from api.reference import pages as reference
from api.settings import Settings
from api.version import VERSION
from api.wiring_ledgers import DatabaseDown, NoAnswer, database
from api.wiring_ledgers import discard as discard_all
from application.logs import log_to_stderr
from domain.shared.errors import DomainError

app = verbs("调解 tiaojie: disputes, mediated and recorded.", add_completion=True)


def _told_the_version(asked: bool) -> None:
    if asked:
        out.print(f"tiaojie {VERSION}", highlight=False)
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_told_the_version, help="Which program this is.")
    ] = False,
) -> None:
    """调解 tiaojie: disputes, mediated and recorded."""


app.add_typer(cli_imports.app, name="import")
app.add_typer(cli_proof.export, name="export")
app.add_typer(cli_proof.proof, name="proof")
app.command("verify")(cli_proof.verify)
app.command("follow")(cli_follow.follow)
app.command("backup")(cli_backup.backup)
app.command("restore")(cli_backup.restore)
app.command("share-vault")(cli_backup.share_vault)
app.add_typer(cli_officer.officer, name="officer")
app.add_typer(cli_areas.app, name="area")
app.add_typer(cli_rules.app, name="rules")
app.add_typer(cli_token.token, name="token")
app.add_typer(cli_projections.app, name="projections")
app.add_typer(cli_person.app, name="person")


# The routes are read only by the verbs that serve them: a third of what every other verb takes to begin.


@app.command()
def run() -> None:
    """Everything on one machine: embedded PostgreSQL, demo county, server, worker. Ctrl-C ends all of it."""
    from api.processes.supervisor import supervise

    supervise(Settings(), out, bar)


@app.command()
def serve() -> None:
    """The web server."""
    from api.processes.server import serve as serving

    serving(Settings())


@app.command()
def work() -> None:
    """The worker, which keeps the board up with the events and acts on what is due."""
    from api.processes.worker import work as working

    working(Settings())


@app.command()
def demo(into_this_ledger: Annotated[bool, typer.Option("--into-this-ledger")] = False) -> None:
    """Loads the demo county into an empty ledger; into one that DATABASE_URL names only when told so."""
    settings = Settings()
    if settings.database_url and not into_this_ledger:
        refuse("say_into_this_ledger")
    try:
        with database(settings, makes=True) as url:
            load_demo(settings, url, bar)
    except LedgerNotEmpty:
        refuse("not_empty")


@app.command()
def discard(really: Annotated[bool, typer.Option("--really", help="Without a question.")] = False) -> None:
    """Deletes the embedded ledger of this state folder and its keys, for good."""
    settings = Settings()
    if settings.database_url:
        refuse("not_deleted_here")
    if not (really or typer.confirm(f"Everything that was recorded in {settings.state} will be gone. Go on?")):
        raise typer.Exit(1)
    with alone(settings.state):
        discard_all(settings)
    out.print("It is gone. The next `tiaojie run` begins anew.")


@app.command()
def check() -> None:
    """Reads the whole ledger and says whether anything is missing, out of order or unreadable."""
    with opened() as parts, bar("events") as tell:
        found = checking.check(parts, tell)
    for fault in found.faults:
        out.print(f"[red]{fault}")
    out.print(f"{found.events} events of {found.streams} streams: {len(found.faults)} faults")
    raise typer.Exit(1 if found.faults else 0)


@app.command(hidden=True)
def docs(folder: Path = Path("docs")) -> None:
    """Writes the generated pages of docs/."""
    try:
        for written in reference.write(folder):
            out.print(str(written))
    except reference.LabelsMissing as missing:
        fail("\n".join(escape(f"no label: {one}") for one in missing.args))


@app.command(cls=Tabular)
def status() -> None:
    """What is there, and how far the board has read."""
    with opened() as parts:
        events, sealed = parts.ledger.head(), parts.proof.sealed()
    tell(f"events: {events}, sealed: {sealed}", events=events, sealed=sealed)
    cli_projections.list_projections()


def main() -> None:
    log_to_stderr()
    try:
        app(prog_name="tiaojie", terminal_width=None if sys.stdout.isatty() else UNWRAPPED)
    except DomainError as refusal:
        err.print(f"[red]{escape(title(refusal, Settings().language))}")
        for name, fact in refusal.details.items():
            err.print(f"  {name}: {fact}", markup=False, highlight=False)
        sys.exit(1)
    except (DatabaseDown, NoAnswer) as fault:
        err.print(f"[red]{escape(f'the database does not answer: {fault}'.strip())}")
        sys.exit(1)
    except ValidationError as unfit:
        for error in unfit.errors(include_input=False):
            err.print(f"[red]{'.'.join(map(str, error['loc'])) or 'setting'}: {error['msg']}")
        sys.exit(1)


if __name__ == "__main__":
    main()
