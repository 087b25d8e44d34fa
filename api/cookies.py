"""What browsers keep for us: names that no other program on the same host has, and that no sibling host can set."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.addresses import root_of

SESSION, POSITION, LANGUAGE, TEXT, SIGN_ON = "session", "position", "language", "text", "sign-on"
WITHOUT_TLS = 80


def is_secure(request: HTTPConnection) -> bool:
    """Whether it came by TLS: a proxy that we trust says so, or whoever runs the service."""
    return bool(request.app.state.settings.secure_cookies) or request.scope["scheme"] == "https"


def cookie_name(request: HTTPConnection, what: str) -> str:
    """Behind TLS no other host can set it (`__Host-`). Without, all programs of a host share their cookies, whatever
    their port: so the port is part of the name.

    Under a prefix other programs are on the same host: theirs is what `__Host-` would send it to, for that holds for
    all paths. So it is kept to our paths instead, by a name of its own."""
    within = root_of(request).replace("/", ".")
    if is_secure(request):
        return f"__Secure-tiaojie{within}-{what}" if within else f"__Host-tiaojie-{what}"
    return f"tiaojie{within}-{what}-{_port(request.headers)}"


def _port(headers: Headers) -> int:
    """As the browser knows it."""
    told = headers.get("host", "").rpartition(":")[2]
    return int(told) if told.isdecimal() and len(told) < 6 else WITHOUT_TLS


def kept(request: HTTPConnection, what: str) -> str:
    """Empty where the browser keeps none."""
    return request.cookies.get(cookie_name(request, what), "")


def keep(answer: Response, request: HTTPConnection, what: str, value: str, seconds: int | None = None) -> None:
    """Sent along when a link of another site leads here (Lax): what changes anything asks where it comes from."""
    name, secure = cookie_name(request, what), is_secure(request)
    answer.set_cookie(name, value, seconds, path=_path(request), httponly=True, samesite="lax", secure=secure)


def drop(answer: Response, request: HTTPConnection, what: str) -> None:
    name, secure = cookie_name(request, what), is_secure(request)
    answer.delete_cookie(name, path=_path(request), httponly=True, samesite="lax", secure=secure)


def _path(request: HTTPConnection) -> str:
    return root_of(request) or "/"
