"""信号 /api/signals: what lies far from its peers, with what it is held against, and what was found out about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.commanding import KEY, Asking, Done, add_command
from api.contract import told
from api.deps import FiltersDep, FindingsDep, FreshDep, PatternsDep, ViewerDep, refuse_in_address
from application.figures.case_figures import CaseFilter
from application.ports import Receipt
from application.signal.service import Looked, Outlier, looked
from domain.shared.values import Value
from domain.signal.commands import Pointed, SignalStage
from domain.signal.findings import RecordFinding

router = APIRouter(prefix="/signals", tags=["signals"])


class ToldFinding(Value):
    finding: SignalStage
    account: str
    by: UUID
    recorded_at: datetime


class ToldSubject(Value):
    """`z`: how far its number lies above the median of its peers, in their deviations."""

    id: UUID
    subject: UUID
    number: float
    of: float
    value: float
    z: float
    cases: tuple[UUID, ...]
    stage: SignalStage
    finding: ToldFinding | None


class ToldPeers(Value):
    peers: int
    low: float
    middle: float
    high: float


class ToldSignal(Value):
    signal: str
    peers: ToldPeers | None
    found: tuple[ToldSubject, ...]


class ToldSignals(Value):
    day: date
    position: int
    signals: tuple[ToldSignal, ...]


@router.get("", response_model=ToldSignals)
def signals(
    board: PatternsDep,
    findings: FindingsDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    asked: Annotated[CaseFilter, Query()],
) -> Response:
    """Of the places that the reader answers for. None of it blocks anything, and none is about a person."""
    refuse_in_address(asked)
    wanted = filters.counted(asked)
    with board.snapshot(viewer.scope, wanted, filters.today) as snapshot:
        found = looked(snapshot, viewer.scope, wanted, filters.today)
        moment = snapshot.moment
    days = wanted.since or date.min, wanted.until or moment.day
    known = findings.findings([pointed(one, days).id for each in found for one in each.found])
    rows = [_told(each, days, known) for each in found]
    return told({"day": moment.day, "position": moment.position, "signals": rows})


def pointed(one: Outlier, days: tuple[date, date]) -> Pointed:
    return Pointed(signal=one.signal.key, subject=one.subject, since=days[0], until=days[1])


def _told(looked: Looked, days: tuple[date, date], known: Any) -> dict[str, Any]:
    spread = looked.spread
    return {
        "signal": looked.signal.key,
        "peers": {name: getattr(spread, name) for name in ("peers", "low", "middle", "high")} if spread else None,
        "found": [_subject(one, pointed(one, days).id, known) for one in looked.found],
    }


def _subject(one: Outlier, id: UUID, known: Any) -> dict[str, Any]:
    finding = known.get(id)
    return {
        "id": id,
        "subject": one.subject,
        "number": one.measured.number,
        "of": one.measured.of,
        "value": one.value,
        "z": one.z,
        "cases": sorted(one.measured.cases),
        "stage": finding.finding if finding else SignalStage.OPEN,
        "finding": _finding(finding) if finding else None,
    }


def _finding(one: Any) -> dict[str, Any]:
    return {"finding": one.finding, "account": one.account, "by": one.by, "recorded_at": one.recorded_at}


def _record(asking: Asking, command: RecordFinding) -> Done:
    return Done(asking.administering.signals.record(asking.asked, asking.viewer, command))


add_command(
    router, "/record-finding", RecordFinding, _record, 201, "record-finding", headers=(KEY,), response_model=Receipt
)
