"""Refusals as RFC 9457 problems: the kind gives the status, the class the type, the labels the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import as_seen
from api.contract import shown
from api.labels import Language, labels, words
from api.labels.language import of_request
from application.logs import get_logger
from application.office import TooManyAttempts
from domain.shared.errors import Conflict, DomainError, Forbidden, Missing, Refused, Stale, Unavailable, code

log = get_logger("tiaojie.api")

STATUS: dict[type[DomainError], int] = {
    Missing: 404,
    Conflict: 409,
    Stale: 412,
    Refused: 422,
    Forbidden: 403,
    Unavailable: 503,
}


class LoginNeeded(Forbidden):
    """No session, or one that has ended."""


class VersionNeeded(Refused):
    """If-Match is missing: it says which version was seen."""


class NotAcceptable(Refused):
    """The only form that there is of it is one that the client refuses (Accept, with q=0)."""


class BodyTooLarge(Refused):
    """The request is larger than any that is needed."""


class BodyTooSlow(Refused):
    """The request did not come within the time that any line needs."""


OWN_STATUS: dict[type[DomainError], int] = {
    LoginNeeded: 401,
    NotAcceptable: 406,
    BodyTooSlow: 408,
    BodyTooLarge: 413,
    VersionNeeded: 428,
    TooManyAttempts: 429,
}


def kebabbed(name: str) -> str:
    """BothSidesNeeded -> both-sides-needed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def status(error: type[DomainError]) -> int:
    """Of its own, or of its kind."""
    return next(number for kind, number in {**OWN_STATUS, **STATUS}.items() if issubclass(error, kind))


def title(error: DomainError, language: Language) -> str:
    return str(labels(language)["problem"].get(code(type(error)), (error.__doc__ or "").strip()))


def document(error: DomainError, language: Language, instance: str) -> dict[str, Any]:
    kind = type(error)
    members = {
        "type": f"/problems/{code(kind)}",
        "code": code(kind),
        "title": title(error, language),
        "status": status(kind),
        "instance": instance,
    }
    details: dict[str, Any] = shown(jsonable_encoder(error.details))
    return details | members


def answer(content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(content, content["status"], headers=headers, media_type="application/problem+json")


def problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    language = of_request(request)
    return answer(document(error, language, as_seen(request)), marks(error))


def marks(error: DomainError) -> dict[str, str]:
    """Headers of a refusal: how to sign in, when to come again."""
    if isinstance(error, LoginNeeded):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyAttempts | Unavailable):
        return {"Retry-After": str(error.details.get("retry_after", 1))}
    return {}


def pointer(location: Sequence[Any]) -> str:
    """The JSON pointer of a place in the body; names of queries and headers stand as they are."""
    where = location[1:] if location and location[0] in ("body", "query", "header", "path") else location
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in where)


def unfit(errors: Sequence[Any], language: Language, instance: str) -> dict[str, Any]:
    """What is wrong with a request's content, field by field; what was sent is not repeated."""
    listed = [
        {"pointer": pointer(one["loc"]), "code": one["type"], "detail": words(language, "invalid", one)}
        for one in errors
    ]
    members = {"type": "/problems/unfit-request", "code": "unfit-request", "status": 422, "instance": instance}
    return {**members, "title": labels(language)["problem"]["unfit-request"], "errors": listed}


def unfit_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(unfit(error.errors(), of_request(request), as_seen(request)))


def plain(request: Request, error: Exception) -> Response:
    """A path or method that there is not."""
    assert isinstance(error, HTTPException)
    name, text = _plain_code(error), plain_title(error, of_request(request))
    status_code = 422 if error.status_code == 400 else error.status_code  # a body that cannot be read as JSON
    members = {"type": f"/problems/{name}", "code": name, "title": text, "status": status_code}
    return answer({**members, "instance": as_seen(request)}, dict(error.headers or {}))


def _plain_code(error: HTTPException) -> str:
    return {404: "no-such-page", 405: "method-not-allowed"}.get(error.status_code, "bad-request")


def unfit_title(language: Language) -> str:
    return str(labels(language)["problem"]["unfit-request"])


def plain_title(error: HTTPException, language: Language) -> str:
    return str(labels(language)["problem"][_plain_code(error)])


def unexpected(request: Request, error: Exception) -> Response:
    """A bare 500: the log has the rest, found by the id."""
    id = uuid4()
    where = {"id": str(id), "path": request.url.path, "fault": type(error).__name__}
    log.error("unexpected", **where, exc_info=_frames_only(error))
    text = labels(of_request(request))["problem"]["unexpected"]
    members = {"type": "/problems/unexpected", "code": "unexpected", "title": text, "status": 500}
    return answer({**members, "instance": as_seen(request), "id": str(id)})


def _frames_only(error: Exception) -> Any:
    """Where it happened, without the error's own text: that may quote what somebody wrote."""
    return (RuntimeError, RuntimeError(type(error).__name__), error.__traceback__)


def install(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, problem)
    app.add_exception_handler(RequestValidationError, unfit_request)
    app.add_exception_handler(HTTPException, plain)


class LastResort:
    """Answers what nothing else did. FastAPI's own way would raise it again, and the server would write its text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await unexpected(Request(scope), error)(scope, receive, send)
