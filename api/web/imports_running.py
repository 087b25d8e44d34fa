"""导入 A sheet is tried or taken over beside the request that asked for it, and tells how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Thread
from time import monotonic
from typing import Any
from uuid import UUID

from api.import_report import cells, wrong_columns
from api.labels import Language, labels
from api.problems import title
from api.sheet_faults import fault_words
from api.system import System
from api.web.imports_told import MOST_ROWS, SheetKind, Stage, Taking, ToldRow
from api.web.page import text
from application.jurisdiction_mergers import BodyMergers
from application.legacy.places import places_of
from application.legacy.reading import Outcome, Reported
from application.legacy.running import Run, Uploaded
from application.legacy.sheets import UnknownColumns
from application.legacy.words import Words
from application.logs import get_logger
from application.ports import Asked
from application.sheets import bodies, changes, officers
from application.sheets.areas import ImportReport
from application.sheets.bodies import BodySheets, SheetReport
from application.sheets.changes import ChangeSheets
from application.sheets.officers import OfficerReport, OfficerSheets
from application.sheets.trying import OnTrial
from domain.office.officer import officer_id
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError, Unavailable
from domain.shared.sheets import Fault, Reason, SheetRefused
from domain.shared.text_files import FileRefused

log = get_logger("tiaojie.import")
EVERY = 1.0
"""Seconds between two notes of how far it is."""
AT_ONCE = 1.5
"""Seconds that a request waits: what is done by then needs no page that tells how far it is."""
FIRST_PASSWORD = 9
TITLES: Mapping[SheetKind, Mapping[str, Sequence[str]]] = {
    SheetKind.BODIES: bodies.TITLES,
    SheetKind.OFFICERS: officers.TITLES,
    SheetKind.CHANGES: changes.TITLES,
}
COLUMN_OF: Mapping[Reason, Mapping[SheetKind, str]] = {
    Reason.BAD_CODE: {SheetKind.OFFICERS: "login"},
    Reason.BAD_NAME: dict.fromkeys(SheetKind, "name"),
    Reason.BAD_LEVEL: dict.fromkeys(SheetKind, "level"),
    Reason.LEVEL_CHANGED: dict.fromkeys(SheetKind, "level"),
    Reason.MISSING_PARENT: dict.fromkeys(SheetKind, "parent_code"),
    Reason.PARENT_NOT_HIGHER: dict.fromkeys(SheetKind, "parent_code"),
    Reason.NO_COUNTY_ABOVE: dict.fromkeys(SheetKind, "parent_code"),
    Reason.UNKNOWN_AREA: {SheetKind.BODIES: "area_code", SheetKind.OFFICERS: "area_code"},
    Reason.UNKNOWN_BODY: {SheetKind.OFFICERS: "body_code"},
}
"""In which column a fault stands that is always in the same one; else that of the code."""


@dataclass
class Work:
    """A sheet on its way. It is told to nobody but its owner."""

    system: System
    asked: Asked
    id: UUID
    told: Taking
    content: bytes
    language: Language
    _noted: float = field(default_factory=monotonic)

    @property
    def is_trial(self) -> bool:
        return self.told.stage is Stage.TRYING

    def note(self, **changes: Any) -> None:
        self.told = self.told.but(**changes)
        self.system.uploads.tell(self.asked.by, self.id, self.told.model_dump_json())

    def progress(self, done: int, of: int) -> None:
        if monotonic() - self._noted > EVERY:
            self._noted = monotonic()
            self.note(done=done, of=of)


def begin(work: Work) -> None:
    """Waits for a moment: most sheets are done within it."""
    thread = Thread(target=_carry_out, args=[work], daemon=True)
    thread.start()
    thread.join(AT_ONCE)


def _carry_out(work: Work) -> None:
    words = labels(work.language)
    try:
        _ACTS[work.told.kind](work)
        work.note(stage=Stage.TRIED if work.is_trial else Stage.TAKEN)
    except SheetRefused as refusal:
        rows = tuple(_fault(one, work) for one in refusal.faults[:MOST_ROWS])
        _refused(work, title(refusal, work.language), rows=rows, more_rows=len(refusal.faults) - len(rows))
    except FileRefused as refusal:
        _refused(work, words["import_refusal"][refusal.kind])
    except UnknownColumns as unknown:
        _refused(work, wrong_columns(unknown, words["import_refusal"]))
    except DomainError as refusal:
        _refused(work, title(refusal, work.language))
    except Exception as error:  # whatever it is, its owner is told that it stands
        log.error("an import broke off", kind=work.told.kind, fault=type(error).__name__)
        _refused(work, words["problem"]["unexpected"])
    if work.told.stage in (Stage.TAKEN, Stage.REFUSED):
        work.system.uploads.drop_content(work.asked.by, work.id)
    if work.told.stage is Stage.TAKEN:
        with suppress(Unavailable):  # it is recorded: the worker brings the lists up as ever
            work.system.standing.catch_up()


def _refused(work: Work, problem: str, **more: Any) -> None:
    """What was tried before is looked at once more: its decisions may be mended, and it need not be sent again."""
    work.note(stage=Stage.REFUSED if work.is_trial else Stage.TRIED, problem=problem, **more)


def _fault(fault: Fault, work: Work) -> ToldRow:
    kind = work.told.kind
    column = fault.column or COLUMN_OF.get(fault.reason, {}).get(kind, "")
    titles = TITLES.get(kind, {}).get(column, ()) if work.language == "zh" else ()
    said = fault.but(wanted=_in_words(fault.wanted)) if work.language == "zh" else fault
    return ToldRow(
        row=fault.row, what=fault.code, column=next(iter(titles), column), why=fault_words(said, work.language)
    )


def _in_words(wanted: str) -> str:
    """Codes are left out where there are words that say the same."""
    words = [one for one in wanted.split() if not one.isascii()]
    return "、".join(words) if words else wanted


def _areas(work: Work) -> None:
    sheets = work.system.administering.sheets
    sheet = sheets.read(_text(work), work.told.day)
    if work.is_trial:
        plan = sheet.plan
        found = (len(plan.founded), len(plan.renamed), len(plan.moved), plan.unchanged)
        work.note(proposals=tuple(sheet.proposals()), counts=_counts(work, *found))
        return
    report: ImportReport = sheets.carry_out(work.asked, sheet, work.told.decisions, work.progress)
    work.note(counts=_counts(work, report.founded, report.renamed, report.moved, report.unchanged))


def _counts(work: Work, *numbers: int) -> tuple[tuple[str, int], ...]:
    keys = ("areas_founded", "areas_renamed", "areas_moved", "rows_unchanged")
    return tuple((text(work.language, key), number) for key, number in zip(keys, numbers, strict=True))


def _text(work: Work) -> bytes:
    return work.system.administering.unfolded(work.content)


def _bodies(work: Work) -> None:
    ledger, register = work.system.standing.ledger, work.system.registers.register
    sheets = BodySheets(OnTrial(ledger), register) if work.is_trial else work.system.administering.body_sheets
    _recorded(work, sheets.take_over(work.asked, _text(work), local_day(work.asked.now)))


def _recorded(work: Work, report: SheetReport) -> None:
    numbers = (("rows_recorded", report.recorded), ("rows_unchanged", report.unchanged))
    work.note(counts=tuple((text(work.language, key), number) for key, number in numbers))


def _officers(work: Work) -> None:
    ledger, register = work.system.standing.ledger, work.system.registers.register
    sheets = OfficerSheets(OnTrial(ledger), register) if work.is_trial else work.system.administering.officer_sheets
    report: OfficerReport = sheets.take_over(work.asked, _text(work), local_day(work.asked.now))
    _recorded(work, report)
    made: list[tuple[str, str]] = []
    for login in () if work.is_trial else report.registered:
        password = token_urlsafe(FIRST_PASSWORD)
        work.system.access.passwords.set(work.asked, officer_id(login), password)
        made.append((login, password))
        work.note(passwords=tuple(made), done=len(made), of=len(report.registered))


def _changes(work: Work) -> None:
    system, sheets = work.system, work.system.administering.changes
    if work.is_trial:
        mergers: BodyMergers = system.administering.mergers
        sheets = ChangeSheets(OnTrial(system.standing.ledger), system.registers.register, mergers)
    _recorded(work, sheets.take_over(work.asked, _text(work)))


def _cases(work: Work) -> None:
    rows: list[ToldRow] = []
    words, left = labels(work.language), 0

    def report(one: Reported) -> None:
        nonlocal left
        if one.outcome is Outcome.IMPORTED:
            return
        if len(rows) >= MOST_ROWS:
            left += 1
            return
        row, number, outcome, why = cells(one, words, dry_run=work.is_trial)
        rows.append(ToldRow(row=int(row), what=number, column=outcome, why=why))

    tally = work.system.administering.legacy.run(_run(work), report, work.progress)
    outcomes = words["import_would" if work.is_trial else "import_outcome"]
    counts = tuple((str(outcomes[one]), tally.counts[one]) for one in Outcome)
    work.note(counts=counts, rows=tuple(rows), more_rows=left)


def _run(work: Work) -> Run:
    system = work.system
    return Run(
        file=Uploaded(work.content, work.told.name),
        system=work.told.system,
        dry_run=work.is_trial,
        desks=1,
        words=Words([labels("zh"), labels("en")]),
        places=places_of(system.registers.register, system.reading.directory, local_day(work.asked.now)),
        calendar=system.registers.rule_book.calendar(),
        asked=work.asked,
    )


_ACTS: Mapping[SheetKind, Callable[[Work], None]] = {
    SheetKind.AREAS: _areas,
    SheetKind.BODIES: _bodies,
    SheetKind.OFFICERS: _officers,
    SheetKind.CHANGES: _changes,
    SheetKind.CASES: _cases,
}
