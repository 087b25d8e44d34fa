"""The session of a request: looked up once, at the door, and asked for by whatever comes after."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection

from api import cookies
from application.office import SessionFacts
from application.ports import Asked

AT_THE_DOOR = "tiaojie.session"


def sent_token(request: HTTPConnection) -> tuple[str, bool]:
    """The token, if any, and whether a browser sent it by itself: then anybody's page may have asked it to."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return sent, False
    return cookies.kept(request, cookies.SESSION), True


def session_of(request: HTTPConnection) -> SessionFacts | None:
    """That lives."""
    found = known_session(request)
    return found if found and found.is_live else None


def known_session(request: HTTPConnection) -> SessionFacts | None:
    """Also one that has ended lately."""
    found: SessionFacts | None = request.scope.get(AT_THE_DOOR)
    return found


def by_token(asked: Asked, session: SessionFacts | None) -> Asked:
    """What another system records by a service token says so for good."""
    if session is None or not session.token:
        return asked
    return replace(asked, acting=replace(asked.acting, token=session.token))


def source_of(request: HTTPConnection) -> str:
    """Where somebody tries a password from: an address, or the network of one that has millions (IPv6). A server that
    listens to both families is told of an IPv4 address as one of IPv6: all of these would else be one network."""
    told = request.client.host if request.client else ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return told
