"""tiaojie import: registers are taken over from files, each as a whole, or with all its faults told."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.area_plan import asked_for, show, write
from api.cli.cases import cases
from api.cli.console import asked, bar, day_of, fail, opened, refuse, verbs
from api.cli.tables import Column, Tabular, tell
from api.cli.tables import show as show_table
from api.labels import labels
from api.problems import title
from api.settings import Settings
from api.sheet_faults import fault_words
from api.wiring import Wired
from api.wiring_boards import sheet_in
from application.sheets.area_decisions import Decision, DecisionsNeeded, Proposal, read_decisions
from domain.office.officer import officer_id
from domain.shared.calendar import local_day
from domain.shared.sheets import SheetRefused
from domain.shared.text_files import FileRefused

app = verbs("Take over registers from files.")
app.command("cases", cls=Tabular)(cases)
REPORTED = ("founded", "renamed", "moved", "recoded", "unchanged")
FIRST_DAY = "2000-01-01"
"""From when a first sheet of areas holds, where it does not say."""
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@contextmanager
def told() -> Iterator[None]:
    """The faults of a refused sheet as a table, row by row."""
    try:
        yield
    except SheetRefused as refusal:
        language = Settings().language
        rows = [{"row": one.row, "code": one.code, "fault": fault_words(one, language)} for one in refusal.faults]
        columns = [Column("row", "row"), Column("code", "code", is_whole=True), Column("fault", "fault")]
        show_table("faults", columns, rows, title=title(refusal, language))
        raise typer.Exit(1) from None
    except FileRefused as refusal:
        fail(labels(Settings().language)["import_refusal"][refusal.kind])


@app.command("areas", cls=Tabular)
def areas(
    file: File,
    in_force_from: Annotated[str, typer.Option(help="The day from which the sheet holds.")] = "",
    plan: Annotated[Path | None, typer.Option(help="A new CSV for what the sheet proposes, to be decided.")] = None,
    decided: Annotated[Path | None, typer.Option(help="That CSV, given back with what was decided.")] = None,
) -> None:
    """Takes over a sheet of areas (code,name,parent_code,level): all of it, or with faults nothing. What it changes in
    areas that are there is proposed, and asked for, or decided in a plan that is given back."""
    day, language = day_of(in_force_from or FIRST_DAY), Settings().language
    words = labels(language)
    with opened(makes=True) as parts, told():
        sheets = parts.system.administering.sheets
        sheet = sheets.read(sheet_in(file), day)
        if sheet.changes_what_is_there and not in_force_from:
            fail(words["page"]["area_plan_day"])
        decisions = read_decisions(sheet_in(decided)) if decided else _decided(sheet.proposals(), words, plan)
        try:
            with bar(file.name) as progress:
                report = sheets.carry_out(asked(), sheet, decisions, progress)
        except DecisionsNeeded as needed:
            show(needed.proposals, words)
            fail(words["page"]["area_plan_undecided"])
        with bar("board") as progress:
            parts.projector.catch_up(lambda _, done, of: progress(done, of))
        apart = parts.system.reading.directory.bodies_apart()
    tell(
        f"founded {report.founded}, renamed {report.renamed}, moved {report.moved}, recoded {report.recoded},"
        f" ended {len(report.ended)}, unchanged {report.unchanged};"
        f" no longer in the sheet: {len(report.vanished)} {' '.join(report.vanished)}".rstrip(),
        **{name: getattr(report, name) for name in REPORTED},
        ended=len(report.ended),
        vanished=list(report.vanished),
        apart=[[one.body.code, one.into.code] for one in apart],
    )
    for one in apart:
        said = words["page"]["bodies_apart_one"].format(body=one.body.name, into=one.into.name)
        tell(f"{said}  tiaojie area merge-body {one.body.code} --into {one.into.code} --from {day}")


def _decided(proposals: Sequence[Proposal], words: Mapping[str, Any], plan: Path | None) -> list[Decision]:
    """Nothing where nothing is asked; fails where nobody confirms what is proposed."""
    if not proposals:
        return []
    show(proposals, words)
    if plan:
        if plan.exists():
            refuse("plan_exists", file=plan)
        write(plan, proposals, words)
        fail(words["page"]["area_plan_written"].format(file=plan))
    if (decisions := asked_for(proposals, words)) is None:
        fail(words["page"]["area_plan_undecided"])
    return decisions


@app.command("bodies", cls=Tabular)
def bodies(file: File) -> None:
    """Takes over a sheet of bodies (code,name,short_name,kind,area_code,channel,answers_for)."""
    with opened(makes=True) as parts, told():
        report = parts.system.administering.body_sheets.take_over(asked(), sheet_in(file), local_day(datetime.now(UTC)))
        parts.projector.catch_up()
    sentence = f"recorded {report.recorded}, unchanged {report.unchanged}"
    tell(sentence, recorded=report.recorded, unchanged=report.unchanged)


@app.command("changes", cls=Tabular)
def changes(file: File) -> None:
    """Takes over a sheet of changes (change,code,into,in_force_from): areas renamed, recoded, moved, merged, split or
    abolished, bodies dissolved; in the order of its rows, all of it or nothing."""
    with opened(makes=True) as parts, told():
        report = parts.system.administering.changes.take_over(asked(), sheet_in(file))
        parts.projector.catch_up()
    tell(f"recorded {report.recorded}", recorded=report.recorded)


@app.command("officers", cls=Tabular)
def officers(
    file: File,
    passwords: Annotated[Path, typer.Option(help="A new file for the first passwords; hand them over and delete it.")],
) -> None:
    """Takes over a sheet of officers (login,name,role,body_code,area_code,member,woman), and makes first passwords."""
    if passwords.exists():
        refuse("passwords_exist", file=passwords)
    with opened(makes=True) as parts, told():
        report = parts.system.administering.officer_sheets.take_over(
            asked(), sheet_in(file), local_day(datetime.now(UTC))
        )
        parts.projector.catch_up()
        made = _first_passwords(parts, report.registered)
    _write(passwords, made)
    sentence = f"recorded {report.recorded}, unchanged {report.unchanged}; first passwords: {len(made)}, in {passwords}"
    tell(sentence, recorded=report.recorded, unchanged=report.unchanged, passwords=len(made))


def _first_passwords(parts: Wired, logins: Sequence[str]) -> dict[str, str]:
    made = {login: secrets.token_urlsafe(9) for login in logins}
    with bar("passwords") as tell:
        for done, (login, password) in enumerate(made.items(), 1):
            parts.system.access.passwords.set(asked(), officer_id(login), password)
            tell(done, len(made))
    return made


def _write(file: Path, made: dict[str, str]) -> None:
    """For the eyes of whoever imports, and for nobody else's."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as opened:
        sheet = csv.writer(opened)
        sheet.writerow(["login", "password"])
        sheet.writerows(made.items())
