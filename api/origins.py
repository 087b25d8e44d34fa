"""Where a change was asked for: a page of ours, or somebody else's page in whose hands the browser sends our cookie."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from domain.shared.errors import Forbidden

ASKS_ONLY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""
OURS = frozenset({"same-origin", "none"})
"""What a browser says of a request that a page of ours, or the person at the browser, made."""


class ForeignOrigin(Forbidden):
    """Another site's page asked for it, or nobody can tell whose."""


def check_origin(headers: Headers, origin: str, by_cookie: bool, secure: bool = False) -> None:
    """`origin`: the address of the service, where it is set. `secure`: it was asked for by TLS. Whatever a browser says
    must fit; browsers that carry cookies say something. Raises ForeignOrigin."""
    said, fetched = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if not all(one in OURS for one in fetched) or not all(_is_ours(one, headers, origin, secure) for one in said):
        raise ForeignOrigin
    if by_cookie and not said and not fetched:
        raise ForeignOrigin


def _is_ours(told: str, headers: Headers, origin: str, secure: bool) -> bool:
    """Without a set origin the name that the browser asked for decides: pages cannot choose it. A proxy hands it on. A
    page that came without TLS may be anybody's who stands in between, whatever name it has."""
    if origin:
        return told == origin
    try:
        scheme, asked_at, *_ = urlsplit(told)
    except ValueError:
        return False
    if secure and scheme != "https":
        return False
    return bool(asked_at) and asked_at.lower() == headers.get("host", "").lower()
