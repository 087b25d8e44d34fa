"""Everything that one officer can lay eyes on: each address of the API, each linked page, each refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

from domain.proof.receipt import ProofReceipt
from tests.api.conftest import County

PAGES = ("/", "/cases", "/referrals", "/levels", "/bridge", "/dashboard", "/rules", "/new")
LISTS = ("/api/cases", "/api/referrals", "/api/escalations", "/api/figures", "/api/figures/moving", "/api/figures/flow")
ENTRIES = 45
"""More than the case has."""
MOST = 150
"""Pages of one crawl."""
_LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)')
_OUT = re.compile(r"^/(logout|language|static)")


def everything(county: County, login: str, case: str, referral: str, words: list[str]) -> Iterator[tuple[str, str]]:
    """Addresses with what they answer, header and all. `words`: what is looked for by search."""
    county.as_(login)
    headers = {"Authorization": f"Bearer {county.tokens[login]}"}
    yield from _api(county, headers, case, referral, words)
    yield from _receipts(county, headers, case)
    yield from _crawled(county, login, case, referral)


def _api(county: County, headers: Any, case: str, referral: str, words: list[str]) -> Iterator[tuple[str, str]]:
    for path, verbs in county.http.get("/api/openapi.json", headers=headers).json()["paths"].items():
        own = "/referrals/{id}" in path or "/escalations/{id}" in path
        address = path.replace("{case}", case).replace("{id}", referral if own else case)
        if "get" in verbs:
            told = county.http.get(address, headers=headers)
            yield f"GET {address}", f"{told.headers} {told.text}"
        if "post" in verbs and ("{case}" in path or "{id}" in path):
            told = county.http.post(address, json={"nonsense": "x"}, headers={**headers, "If-Match": '"1"'})
            yield f"POST {address}", f"{told.headers} {told.text}"
    for query in ({"version": 1}, {"version": 5}, {"as_of": county.clock().isoformat()}):
        told = county.http.get(f"/api/cases/{case}", params=query, headers=headers)
        yield f"GET {case} of a moment {query}", told.text
    for word in words:
        for asked in ("words", "party"):
            told = county.http.post("/api/cases/search", json={asked: word}, headers=headers)
            yield f"search {asked} {word}", told.text.replace(word, "")


def _receipts(county: County, headers: Any, case: str) -> Iterator[tuple[str, str]]:
    """Of every entry that gives one: the bytes as they are stored."""
    county.parts.proof.seal()
    for version in range(1, ENTRIES):
        address = f"/api/cases/{case}/entries/{version}/receipt"
        told = county.http.get(address, headers=headers)
        leaf = ProofReceipt.read(told.text).leaf.decode() if told.status_code == 200 else ""
        yield f"GET {address}", f"{told.text} {leaf}"


def _crawled(county: County, login: str, case: str, referral: str) -> Iterator[tuple[str, str]]:
    """As a browser: signed in by cookie, on every link that shows, and on those that one could guess."""
    client = county.http
    client.cookies.clear()
    county.parts.projector.catch_up()
    assert client.post("/login", data={"login": login, "password": PASSWORD}, follow_redirects=False).status_code == 303
    guessed = [f"/cases/{case}", f"/cases/{case}/refer", f"/cases/{case}/referrals/{referral}"]
    guessed += [
        f"/cases/{case}/do/{name}" for name in ("accept-case", "hold-session", "file-evidence", "end-mediation")
    ]
    guessed += [f"/cases/{case}/print/{paper}" for paper in ("record", "agreement", "application", "cover", "receipt")]
    waiting, seen = [*PAGES, *guessed], set()
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen or _OUT.match(address):
            continue
        seen.add(address)
        told = client.get(address)
        yield f"page {address}", f"{told.url} {told.headers} {unescape(told.text)}"
        waiting += [urljoin(address, unescape(found)) for found in _LINK.findall(told.text)]
    client.cookies.clear()


PASSWORD = "correct horse battery"
