"""A form whose sender had to sign in first: it is asked for once more, filled in with what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api import cookies
from api.edge import PASSED
from api.measured import COUNTED

AGAIN = ("choose", "again")
"""The form is shown, and records nothing."""
OF_THE_LOGIN = frozenset({b"content-length", b"content-type", b"cookie", b"transfer-encoding"})


class Onward(Response):
    """Nothing that was typed at the login goes along, and whoever signed in is asked for anew: another person does not
    send the form of the first."""

    def __init__(self, request: Request, path: str, typed: Sequence[tuple[str, str]], token: str) -> None:
        super().__init__()
        self._content = urlencode([*typed, AGAIN]).encode()
        kept = {**request.cookies, cookies.cookie_name(request, cookies.SESSION): token}
        told = [one for one in request.scope["headers"] if one[0] not in OF_THE_LOGIN]
        self._scope = {name: request.scope[name] for name in _OF_THE_LINE if name in request.scope} | {
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(),
            "query_string": b"",
            "headers": [
                *told,
                (b"content-type", b"application/x-www-form-urlencoded"),
                (b"content-length", str(len(self._content)).encode()),
                (b"cookie", "; ".join(f"{name}={value}" for name, value in kept.items()).encode()),
            ],
        }
        self._app = request.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookie = [one for one in self.raw_headers if one[0] == b"set-cookie"]
        sent = False

        async def content() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": self._content, "more_body": False}

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *cookie]
            await send(message)

        await self._app(self._scope, content, with_cookie)


_OF_THE_LINE = (
    "type",
    "asgi",
    "http_version",
    "server",
    "client",
    "scheme",
    "method",
    "root_path",
    "state",
    PASSED,
    COUNTED,
)
"""What is known of the request without reading it."""
