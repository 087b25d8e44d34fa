"""Which language a reader reads."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from api import cookies
from api.labels import Language


def of_request(request: Request) -> Language:
    """Of a page: the one that was chosen there, else the county's. Of the API: the first that the client accepts."""
    default: Language = request.app.state.settings.language
    if not request.url.path.startswith("/api/"):
        chosen = cookies.kept(request, cookies.LANGUAGE)
        return "en" if chosen == "en" else "zh" if chosen == "zh" else default
    return of_headers(request.headers, default)


def of_headers(headers: Mapping[str, str], default: Language = "zh") -> Language:
    for wish in headers.get("accept-language", "").split(","):
        tag = wish.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return default
