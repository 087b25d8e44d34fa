"""Which language a reader reads."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from api import cookies
from api.labels import Language
from api.negotiation import weighed


def of_request(request: Request) -> Language:
    """Of a page: the one that was chosen there, else the county's. Of the API: the first that the client accepts."""
    default: Language = request.app.state.settings.language
    if not request.url.path.startswith("/api/"):
        chosen = cookies.kept(request, cookies.LANGUAGE)
        return "en" if chosen == "en" else "zh" if chosen == "zh" else default
    return of_headers(request.headers, default)


def of_headers(headers: Mapping[str, str], default: Language = "zh") -> Language:
    """The one that is wished for most; of two that are wished for alike, the one that is named first."""
    wishes = weighed(headers.get("accept-language", ""))
    for tag, weight in sorted(wishes.items(), key=lambda one: -one[1]):
        known: Language | None = "zh" if tag.startswith("zh") else "en" if tag.startswith("en") else None
        if weight and (known or tag == "*"):
            return known or default
    return default
