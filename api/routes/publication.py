"""公布 /api/publications: figures that were published, each computed again on demand, and the publishing of more."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api.commanding import LONGEST_KEY
from api.contract import COMMAND_PROBLEMS, told
from api.deps import FreshDep, NowDep, PublishedDep, PublishingDep, SeenDep, ViewerDep, ask, system_of
from application.ports import Receipt
from application.publication import Edition
from application.rights import NotYourRight, Viewer
from domain.publication.commands import PublishedTable, canonical
from domain.shared.calendar import local_day
from domain.shared.errors import Missing
from domain.shared.values import Day, Line, Value

router = APIRouter(prefix="/publications", tags=["publications"])


class UnknownPublication(Missing):
    """There is no such publication."""


class ToPublish(BaseModel):
    """Of your own area, by what is known now."""

    model_config = ConfigDict(extra="forbid")
    since: Day
    until: Day
    reason: Line = ""


class ToldEdition(Value):
    id: UUID
    edition: int
    position: int
    """Of its own entry."""
    since: date
    until: date
    reason: str
    digest: str
    published_at: datetime
    table: PublishedTable


class ToldEditions(Value):
    position: int
    editions: tuple[ToldEdition, ...]


class ToldCheck(Value):
    """`holds`: computed again by its definitions, its day and its position, it has the same bytes."""

    digest: str
    again: str
    holds: bool
    table: PublishedTable


@router.get("", response_model=ToldEditions)
def publications(published: PublishedDep, viewer: ViewerDep, fresh: FreshDep) -> Response:
    """Of the areas that the reader answers for, the latest period first."""
    areas = None if viewer.scope.everything else viewer.scope.areas
    return told({"position": fresh.position, "editions": [_told(one) for one in published.editions(areas)]})


@router.get("/{id}/{edition}/check", response_model=ToldCheck)
def check(
    id: UUID, edition: int, published: PublishedDep, publishing: PublishingDep, viewer: ViewerDep, now: NowDep
) -> Response:
    one = edition_of(published.edition(id, edition), viewer)
    checked = publishing.checked(one, local_day(now))
    return told({"digest": one.digest, "again": checked.again.digest(), "holds": checked.holds, "table": checked.again})


@router.get("/{id}/{edition}", response_model=PublishedTable)
def edition(id: UUID, edition: int, published: PublishedDep, viewer: ViewerDep, fresh: FreshDep) -> Response:
    """The very bytes that the digest is of."""
    one = edition_of(published.edition(id, edition), viewer)
    return Response(canonical(one.table), media_type="application/json", headers={"Digest-SHA256": one.digest})


def edition_of(found: Edition | None, viewer: Viewer) -> Edition:
    """Raises UnknownPublication, NotYourRight."""
    if found is None:
        raise UnknownPublication
    if not (viewer.scope.everything or found.table.area in viewer.scope.areas):
        raise NotYourRight
    return found


@router.post("/publish-figures", response_model=Receipt, status_code=201, responses={409: COMMAND_PROBLEMS[409]})
def publish(
    request: Request,
    asked: ToPublish,
    publishing: PublishingDep,
    viewer: ViewerDep,
    seen: SeenDep,
    now: NowDep,
    fresh: FreshDep,
    idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
) -> Response:
    """Not in turn with other commands: whoever publishes waits for the count, and nobody else does."""
    by = ask(
        system_of(request).deciding,
        now,
        viewer,
        request.scope["path"],
        asked.model_dump_json().encode(),
        idempotency_key,
    )
    receipt = publishing.publish(by, viewer, asked.since, asked.until, asked.reason, local_day(now))
    seen.saw(viewer.officer, receipt)
    answer = told(receipt.model_dump(mode="json"))
    answer.status_code = 201
    return answer


def _told(one: Edition) -> dict[str, Any]:
    table = one.table
    return {
        "id": one.id,
        "edition": one.edition,
        "position": one.position,
        "since": table.since,
        "until": table.until,
        "reason": one.reason,
        "digest": one.digest,
        "published_at": one.published_at,
        "table": table,
    }
