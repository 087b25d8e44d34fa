"""What the contract (/api/openapi.json) says of answers: the receipt, problems by status, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python
from starlette.responses import JSONResponse, Response

from application.case.changes import Corrected, corrections
from application.case.changes import told as corrected
from application.case.page import TimelineEntry
from application.naming import NameBook
from domain.shared.acting import ActingAs
from domain.shared.calendar import SHANGHAI
from domain.shared.values import Value

PROBLEM_JSON = "application/problem+json"
SCHEME = "session"
Responses = dict[int | str, dict[str, Any]]
TEXT: dict[str, Any] = {"schema": {"type": "string"}}


class Recorded(Value):
    """Where a decision was recorded: `version` is the next If-Match, `position` what the lists then wait for."""

    id: UUID
    version: int
    position: int
    numbers: tuple[str, ...]
    """Case code and file number, where the decision gave any."""


class Problem(BaseModel):
    """A refusal (RFC 9457). `code` is the last part of `type`; further members are its facts: ids, dates, articles."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: int
    instance: str
    code: str


class VersionProblem(Problem):
    """Somebody else decided first. `actual`: the version that is, where it is known."""

    expected: int | None = None
    actual: int | None = None


class AllowedAction(Value):
    name: str
    mediation: int | None


class NotNow(Problem):
    """The case does not allow it now: with its version, and what can be done instead."""

    version: int
    allowed_actions: tuple[AllowedAction, ...]


class UnfitField(Value):
    """`pointer`: a JSON pointer into the body, or the name of what was left out of address or header."""

    pointer: str
    code: str
    detail: str


class UnfitRequest(Problem):
    """The content does not fit the command, field by field."""

    errors: tuple[UnfitField, ...]


class Fault(Problem):
    """Not the client's: the log has it under `id`."""

    id: str


class Action(Value):
    """What can be done, with the schema of its content; or what cannot, with the rule that blocks it."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    name: str
    href: str
    allowed: bool
    rule: str | None
    mediation: int | None = None
    content: dict[str, Any] | None = Field(default=None, alias="schema")
    blocked: Problem | None = None


class Actions(Value):
    version: int
    actions: tuple[Action, ...]


class ToldActing(Value):
    """As what somebody acted: fixed when it was recorded, whatever officer, body and area are called since."""

    role: str
    officer: str
    body: str
    area: UUID | None
    place: str
    token: int | None = None
    """The number of the officer's service token by which another system recorded it."""


class ToldChange(Value):
    fields: dict[str, dict[str, Any]]
    reason: str


class ToldLine(Value):
    """An entry: what happened when, who recorded it for which body, and whether it was corrected since."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    version: int
    position: int
    name: str
    occurred_at: datetime
    recorded_at: datetime
    happened_at: datetime
    by: UUID
    body: UUID
    acting: ToldActing = Field(alias="as")
    on_behalf_of: UUID | None
    event: dict[str, Any]
    struck: bool
    corrected_by: int | None
    replaces: int | None
    changed: ToldChange | None
    """Of an entry that replaces another: field by field what was, what is, and why."""
    late_by: int
    """Seconds from when it happened until it was recorded."""
    late: bool | None = None


class ToldDeadline(Value):
    what: str
    mediation: int
    day: date
    number: int | None
    due: dict[str, Any] | None
    run_out: bool


def _told(description: str, model: Any = Problem) -> dict[str, Any]:
    return {"description": description, "model": model}


PROBLEMS: Responses = {
    401: _told("No session, or one that has ended") | {"headers": {"WWW-Authenticate": TEXT}},
    403: _told("Not you: somebody else may"),
    404: _told("There is none, or none that you may know of"),
    422: _told("Not like this: a rule says no, or the request does not fit", UnfitRequest | Problem),
    500: _told("A fault of the server", Fault),
    503: _told("Not at this moment: repeat the same request") | {"headers": {"Retry-After": TEXT}},
}
"""Of every request."""
TOO_LARGE: dict[str, Any] = {
    "description": "Larger than any request that is needed",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
"""Of every operation that takes a body: it is refused before any route is asked, so no route declares it."""
NOT_ACCEPTABLE: dict[str, Any] = {
    "description": "The one form that there is of it is refused by `Accept`, with q=0",
    "content": TOO_LARGE["content"],
}
"""Of every operation that reads: it is refused when the answer is there."""
COMMAND_PROBLEMS: Responses = {
    **PROBLEMS,
    409: _told("Not now: read again, then decide"),
    412: _told("Somebody else decided first", VersionProblem),
    428: _told("If-Match is missing, or is no version"),
}
NOT_NOW: Responses = {409: _told("Not now: read again, then decide", NotNow)}
RECEIPT_HEADERS = {
    "ETag": {"description": "The version, for the next If-Match", **TEXT},
    "X-Position": {"description": "Sent with a read: it waits until its list has this", **TEXT},
    "Idempotency-Replayed": {"description": "`true`: recorded by an earlier request", **TEXT},
}
TAGGED: dict[str, Any] = {"ETag": {"description": "Begins with the version, for If-Match", **TEXT}}
LIST_HEADERS: dict[str, Any] = {
    "X-Position": {"description": "How far the list had read", **TEXT},
    "Link": {"description": "The next page, where there is one", **TEXT},
}
NOT_CHANGED: Responses = {200: {"headers": TAGGED}, 304: {"description": "As the reader has it", "headers": TAGGED}}


def shown(value: Any) -> Any:
    """As JSON: what pydantic makes of it, in its own fast way; times as they are read here, whatever the zone of the
    database, or of whoever recorded them."""
    return _here(to_jsonable_python(value))


INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def _here(value: Any, key: str = "") -> Any:
    """A text that somebody wrote (`text`) stays as it was written."""
    match value:
        case dict():
            return {name: _here(one, name) for name, one in value.items()}
        case list():
            return [_here(one) for one in value]
        case str() if 20 <= len(value) <= 35 and key != "text" and INSTANT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(SHANGHAI).isoformat()
    return value


def told_lines(lines: Sequence[TimelineEntry], book: NameBook) -> list[dict[str, Any]]:
    """Each entry, with as what it was recorded, and what it corrects of another."""
    anew = corrections(lines)
    return [_told_line(line, book.acting(line.entry), anew.get(line.version)) for line in lines]


def _told_line(line: TimelineEntry, acting: ActingAs, anew: Corrected | None) -> dict[str, Any]:
    late = round((line.recorded_at - line.happened_at).total_seconds())
    told = {name: value for name, value in vars(line).items() if name != "entry"}
    return {**told, "late_by": late, "as": _told_as(acting), "changed": corrected(anew) if anew else None}


def _told_as(acting: ActingAs) -> dict[str, Any]:
    return {name: value for name, value in asdict(acting).items() if name != "token" or value}


def told(content: Any) -> Response:
    """What a read answers: its declared model is held to it by the tests, not made of it once more."""
    return JSONResponse(shown(content))


def install(app: FastAPI, public: Sequence[str], root: str = "") -> None:
    """`public`: the beginnings of paths that need no session; `root`: what stands before all paths."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_finished(app, public) | ({"servers": [{"url": root}]} if root else {}))
        return made

    async def document() -> Response:
        return JSONResponse(app.openapi())

    app.add_api_route("/api/openapi.json", document, include_in_schema=False)
    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI lets its document be changed


def _finished(app: FastAPI, public: Sequence[str]) -> dict[str, Any]:
    """What FastAPI has no words for: problems have a media type of their own, and a session is a bearer's token."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    document["components"]["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation or method != "get":
                operation["responses"]["413"] = TOO_LARGE
            if method == "get":
                operation["responses"]["406"] = NOT_ACCEPTABLE
            if not path.startswith(tuple(public)):
                operation["security"] = [{SCHEME: []}]
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if int(status) >= 400 and content and PROBLEM_JSON not in content:
                    response["content"] = {PROBLEM_JSON: next(iter(content.values()))}
    return document
