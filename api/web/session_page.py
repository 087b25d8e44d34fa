"""登录 What the login page shows: where it leads, what was typed before it, and why it is shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.addresses import own_path
from api.deps import system_of
from api.labels.language import of_request
from api.problems import LoginNeeded, marks, status, title
from api.web.page import own_address, render_open, text
from api.web.sending import typed_in
from domain.shared.errors import DomainError

KEPT_FOR = 30 * 24 * 3600
"""Seconds that a browser keeps the cookie. The session ends long before: it then only tells who typed a form."""
KEPT = "kept."
"""Before the names of what was typed, while its sender signs in."""
NO_PAGES = frozenset({"/act-for", "/logout"})


@dataclass(frozen=True)
class AskedAtTheDoor:
    """What the login page shows: where it leads, what was typed before it, and why it is shown again."""

    next: str = "/"
    kept: Sequence[tuple[str, str]] = ()
    login: str = ""
    problem: str = ""

    def shown(self, request: Request, number: int = 200) -> Response:
        hidden = [(KEPT + name, value) for name, value in self.kept]
        told: dict[str, Any] = {"next": own_path(self.next), "login": self.login, "problem": self.problem}
        told |= {"kept": hidden, "sign_on": _button(request)}
        return render_open(request, system_of(request).now(), of_request(request), "login.html", number, **told)

    def refused(self, request: Request, refusal: DomainError) -> Response:
        told = replace(self, problem=title(refusal, of_request(request)))
        answer = told.shown(request, status(type(refusal)))
        answer.headers.update(marks(refusal))
        return answer


def to_login(request: Request, error: Exception) -> Response:
    """Whoever sent a form gets its words along with the login; whoever asked for a page comes back to it."""
    if kept := typed_in(request):
        return AskedAtTheDoor(request.url.path, kept).refused(request, LoginNeeded())
    asked = "/" if request.url.path in NO_PAGES else own_address(request)
    return RedirectResponse(f"/login?{urlencode({'next': asked})}", 303)


def _button(request: Request) -> str:
    """Empty where the county has no sign-on of its own."""
    if (sign_on := system_of(request).access.sign_on) is None:
        return ""
    return sign_on.button or text(of_request(request), "county_sign_on")
