"""What a client would rather have, as HTTP lets it say: names with a weight, where a weight of nothing refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping

WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
PAGE = "text/html"
DOCUMENTS = ("application/problem+json", "application/json")
ANY = "*/*"


def weighed(header: str) -> dict[str, float]:
    """Each name of the list with its weight, in the order of the list; a weight that is none counts as nothing said."""
    told: dict[str, float] = {}
    for one in header.lower().split(","):
        name, *marks = (part.strip() for part in one.split(";"))
        weights = [mark.partition("=")[2].strip() for mark in marks if mark.partition("=")[0].strip() == "q"]
        if name and name not in told:
            told[name] = float(weights[-1]) if weights and WEIGHT.fullmatch(weights[-1]) else 1.0
    return told


def weight_of(media: str, wishes: Mapping[str, float]) -> float | None:
    """By the range that names it most exactly; None: no range does."""
    kind = media.partition("/")[0]
    return next((wishes[one] for one in (media, f"{kind}/*", ANY) if one in wishes), None)


def wants_page(accept: str) -> bool:
    """Whoever names pages, and would not rather have a document. A program that takes anything gets documents."""
    wishes = weighed(accept)
    named = {name: weight for name, weight in wishes.items() if name != ANY}
    page = weight_of(PAGE, named) or 0.0
    return page > 0 and page >= max(weight_of(one, wishes) or 0.0 for one in DOCUMENTS)


def refuses(accept: str, media: str) -> bool:
    """Whether the client says in so many words that it does not take it. What it does not name, it is given all the
    same: HTTP leaves that to the server, and an answer says more than a refusal."""
    return weight_of(media, weighed(accept)) == 0.0
