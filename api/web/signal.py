"""信号 Signals on a page: what lies far from its peers, opened down to the cases, with what was found out about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import ask, system_of
from api.problems import title
from api.routes.signal import pointed
from api.web.cases import UnfitFilter, told_wishes
from api.web.figure_wishes import BoardWishesDep
from api.web.figures import kept, wanted_of
from api.web.page import Reader, ReaderDep, fresh, render
from api.web.sending import FormDep, SenderDep
from application.case.row import Card
from application.figures.asking import By
from application.figures.case_figures import CaseFilter
from application.signal.service import LOOKS_INTO, Finding, Looked, Outlier, looked
from domain.shared.errors import DomainError
from domain.shared.values import AreaId, BodyId
from domain.signal.commands import SignalStage
from domain.signal.findings import RecordFinding

router = APIRouter(include_in_schema=False)
SHOWN = 20
"""Cases of a pattern that are named on the page."""


@dataclass(frozen=True)
class Suspicion:
    """A subject, as the page shows it."""

    found: Outlier
    id: UUID
    name: str
    rows: str
    """The address of the rows; empty: the cases are named beside it."""
    cards: Sequence[Card]
    finding: Finding | None


@router.get("/signals")
def signals(reader: ReaderDep, asked: BoardWishesDep) -> Response:
    fresh(reader)
    return _shown(reader, told_wishes(asked))


def _shown(reader: Reader, sent: dict[str, str], problem: str = "", status: int = 200) -> Response:
    wanted = wanted_of(reader, {name: value for name, value in sent.items() if name in CaseFilter.model_fields})
    with reader.reading.patterns.snapshot(reader.viewer.scope, wanted, reader.today) as snapshot:
        found = looked(snapshot, reader.viewer.scope, wanted, reader.today)
        moment = snapshot.moment
    days = wanted.since or date.min, wanted.until or moment.day
    told = _told(reader, found, wanted, days)
    return render(
        reader,
        "signal/signals.html",
        status,
        wanted=wanted,
        moment=moment,
        looked=found,
        told=told,
        stages=list(SignalStage),
        looks_into=reader.viewer.role in LOOKS_INTO and reader.viewer.body is not None,
        days=days,
        problem=problem,
    )


def _told(
    reader: Reader, found: Sequence[Looked], wanted: CaseFilter, days: tuple[date, date]
) -> Mapping[str, list[Suspicion]]:
    every = [one for each in found for one in each.found]
    findings = reader.reading.findings.findings([pointed(one, days).id for one in every])
    names = _names(reader, every)
    shown = {id for one in every for id in sorted(one.measured.cases)[:SHOWN]}
    cards = reader.reading.board.of(reader.viewer.scope, sorted(shown))
    return {
        each.signal.key: [
            Suspicion(
                one,
                (id := pointed(one, days).id),
                names.get(one.subject, "—"),
                _rows(one, wanted),
                [cards[case] for case in sorted(one.measured.cases)[:SHOWN] if case in cards],
                findings.get(id),
            )
            for one in each.found
        ]
        for each in found
    }


def _names(reader: Reader, found: Sequence[Outlier]) -> dict[UUID, str]:
    areas = [AreaId(one.subject) for one in found if one.signal.by is not By.BODY]
    bodies = [BodyId(one.subject) for one in found if one.signal.by is By.BODY]
    rows = reader.reading.directory.body_rows(bodies)
    named: dict[UUID, str] = {id: row.name for id, row in rows.items()}
    return named | dict(reader.reading.directory.names(areas, reader.today))


def _rows(one: Outlier, wanted: CaseFilter) -> str:
    if not one.signal.figure:
        return ""
    of_whom: dict[str, Any] = {"body" if one.signal.by is By.BODY else "area": one.subject}
    return f"/dashboard/rows?{urlencode(kept(wanted) | of_whom | {'figure': one.signal.figure})}"


@router.post("/signals")
def record(reader: SenderDep, form: FormDep) -> Response:
    sent = {name: str(form.get(name) or "").strip() for name in ("signal", "subject", "since", "until")}
    wishes = {name: sent[name] for name in ("since", "until")}
    fresh(reader)
    try:
        command = _command(sent, str(form.get("finding") or ""), str(form.get("account") or ""))
        by = ask(reader.deciding, reader.now(), reader.viewer, "/signals", command.model_dump_json().encode(), None)
        receipt = system_of(reader.request).administering.signals.record(by, reader.viewer, command)
    except DomainError as refusal:
        return _shown(reader, wishes, title(refusal, reader.language), 422)
    reader.seen.saw(reader.viewer.officer, receipt)
    return RedirectResponse(f"/signals?{urlencode(wishes)}", 303)


def _command(sent: Mapping[str, str], finding: str, account: str) -> RecordFinding:
    """Raises UnfitFilter."""
    try:
        return RecordFinding.model_validate({"pointed": sent, "finding": finding, "account": account})
    except ValidationError as error:
        raise UnfitFilter(fields=sorted({str(one["loc"][0]) for one in error.errors()})) from None
