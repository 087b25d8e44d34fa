"""tiaojie backup | restore: copies of everything, and a restore that never goes on in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import asked, out, refuse
from api.cli.proof import tell
from api.processes.supervisor import alone
from api.settings import Settings
from api.wiring import wired
from api.wiring_ledgers import backups, database, share
from domain.office.tokens import EndToken

APART = "Not in it, and to be kept apart: master.key (or TIAOJIE_MASTER_KEY), log.key and checkpoints.db."


def backup(
    folder: Path,
    keys_only: Annotated[
        bool, typer.Option("--keys-only", help="Only the keys of persons, which change oftener.")
    ] = False,
) -> None:
    """Copies the database and the keys of persons into a new folder, while others go on recording."""
    settings = Settings()
    if folder.exists() and not keys_only:
        refuse("backup_exists", folder=folder)
    copies = backups(settings)
    if not keys_only and settings.database_url is None:
        with database(settings) as url:
            folder.mkdir(parents=True, mode=0o700)
            copies.take(url, folder)
    else:
        copies.refuse_absent_keys()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        copies.take_keys(folder)
    if not keys_only and settings.database_url:
        out.print("DATABASE_URL names a server of yours: copy its database first, by its own means.")
    out.print(f"copied into {folder}. {APART}")


def restore(
    folder: Annotated[
        Path | None, typer.Argument(exists=True, file_okay=False, help="Left out: the database is back already.")
    ] = None,
    new_epoch: Annotated[
        bool, typer.Option("--new-epoch", help="What is restored goes on as another history.")
    ] = False,
    to: Annotated[
        str | None,
        typer.Option(help="A time with its offset, a place in the log (0/16B3740), or `backup`; left out: the latest."),
    ] = None,
) -> None:
    """Puts a backup in place, destroys again what was erased since, begins another epoch, and verifies all of it."""
    settings = Settings()
    if not new_epoch:
        refuse("say_new_epoch")
    if folder and settings.database_url:
        refuse("restore_yours_first")
    with alone(settings.state), backups(settings).put_in_place(folder, to) if folder else database(settings) as url:
        report = backups(settings).begin_epoch(url)
        ended = 0 if report.faults else _end_tokens(settings, url)
    tell(report)
    if report.faults:
        refuse("not_what_was_signed")
    if ended:
        out.print(f"{ended} service tokens were ended, for some may have ended since the copy: issue new ones.")
    out.print("It may be served again.")


def _end_tokens(settings: Settings, url: str) -> int:
    """Of before the restore; sessions have ended with their epoch. How many."""
    with wired(settings, url) as parts:
        held = parts.system.access.tokens.not_ended(datetime.now(UTC))
        for officer, number in held:
            parts.system.administering.officers.change(asked(), officer, EndToken(number=number))
    return len(held)


def share_vault() -> None:
    """Moves the keys of persons from this state folder into TIAOJIE_VAULT_URL, so that several hosts serve one ledger.

    Nothing may run on the folder meanwhile. What may not differ between the hosts is told at the end."""
    settings = Settings()
    if settings.vault_url is None:
        refuse("no_vault_url")
    with alone(settings.state):
        moved = share(settings)
    out.print(f"{moved} keys moved. Give every host the same master.key and log.key (or TIAOJIE_MASTER_KEY, _LOG_KEY).")
