"""回放 /api/cases/{id}/history, /diff: every step of a matter, any two compared; receipts, and a bundle."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from api.contract import Responses, ToldActing, shown, told, told_lines
from api.deps import LanguageDep, NamesDep, NowDep, ReceiptsDep, ReplaysDep, ViewerDep
from api.labels import Language, word
from application.case.disclosure.masks import as_seen_by
from application.case.picture import Picture, difference
from application.case.replay import Replay, Step
from application.moments import KnownAt
from application.naming import NameBook, named_in
from application.rights import Viewer
from domain.shared.values import CaseId, Value

router = APIRouter(prefix="/cases", tags=["replay"])
Number = Annotated[int, Query(ge=1)]
ZIP: Responses = {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}


class ToldStep(Value):
    """`of`: case, referral or escalation, with its id and version there."""

    step: int
    of: str
    id: UUID
    version: int
    position: int
    name: str
    happened_at: datetime
    recorded_at: datetime
    late_by: int
    acted: ToldActing


class ToldHistory(Value):
    id: UUID
    steps: tuple[ToldStep, ...]


class ToldFact(Value):
    """`subject`: a party's or a handover's id, a mediation's number; empty for the matter."""

    section: str
    subject: str
    field: str
    was: Any
    now: Any


class ToldDiff(Value):
    first: ToldStep
    second: ToldStep
    changes: tuple[ToldFact, ...]


@router.get("/{id}/history", response_model=ToldHistory)
def history(id: CaseId, replays: ReplaysDep, names: NamesDep, now: NowDep, viewer: ViewerDep) -> Response:
    """Every step of the case, its referrals and its escalations, as far as the reader may read it."""
    whole = replays.of(id, viewer, now)
    book = names.book(named_in(step.line.entry for step in whole.steps))
    return told({"id": id, "steps": [_step(one, book) for one in whole.steps]})


def _step(one: Step, book: NameBook) -> dict[str, Any]:
    (line,) = told_lines([one.line], book)
    kept = ("version", "position", "name", "happened_at", "recorded_at", "late_by")
    return {
        "step": one.number,
        "of": one.of,
        "id": one.id,
        **{name: line[name] for name in kept},
        "acted": line["as"],
    }


@router.get("/{id}/diff", response_model=ToldDiff)
def diff(
    id: CaseId,
    replays: ReplaysDep,
    names: NamesDep,
    now: NowDep,
    viewer: ViewerDep,
    first: Annotated[int, Query(alias="from", ge=1)],
    second: Annotated[int, Query(alias="to", ge=1)],
) -> Response:
    """Fact by fact: the matter after one step, and after another."""
    whole = replays.of(id, viewer, now)
    one, other = whole.step(first), whole.step(second)
    book = names.book(named_in(step.line.entry for step in (one, other)))
    changes = difference(_picture(whole, one.at, viewer), _picture(whole, other.at, viewer))
    facts = [
        {"section": each.fact.section, "subject": _subject(each.fact.subject), "field": str(each.fact.field)}
        | {"was": each.was, "now": each.now}
        for each in changes
    ]
    return told({"first": _step(one, book), "second": _step(other, book), "changes": facts})


def _subject(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _picture(whole: Replay, at: KnownAt, viewer: Viewer) -> Picture:
    then = whole.then(at)
    return then.picture(as_seen_by(viewer, then.read))


@router.get("/{id}/steps/{step}/receipt", response_class=PlainTextResponse)
def receipt(
    id: CaseId, step: int, replays: ReplaysDep, receipts: ReceiptsDep, now: NowDep, viewer: ViewerDep
) -> Response:
    """Of any step, also of a referral or an escalation: verified without us, with the key alone."""
    text = receipts.of_step(replays.of(id, viewer, now).step(step))
    name = f'attachment; filename="{id}-step-{step}.tlog-proof"'
    return PlainTextResponse(text, headers={"Content-Disposition": name})


@router.get("/{id}/bundle", response_class=Response, responses=ZIP)
def bundle(
    id: CaseId,
    replays: ReplaysDep,
    receipts: ReceiptsDep,
    names: NamesDep,
    now: NowDep,
    viewer: ViewerDep,
    language: LanguageDep,
) -> Response:
    """The receipts of every step that the reader reads whole, and what they may read of it, to take away."""
    whole = replays.of(id, viewer, now)
    content = receipts.matter(whole, _readable(whole, viewer, names.book(_ids(whole)), language))
    name = f'attachment; filename="{id}.bundle.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": name})


def _ids(whole: Replay) -> set[UUID]:
    return named_in(step.line.entry for step in whole.steps)


def _readable(whole: Replay, viewer: Viewer, book: NameBook, language: Language) -> dict[str, str]:
    """What it is, in words, and every step as the reader may read it."""
    read = as_seen_by(viewer, whole.read)
    lines = [
        {**_step(one, book), "event": entry["event"]}
        for one, entry in zip(whole.steps, _as_seen(whole, viewer, book), strict=True)
    ]
    content = {"case": read.state.code, "facts": read.facts, "names": read.names, "steps": lines}
    words = word(language, "page", "bundle_help")
    return {
        "matter.json": json.dumps(shown(content), ensure_ascii=False, indent=1),
        "README.txt": f"{words}\n",
    }


def _as_seen(whole: Replay, viewer: Viewer, book: NameBook) -> list[dict[str, Any]]:
    lines = [one.line for one in whole.steps]
    seen = as_seen_by(viewer, whole.with_lines(lines))
    return told_lines(seen.timeline, book)
