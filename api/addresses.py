"""Our addresses as others see them: under the prefix of a proxy, and never on somebody else's host.

Inside, every path is written without the prefix. It is put on where an answer leaves, so no page can forget it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from starlette.requests import HTTPConnection

LEADS_OUT = "tiaojie.leads-out"
"""In the scope of a request: the one address of another host to which its answer may lead."""
LINK = re.compile(r'(\s(?:href|action|formaction|src)=")(?=/)')
"""Of a page of ours: what people wrote has no quotation mark in it, for it is escaped."""


def root_of(request: HTTPConnection) -> str:
    return str(request.app.state.settings.root_path)


def as_seen(request: HTTPConnection) -> str:
    """The path that was asked for, as whoever asked for it wrote it."""
    return root_of(request) + request.url.path


def linked(page: str, root: str) -> str:
    return LINK.sub(rf"\g<1>{root}", page) if root else page


def own_path(told: str) -> str:
    """A path on this server, with its query; anything that could lead elsewhere leads home.

    Browsers read a backslash as a slash, leave out control characters, and go up where a segment is two dots."""
    try:
        asked = urlsplit(told)
    except ValueError:
        return "/"
    path = unquote(asked.path)
    is_path = told.startswith("/") and not told.startswith("//") and not (asked.scheme or asked.netloc)
    is_plain = "\\" not in path and told.isprintable() and path.isprintable()
    leads_up = {".", ".."} & set(path.split("/"))
    return told if is_path and is_plain and not leads_up and "//" not in path else "/"


def redirected(location: str, root: str) -> str:
    """Where an answer leads: to this server, whatever host it names. The server's own way to add or to leave out a
    slash names the host that was asked for, and anybody may ask for any."""
    asked = urlsplit(location)
    query = f"?{asked.query}" if asked.query else ""
    fragment = f"#{asked.fragment}" if asked.fragment else ""
    return root + own_path("/" + asked.path.lstrip("/") + query) + fragment
