"""How a provider is asked: JSON over HTTPS, within a time, up to a size, and never sent elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

SECONDS = 5.0
"""For each word of the answer; and for all of it, twice as long."""
LARGEST = 512 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LOOKED_AT = 1 << 16


class Unanswered(Exception):
    """No answer in time, or none that can be read. Says why in a word that names nobody."""


class Declined(Exception):
    """The provider understood, and does not do it."""


class _Stays(HTTPRedirectHandler):
    """Secrets are sent to the address that was told, and to no other one."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER: OpenerDirector = build_opener(_Stays)


def is_safe(url: str) -> bool:
    """Over TLS, or within this machine."""
    try:
        asked = urlsplit(url)
        host = asked.hostname
    except ValueError:
        return False
    return bool(host) and (asked.scheme == "https" or (asked.scheme == "http" and host in LOOPBACK))


def asked_for(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address; with a form, what is answered to it. Raises Unanswered, Declined."""
    if not is_safe(url):
        raise Unanswered("not over TLS")
    content = urlencode(form).encode() if form is not None else None
    request = Request(url, content, {"Accept": "application/json", **(headers or {})})
    end = monotonic() + 2 * SECONDS
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return json.loads(_read(answer, end))
    except HTTPError as refusal:
        with refusal:
            raise (Declined if refusal.code == 400 else Unanswered)(f"status {refusal.code}") from None
    except (OSError, HTTPException, ValueError, RecursionError) as fault:
        raise Unanswered(type(fault).__name__) from None


def _read(answer: Any, end: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(LOOKED_AT):
        size += len(part)
        if size > LARGEST or monotonic() > end:
            raise Unanswered("too long")
        parts.append(part)
    return b"".join(parts)
