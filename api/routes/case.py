"""纠纷案件 /api/cases: one POST for each command, its path the command's name; a case as it is, was, or was known."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

from annotated_types import Ge, Le
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic_core import to_json, to_jsonable_python
from starlette.responses import JSONResponse

from api.commanding import Asking, AskingDep, add_command
from api.deps import (
    FreshDep,
    Freshness,
    LanguageDep,
    SystemDep,
    ViewerDep,
    known,
    refuse_in_address,
)
from api.labels import Language
from api.labels.names import kebab
from api.problems import answer, document, title
from api.system import System
from application.case.as_it_was import Standpoint, as_it_was
from application.case.disclosure.masks import as_seen_by
from application.case.page import CasePage, page
from application.figures.case_figures import CaseFilter
from application.handover.options import Opening, openings
from application.ids import uuid7
from application.ports import Receipt
from application.rights import Viewer, may
from domain.case.actions import actions
from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.lists import COMMANDS
from domain.case.opening.intake import ReceiveRequest, RegisterCase
from domain.case.record.papers import FileEvidence, WriteNote
from domain.shared.decider import History
from domain.shared.errors import Conflict
from domain.shared.values import CaseId, Moment

router = APIRouter(prefix="/cases", tags=["case"])

UNDISTURBED: frozenset[type[CaseCommand]] = frozenset({WriteNote, FileEvidence})
"""Commands that take `If-Match: *`: whatever others record meanwhile does not matter to them."""
OPENING = (ReceiveRequest, RegisterCase)


class ListAsked(CaseFilter):
    after: str | None = None
    limit: Annotated[int, Ge(1), Le(200)] = 50
    count: bool = False

    @property
    def filter(self) -> CaseFilter:
        return CaseFilter(**self.model_dump(include=set(CaseFilter.model_fields)))


@router.get("")
def cases(
    request: Request, system: SystemDep, viewer: ViewerDep, fresh: FreshDep, asked: Annotated[ListAsked, Query()]
) -> Response:
    """The cases that the reader may see, latest first; `count`: also how many there are."""
    refuse_in_address(asked)
    found = _listed_cases(system, viewer, fresh, asked)
    headers = {"X-Position": str(fresh.position)}
    if found["after"]:
        url = request.url.include_query_params(after=found["after"])
        headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return JSONResponse(found, headers=headers)


@router.post("/search")
def search(system: SystemDep, viewer: ViewerDep, fresh: FreshDep, asked: ListAsked) -> Response:
    """The same by words and by a party's name or number: what is personal stands in no address."""
    return JSONResponse(_listed_cases(system, viewer, fresh, asked), headers={"X-Position": str(fresh.position)})


def _listed_cases(system: System, viewer: Viewer, fresh: Freshness, asked: ListAsked) -> dict[str, Any]:
    wanted = known(system, asked.filter)
    found = system.board.cards(viewer.scope, wanted, asked.after, asked.limit)
    body: dict[str, Any] = {"cases": shown(found.cards), "position": fresh.position}
    body |= {"after": found.after, "stale": fresh.stale}
    return body | ({"count": system.board.count(viewer.scope, wanted)} if asked.count else {})


def shown(value: Any) -> Any:
    """As JSON: what pydantic makes of it, in its own fast way."""
    return to_jsonable_python(value)


@router.get("/{id}")
def case(
    id: CaseId,
    request: Request,
    system: SystemDep,
    viewer: ViewerDep,
    language: LanguageDep,
    version: Annotated[int | None, Query(ge=1)] = None,
    as_of: Moment | None = None,
    effective_at: Moment | None = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The case now; or up to a version; as it was known (`as_of`); by what had happened (`effective_at`)."""
    asked = Standpoint(version=version, as_of=as_of, effective_at=effective_at)
    history = as_it_was(system.cases.history(id, viewer, system.now()), asked)
    read = as_seen_by(viewer, page(history, effective_at))
    tag = etag(read, viewer, language, asked)
    if if_none_match == tag:
        return Response(status_code=304, headers={"ETag": tag})
    body = represented(read) | {"used": asked.model_dump(mode="json"), "parked": system.is_parked(id)}
    return JSONResponse(body, headers={"ETag": tag, "Vary": "Accept-Language, Authorization, Cookie"})


def etag(read: CasePage, viewer: Viewer, language: Language, asked: Standpoint) -> str:
    """Begins with the version, so that it also serves in If-Match."""
    seen = f"{read.position} {viewer.officer} {viewer.body} {language} {asked}"
    return f'"{read.version}.{sha256(seen.encode()).hexdigest()[:12]}"'


def represented(read: CasePage) -> dict[str, Any]:
    content: dict[str, Any] = shown(
        {
            "id": read.id,
            "version": read.version,
            "position": read.position,
            "facts": read.facts,
            "urgency": read.urgency,
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
            "deadlines": read.deadlines,
            "timeline": [{**vars(line), "late": line.late} for line in read.timeline],
        }
    )
    hidden = {"refusals", "disclosures"}
    state = {name: value for name, value in shown(read.state).items() if name not in hidden}
    return {**content, "state": state}


@router.get("/{id}/actions")
def possible(id: CaseId, system: SystemDep, viewer: ViewerDep, language: LanguageDep) -> Any:
    """What can be done now, each with its schema; what cannot, each with the rule that blocks it."""
    history = system.cases.history(id, viewer, system.now())
    state = system.cases.state(id, viewer, system.now())
    return {"version": history.version, "actions": listed(state, viewer, language, str(id))}


def listed(case: DisputeCase, viewer: Viewer, language: Language, id: str) -> list[dict[str, Any]]:
    own = [_listed(one.command, one.mediation, may(viewer, one, case), language, id) for one in actions(case)]
    return [*own, *(_opened(one, language, id) for one in openings(case, viewer))]


def _opened(one: Opening, language: Language, id: str) -> dict[str, Any]:
    name = kebab(one.command)
    shown: dict[str, Any] = {"name": name, "href": f"/api/cases/{id}/{one.folder}/{name}", "mediation": None}
    shown |= {"rule": None, "allowed": one.blocked is None}
    if one.blocked is None:
        return shown | {"schema": one.command.model_json_schema()}
    return shown | {"blocked": {**document(one.blocked, language, ""), "title": title(one.blocked, language)}}


def _listed(
    command: type[CaseCommand], mediation: int | None, blocked: Any, language: Language, id: str
) -> dict[str, Any]:
    name = kebab(command)
    shown: dict[str, Any] = {"name": name, "href": f"/api/cases/{id}/{name}", "mediation": mediation}
    shown |= {"rule": str(command.rule) if command.rule else None, "allowed": blocked is None}
    if blocked is None:
        return shown | {"schema": command.model_json_schema()}
    return shown | {"blocked": {**document(blocked, language, ""), "title": title(blocked, language)}}


def _opening(command_type: type[Any]) -> Callable[..., Response]:
    def open_case(command: Any, asking: AskingDep) -> Response:
        id = CaseId(uuid7(asking.asked.now))
        receipt = asking.system.cases.open(id, command, asking.viewer, asking.asked)
        asking.system.saw(asking.viewer.officer, receipt)
        return receipt_answer(receipt, 201, {"Location": f"/api/cases/{receipt.id}"})

    open_case.__annotations__["command"] = command_type
    open_case.__doc__ = command_type.__doc__
    return open_case


def receipt_answer(receipt: Receipt, status: int, headers: dict[str, str] | None = None) -> Response:
    marks = {"ETag": f'"{receipt.version}"', "X-Position": str(receipt.position)}
    marks |= {"Idempotency-Replayed": "true"} if receipt.replayed else {}
    content = to_json(receipt, exclude={"replayed"})
    return Response(content, status, marks | (headers or {}), "application/json")


def _changing(command_type: type[Any]) -> Callable[..., Response]:
    def change_case(id: CaseId, command: Any, asking: AskingDep) -> Response:
        expected = asking.expected_or_any if command_type in UNDISTURBED else asking.expected
        try:
            receipt = asking.system.cases.change(id, command, asking.viewer, asking.asked, expected)
        except Conflict as refusal:
            return _conflict(refusal, id, asking)
        asking.system.saw(asking.viewer.officer, receipt)
        return receipt_answer(receipt, 200)

    change_case.__annotations__["command"] = command_type
    change_case.__doc__ = command_type.__doc__
    return change_case


def _conflict(refusal: Conflict, id: CaseId, asking: Asking) -> Response:
    """Not now: with what can be done instead."""
    viewer = asking.viewer
    history: History[DisputeCase] = asking.system.cases.history(id, viewer, asking.asked.now)
    free = [one for one in actions(history.state) if may(viewer, one, history.state) is None]
    allowed = [{"name": kebab(one.command), "mediation": one.mediation} for one in free]
    body = document(refusal, asking.language, asking.request.url.path)
    return answer({**body, "version": history.version, "allowed_actions": allowed})


for _opener in OPENING:
    add_command(router, f"/{kebab(_opener)}", _opening(_opener), 201, kebab(_opener))
for _command in COMMANDS:
    if _command is not ReceiveRequest and _command.for_officers():
        add_command(router, f"/{{id}}/{kebab(_command)}", _changing(_command), 200, f"change:{kebab(_command)}")
