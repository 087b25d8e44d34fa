"""纠纷案件 /api/cases: one POST for each command, its path the command's name; a case as it is, was, or was known."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from annotated_types import Ge, Le
from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import JSONResponse

from api.addresses import as_seen
from api.commanding import KEY, Asking, Done, add_command
from api.conditional import is_among
from api.contract import LIST_HEADERS, NOT_CHANGED, NOT_NOW, Actions, ToldDeadline, ToldLine, shown, told, told_lines
from api.deps import (
    BoardDep,
    CasesDep,
    Filters,
    FiltersDep,
    FreshDep,
    Freshness,
    LanguageDep,
    NamesDep,
    NowDep,
    RootDep,
    StandingDep,
    StandpointDep,
    ViewerDep,
    refuse_in_address,
)
from api.labels import Language
from api.labels.names import kebab
from api.problems import answer, document, title
from api.told_of_a_case import TOLD
from application.case.disclosure.masks import as_seen_by
from application.case.listed import value_with_listed
from application.case.next_steps import possible as steps
from application.case.page import CasePage, page
from application.case.row import Card
from application.figures.case_figures import CaseBoard, CaseFilter
from application.figures.queues import Sort
from application.handover.options import Opening, openings
from application.ids import uuid7
from application.moments import PRESENT, Standpoint, known_at
from application.naming import NameBook, named_in
from application.rights import Viewer, may
from domain.case.actions import actions
from domain.case.beside.proceedings import doubled
from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.lists import COMMANDS
from domain.case.opening.intake import ReceiveRequest, RegisterCase
from domain.case.record.papers import FileEvidence, WriteNote
from domain.shared.decider import History
from domain.shared.errors import Conflict
from domain.shared.values import CaseId, Value

router = APIRouter(prefix="/cases", tags=["case"])

UNDISTURBED: frozenset[type[CaseCommand]] = frozenset({WriteNote, FileEvidence})
"""Commands that take `If-Match: *`: whatever others record meanwhile does not matter to them."""
OPENING = (ReceiveRequest, RegisterCase)


class ListAsked(CaseFilter):
    after: str | None = None
    limit: Annotated[int, Ge(1), Le(200)] = 50
    count: bool = False
    sort: Sort | None = None
    """None: of a queue, what is most urgent first; else the latest first."""

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


class ListedCases(Value):
    """`after`: where the next page begins; `stale`: less than the reader has recorded; `count`: where it was asked."""

    cases: tuple[Card, ...]
    position: int
    after: str | None
    stale: bool
    count: int | None = None


LISTED: dict[str, Any] = {"response_model": ListedCases, "responses": {200: {"headers": LIST_HEADERS}}}


@router.get("", **LISTED)
def cases(
    request: Request,
    board: BoardDep,
    filters: FiltersDep,
    viewer: ViewerDep,
    fresh: FreshDep,
    asked: Annotated[ListAsked, Query()],
) -> Response:
    """The cases that the reader may see, latest first; `count`: also how many there are."""
    refuse_in_address(asked)
    found = _listed_cases(board, filters, viewer, fresh, asked)
    headers = {"X-Position": str(fresh.position)}
    if found["after"]:
        url = request.url.include_query_params(after=found["after"])
        headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return JSONResponse(found, headers=headers)


@router.post("/search", **LISTED)
def search(board: BoardDep, filters: FiltersDep, viewer: ViewerDep, fresh: FreshDep, asked: ListAsked) -> Response:
    """The same by words or the case's number, and by a party's name, a part of it, initials, or a number: what is
    personal stands in no address."""
    found = _listed_cases(board, filters, viewer, fresh, asked)
    return JSONResponse(found, headers={"X-Position": str(fresh.position)})


def _listed_cases(
    board: CaseBoard, filters: Filters, viewer: Viewer, fresh: Freshness, asked: ListAsked
) -> dict[str, Any]:
    wanted = filters.known(asked.filter)
    found = board.cards(viewer.scope, wanted, asked.after, asked.limit, asked.sort)
    body: dict[str, Any] = {"cases": shown(found.cards), "position": fresh.position}
    body |= {"after": found.after, "stale": fresh.stale}
    return body | ({"count": board.count(viewer.scope, wanted)} if asked.count else {})


@value_with_listed(lambda one: (one.on_a_page, ...))
class ToldCase(Value):
    """With what its registration lists; `state` is what its events have led to, `timeline` each of them; `texts` of a
    mediation, by its number; `two_remedies`: the organs that are asked for one at the same time."""

    id: UUID
    version: int
    position: int
    facts: str
    foreign_number: str
    subcategory: str
    amount: int | None
    people: int | None
    representatives: dict[str, list[dict[str, Any]]]
    papers: tuple[dict[str, Any], ...]
    evidence: tuple[dict[str, Any], ...]
    names: dict[str, str]
    texts: dict[str, dict[str, Any]]
    missing_papers: tuple[tuple[str, ...], ...]
    two_remedies: tuple[str, ...]
    deadlines: tuple[ToldDeadline, ...]
    timeline: tuple[ToldLine, ...]
    used: Standpoint
    parked: bool
    state: dict[str, Any]


@router.get("/{id}", response_model=ToldCase, responses=NOT_CHANGED)
def case(
    id: CaseId,
    cases: CasesDep,
    standing: StandingDep,
    now: NowDep,
    viewer: ViewerDep,
    language: LanguageDep,
    asked: StandpointDep,
    names: NamesDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The case now; or up to a version; as it was known (`as_of`); by what had happened (`effective_at`)."""
    history = cases.history(id, viewer, now, asked)
    read = as_seen_by(viewer, page(history, asked.effective_at))
    tag = etag(read, viewer, language, asked)
    if is_among(tag, if_none_match):
        return Response(status_code=304, headers={"ETag": tag})
    book = names.book(named_in(line.entry for line in read.timeline))
    body = represented(read, book) | {"used": shown(asked), "parked": standing.is_parked(id)}
    return JSONResponse(body, headers={"ETag": tag, "Vary": "Accept-Language, Authorization, Cookie"})


def etag(read: CasePage, viewer: Viewer, language: Language, asked: Standpoint) -> str:
    """Begins with the version, so that it also serves in If-Match."""
    seen = f"{read.position} {viewer.officer} {viewer.body} {language} {asked}"
    return f'"{read.version}.{sha256(seen.encode()).hexdigest()[:12]}"'


def represented(read: CasePage, book: NameBook) -> dict[str, Any]:
    lines = told_lines(read.timeline, book)
    content: dict[str, Any] = shown(
        {
            "id": read.id,
            "version": read.version,
            "position": read.position,
            "facts": read.facts,
            **read.listed,
            "foreign_number": read.foreign_number,
            "subcategory": read.subcategory,
            "amount": read.amount,
            "people": read.people,
            "representatives": read.representatives,
            "papers": read.filed,
            "evidence": read.evidence,
            "names": {str(id): name for id, name in read.names.items()},
            "texts": {str(number): text for number, text in read.mediations.items()},
            "missing_papers": read.missing_papers,
            "two_remedies": tuple(doubled(read.state)),
            "deadlines": read.deadlines,
            "timeline": [{**told, "late": line.late} for told, line in zip(lines, read.timeline, strict=True)],
        }
    )
    return {**content, "state": shown({name: value for name, value in vars(read.state).items() if name in TOLD})}


@router.get("/{id}/actions", response_model=Actions)
def possible(
    id: CaseId,
    cases: CasesDep,
    now: NowDep,
    viewer: ViewerDep,
    language: LanguageDep,
    asked: StandpointDep,
    root: RootDep,
) -> Response:
    """What can be done, or could at that moment, each with its schema; what cannot, with the rule that blocks it."""
    then = cases.history(id, viewer, now, asked)
    at = known_at(then, asked, now) if asked != PRESENT else None
    state = cases.state(id, viewer, now, at, asked.effective_at)
    sees_all = cases.sees_all(viewer, cases.whole(id), now, asked)
    href = f"{root}/api/cases/{id}"
    return told({"version": then.version, "actions": listed(state, viewer, language, href, sees_all)})


def listed(case: DisputeCase, viewer: Viewer, language: Language, href: str, sees_all: bool) -> list[dict[str, Any]]:
    found = steps(case, viewer, sees_all)
    own = [_listed(one.command, one.mediation, blocked, language, href) for one, blocked in found]
    return [*own, *(_opened(one, language, href) for one in openings(case, viewer))]


def _opened(one: Opening, language: Language, href: str) -> dict[str, Any]:
    name = kebab(one.command)
    shown: dict[str, Any] = {"name": name, "href": f"{href}/{one.folder}/{name}", "mediation": None}
    shown |= {"rule": None, "allowed": one.blocked is None}
    if one.blocked is None:
        return shown | {"schema": one.command.model_json_schema()}
    return shown | {"blocked": {**document(one.blocked, language, ""), "title": title(one.blocked, language)}}


def _listed(
    command: type[CaseCommand], mediation: int | None, blocked: Any, language: Language, href: str
) -> dict[str, Any]:
    name = kebab(command)
    shown: dict[str, Any] = {"name": name, "href": f"{href}/{name}", "mediation": mediation}
    shown |= {"rule": str(command.rule) if command.rule else None, "allowed": blocked is None}
    if blocked is None:
        return shown | {"schema": command.model_json_schema()}
    return shown | {"blocked": {**document(blocked, language, ""), "title": title(blocked, language)}}


def _open(asking: Asking, command: Any) -> Done:
    id = CaseId(uuid7(asking.asked.now))
    receipt = asking.deciding.cases.open(id, command, asking.viewer, asking.asked)
    return Done(receipt, f"/api/cases/{receipt.id}")


def _change(asking: Asking, command: Any, id: UUID) -> Done | Response:
    expected = asking.expected_or_any if type(command) in UNDISTURBED else asking.expected
    try:
        return Done(asking.deciding.cases.change(CaseId(id), command, asking.viewer, asking.asked, expected))
    except Conflict as refusal:
        return conflict(refusal, CaseId(id), asking)


def conflict(refusal: Conflict, id: CaseId, asking: Asking) -> Response:
    """Not now: with what can be done instead."""
    viewer = asking.viewer
    history: History[DisputeCase] = asking.deciding.cases.history(id, viewer, asking.asked.now)
    free = [one for one in actions(history.state) if may(viewer, one, history.state) is None]
    allowed = [{"name": kebab(one.command), "mediation": one.mediation} for one in free]
    body = document(refusal, asking.language, as_seen(asking.request))
    return answer({**body, "version": history.version, "allowed_actions": allowed})


for _opener in OPENING:
    add_command(router, f"/{kebab(_opener)}", _opener, _open, 201, kebab(_opener), headers=(KEY,))
for _command in COMMANDS:
    if _command is not ReceiveRequest and _command.for_officers():
        add_command(
            router,
            f"/{{id}}/{kebab(_command)}",
            _command,
            _change,
            200,
            f"change:{kebab(_command)}",
            ids=("id",),
            problems=NOT_NOW,
        )
