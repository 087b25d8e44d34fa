"""tiaojie import cases: the cases of another system, row by row; what breaks a rule is kept and flagged."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from api.cli.console import bar, fail, opened, refuse
from api.cli.tables import Column, show, tell
from api.import_report import cells, wrong_columns
from api.labels import Language, labels
from api.settings import Settings
from api.wiring import Wired
from application.legacy.places import places_of
from application.legacy.reading import Outcome, Reported
from application.legacy.running import Run, Tally
from application.legacy.sheets import UnknownColumns
from application.legacy.words import Words
from application.ports import Asked
from application.privacy import OPERATOR
from domain.office.officer import officer_id
from domain.shared.acting import ActingAs, NoOfficer
from domain.shared.calendar import local_day
from domain.shared.text_files import FileRefused
from domain.shared.values import BodyId, OfficerId

SHOWN = 30
"""Rows that are told on the screen; the report file tells all."""
REPORTED = ("row", "number", "outcome", "told")
"""The columns of the report on an import."""
NOT_TAKEN = (Outcome.CONFLICT, Outcome.UNREADABLE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Tell = Callable[[Reported], None]


def cases(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="NDJSON, or a sheet named .csv.")],
    officer: Annotated[str, typer.Option("--as", help="The login of the officer who imports.")] = "",
    system: Annotated[str, typer.Option(help="A name for where the cases come from.")] = "legacy",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; record nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="A new CSV with what became of every row.")] = None,
    desks: Annotated[int, typer.Option(min=0, max=64, help="Processes that read and encode.")] = min(
        2, os.cpu_count() or 1
    ),
) -> None:
    """Takes over legacy cases. Run it again after a fault or a kill: what is there already is not recorded twice.
    Ends with 1 where a row was not taken."""
    language = Settings().language
    if report and report.exists():
        refuse("report_exists", file=report)
    with opened(makes=not dry_run) as parts, _told(report, language, dry_run) as (row_told, rows):
        run = Run(
            file=file,
            system=system,
            dry_run=dry_run,
            desks=desks,
            words=Words([labels("zh"), labels("en")]),
            places=places_of(
                parts.system.registers.register, parts.system.reading.directory, local_day(datetime.now(UTC))
            ),
            calendar=parts.system.registers.rule_book.calendar(),
            asked=_asked(parts, officer),
        )
        tally = _imported(parts, run, row_told, language)
        if not dry_run:
            with bar("board") as progress:
                parts.projector.catch_up(lambda _, done, of: progress(done, of))
    _conclude(tally, rows, labels(language), "import_would" if dry_run else "import_outcome")
    if any(tally.counts[one] for one in NOT_TAKEN):
        raise typer.Exit(1)


def _conclude(tally: Tally, rows: Sequence[tuple[str, ...]], words: Mapping[str, Any], outcomes: str) -> None:
    if rows:
        columns = [Column(name, words["import_report"][name], name == "number") for name in REPORTED]
        show("rows", columns, [dict(zip(REPORTED, row, strict=True)) for row in rows])
    counts = ", ".join(f"{words[outcomes][one]} {tally.counts[one]}" for one in Outcome)
    told = f"{words['encoding'][tally.encoding]}: {counts}; events: {tally.events}"
    tell(told, encoding=tally.encoding, events=tally.events, counts={one.value: tally.counts[one] for one in Outcome})


def _imported(parts: Wired, run: Run, tell: Tell, language: Language) -> Tally:
    words = labels(language)["import_refusal"]
    try:
        with bar(run.file.name) as progress:
            return parts.legacy.run(run, tell, progress)
    except FileRefused as refusal:
        fail(words[refusal.kind])
    except UnknownColumns as unknown:
        fail(wrong_columns(unknown, words))


def _asked(parts: Wired, login: str) -> Asked:
    """On whose word it is recorded: the officer's, for their body; without one, the command line's."""
    by, body, now = OPERATOR, BodyId(OPERATOR), datetime.now(UTC)
    acting = ActingAs(NoOfficer.OPERATOR)
    if login:
        by = OfficerId(officer_id(login))
        viewer = parts.system.access.rights.viewer(by, local_day(now))
        if viewer.body is None:
            refuse("nobody_appointed")
        body, acting = viewer.body, parts.system.access.rights.acting(viewer, local_day(now))
    request = uuid4()
    return Asked(by=by, body=body, acting=acting, request=request, correlation=request, now=now)


@contextmanager
def _told(report: Path | None, language: Language, dry_run: bool) -> Iterator[tuple[Tell, list[tuple[str, ...]]]]:
    """What tells a row: on the screen where it is no plain import, and in the report file."""
    words = labels(language)
    rows: list[tuple[str, ...]] = []

    def shown(one: Reported) -> None:
        if one.outcome is not Outcome.IMPORTED and len(rows) < SHOWN:
            rows.append(cells(one, words, dry_run=dry_run))

    if report is None:
        yield shown, rows
        return
    opened_anew = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened_anew, "w", encoding="utf-8-sig", newline="") as to:
        sheet = csv.writer(to)
        sheet.writerow(["row", "number", "outcome", "rules", "told"])
        told = False

        def written(one: Reported) -> None:
            nonlocal told
            told = True
            shown(one)
            row, number, outcome, why = cells(one, words, dry_run=dry_run)
            sheet.writerow([row, _as_text(number), one.outcome, " ".join(one.rules), f"{outcome}: {why}"])

        try:
            yield written, rows
        except BaseException:
            if not told:  # refused as a whole: the next run may write its report
                report.unlink()
            raise


def _as_text(cell: str) -> str:
    """What looks like a formula is none when the report is opened."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
