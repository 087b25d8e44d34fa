"""Everything that a ledger is opened for: the state of each stream, the lists, the figures, and each case's page.

It asks over HTTP and knows no class of the product: the same lines read with the version that recorded the ledger."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from tests.recorded.canonical import canonical, hash_of, nothing, text, without_nothing

NOW = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
"""When it is read: the same moment on whatever day that is."""
PASSWORD = "tiaojie-demo"
LOGINS = (
    *("cunli", "wangge", "xiangzhen", "xianshi", "lingdao", "shenji"),
    *("fayuan", "shijian", "paichusuo", "xinfang", "zongzhi"),
)
ALL, LEADER = "shenji", "lingdao"
"""Who sees each case; whose board it is."""
RECEIVERS = ("cunli", "fayuan", "shijian", "paichusuo", "xinfang", "zongzhi")
"""Who is shown slices of some cases."""
DIMENSIONS = ("all", "village", "township", "month", "category", "source", "level", "result")
OUTCOMES = ("registered", "open", "resolved", "village", "township")
MOVES = (
    *("referred", "in-time", "rejected", "silent", "returned", "bounced"),
    *("escalated", "sent-back", "by-clock", "supervised"),
)
WINDOW = {"since": "2025-06-01", "until": "2025-12-31"}
WINDOWS: tuple[dict[str, Any], ...] = ({}, WINDOW, {**WINDOW, "cohort": True})
WISHES: tuple[dict[str, Any], ...] = (
    *({"status": one} for one in ("received", "registered", "open", "closed", "archived", "merged")),
    *({"risk": one} for one in ("low", "yellow", "orange", "red")),
    *({"level": one} for one in ("village", "township", "county")),
    *({"moved": one} for one in MOVES),
    *({"imported": one} for one in (True, False)),
    *({"flagged": True}, {"category": "labour"}, {"source": "grid-sweep"}, {"stage": "agreed"}),
)
WORDS = ("院墙", "工资", "菜地")
KINDS = ("jurisdiction.area", "rules.holidays", "rules.pack", "case", "referral", "escalation", "office")
_FIELD = re.compile("[a-z_]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
Told = dict[str, Any]
"""By name, in canonical form: of a page only the hashes of its parts."""
Fold = Callable[[str, Sequence[UUID]], Iterable[tuple[UUID, Sequence[Any]]]]
"""Of these streams of a kind: the state after each entry, folded from what is recorded until then."""


@dataclass
class Opened:
    """A ledger that a version of the product has opened. `http`: as httpx has it."""

    url: str
    http: Any
    fold: Fold
    known: frozenset[str] = frozenset()
    """The names of fields that answers had then: one that came later is not compared. None yet: all are."""
    met: set[str] = field(default_factory=set)
    """Those that they have now, whatever stands in them."""
    tokens: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        for login in LOGINS:
            told = self.http.post("/api/session", json={"login": login, "password": PASSWORD})
            assert told.status_code == 200, (login, told.text)
            self.tokens[login] = told.json()["token"]

    def get(self, login: str, path: str, **query: Any) -> Any:
        return self._answer(self.http.get(path, params=query, headers=self._who(login)))

    def search(self, login: str, **wanted: Any) -> Any:
        return self._answer(self.http.post("/api/cases/search", json=wanted, headers=self._who(login)))

    def _answer(self, told: Any) -> Any:
        if told.status_code != 200:
            return {"refused": told.status_code, "code": told.json().get("code")}
        return in_order(without_nothing(self._known_of(told.json())))

    def _known_of(self, told: Any) -> Any:
        if isinstance(told, list):
            return [self._known_of(one) for one in told]
        if not isinstance(told, dict):
            return told
        fields = {name for name in told if _FIELD.fullmatch(name)}
        self.met |= fields
        new = fields - self.known if self.known else frozenset()
        return {name: self._known_of(one) for name, one in told.items() if name not in new}

    def _who(self, login: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[login]}", "Accept-Language": "en"}


def read(opened: Opened, sections: Iterable[str] = ()) -> dict[str, Told]:
    """By section; left out: all of them. A refusal is told as what it is."""
    opened.sign_in()
    return {name: dict(SECTIONS[name](opened)) for name in sections or SECTIONS}


def hashes(told: Mapping[str, Told]) -> dict[str, dict[str, str]]:
    return {section: {name: hash_of(one) for name, one in sorted(found.items())} for section, found in told.items()}


def in_order(told: Any) -> Any:
    """Moments in UTC, and what was a set in a fixed order: a list of ids or words."""
    match told:
        case dict():
            return {key: in_order(one) for key, one in told.items()}
        case list():
            found = [in_order(one) for one in told]
            return found if any(isinstance(one, dict | list) for one in found) else sorted(found, key=text)
        case str() if _MOMENT.match(told):
            moment = datetime.fromisoformat(told)
            return canonical(moment) if moment.tzinfo else told
    return told


def kind_of(topic: str) -> str:
    """The kind of stream in which an event of that name stands."""
    return next((kind for kind in KINDS if topic.startswith(kind)), "jurisdiction.body")


def streams(url: str) -> list[tuple[str, UUID]]:
    """In the order in which they began."""
    query = "SELECT topic, originator_id FROM stored_events WHERE originator_version = 1 ORDER BY notification_id"
    with psycopg.connect(url) as connection:
        return [(kind_of(topic), id) for topic, id in connection.execute(query)]


def states(opened: Opened) -> Iterator[tuple[str, Any]]:
    for name, found in folded(opened):
        yield name, canonical(found[-1])


def on_the_way(opened: Opened) -> Iterator[tuple[str, Any]]:
    """Only hashes, of the state after each entry: what a later entry takes back is seen as well."""
    for name, found in folded(opened):
        yield name, {str(version): hash_of(canonical(state))[:12] for version, state in enumerate(found, 1)}


def folded(opened: Opened) -> Iterator[tuple[str, Sequence[Any]]]:
    for kind, group in groupby(sorted(streams(opened.url)), key=lambda one: one[0]):
        ids = [id for _, id in group]
        for start in range(0, len(ids), 100):
            for id, found in opened.fold(kind, ids[start : start + 100]):
                yield f"{kind} {id}", found


def registers(opened: Opened) -> Iterator[tuple[str, Any]]:
    waiting = opened.get(ALL, "/api/areas").get("areas", [])
    while waiting:
        area = waiting.pop()
        below = opened.get(ALL, "/api/areas", parent=area["id"]).get("areas", [])
        bodies = opened.get(ALL, f"/api/areas/{area['id']}/bodies").get("bodies", [])
        members = {one["id"]: opened.get(ALL, f"/api/bodies/{one['id']}/members") for one in bodies}
        yield f"area {area['code']}", {"row": area, "below": below, "bodies": bodies, "members": members}
        waiting += below
    rules = opened.get(ALL, "/api/rules")
    calendar = rules.get("calendar", {})
    yield "rules", {"packs": rules.get("packs"), **{name: calendar.get(name) for name in ("years", "amendments")}}


def lists(opened: Opened) -> Iterator[tuple[str, Any]]:
    for login in LOGINS:
        yield f"{login}: cases", cases(opened, login)
        for box in ("in", "out"):
            for open in (True, False):
                wanted: dict[str, Any] = {"box": box, "open": open, "limit": 200}
                for what in ("referrals", "escalations"):
                    yield f"{login}: {what} {box} {open=}", all_of(opened, login, what, f"/api/{what}", wanted)
    for wish in WISHES:
        yield f"{LEADER}: cases {told_as(wish)}", cases(opened, LEADER, **wish)
    for words in WORDS:
        yield f"{LEADER}: cases with {words}", opened.search(LEADER, words=words, limit=200, count=True)
    for name in names(opened):
        yield f"{ALL}: cases of {name}", opened.search(ALL, party=name, limit=200, count=True)


def cases(opened: Opened, login: str, **wanted: Any) -> Any:
    return all_of(opened, login, "cases", "/api/cases", {**wanted, "limit": 200, "count": True})


def all_of(opened: Opened, login: str, what: str, path: str, wanted: dict[str, Any]) -> Any:
    """Every page of a list as one."""
    whole = page = opened.get(login, path, **wanted)
    while after := page.get("after"):
        page = opened.get(login, path, **wanted, after=after)
        whole[what] += page[what]
    return {key: one for key, one in whole.items() if key != "after"}


def told_as(wish: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={one}" for key, one in wish.items()) or "all"


def names(opened: Opened) -> list[str]:
    """The applicant of each twentieth case: found by the keyed hash of the name."""
    found = [one.get("applicants", "") for one in cases(opened, ALL).get("cases", [])]
    return sorted({one for one in found[::20] if one and "、" not in one})[:10]


def figures(opened: Opened) -> Iterator[tuple[str, Any]]:
    for login in (LEADER, "xiangzhen", "xianshi"):
        for window in WINDOWS:
            for by in DIMENSIONS:
                yield f"{login}: by {by} {told_as(window)}", opened.get(login, "/api/figures", by=by, **window)
            for what in ("moving", "flow"):
                told = opened.get(login, f"/api/figures/{what}", **window)
                yield f"{login}: {what} {told_as(window)}", {key: in_any_order(one) for key, one in told.items()}


def in_any_order(told: Any) -> Any:
    """Rows of one number stand in whatever order the database finds them."""
    return sorted(told, key=text) if isinstance(told, list) else told


def drill_downs(opened: Opened) -> Iterator[tuple[str, Any]]:
    """How many cases there are behind each number of the board."""
    for by in DIMENSIONS:
        rows = opened.get(LEADER, "/api/figures", by=by).get("rows", [])
        yield f"by {by}", {row["key"]: behind(opened, by, row) for row in rows if row.get("key")}
    yield "moves", {one: count(opened, moved=one) for one in MOVES}


def behind(opened: Opened, by: str, row: Mapping[str, Any]) -> Any:
    narrowed = narrowing(by, row["key"])
    return {one: count(opened, outcome=one, **narrowed) for one in OUTCOMES if row.get(one)}


def narrowing(by: str, key: str) -> dict[str, Any]:
    match by:
        case "all":
            return {}
        case "village" | "township":
            return {"area": key}
        case "month":
            last = monthrange(int(key[:4]), int(key[5:7]))[1]
            return {"since": f"{key}-01", "until": f"{key}-{last}"}
    return {by: key}


def count(opened: Opened, **wanted: Any) -> Any:
    told = opened.get(LEADER, "/api/cases", **wanted, limit=1, count=True)
    return told.get("count", 0) if "refused" not in told else told


def pages(opened: Opened) -> Iterator[tuple[str, Any]]:
    """Each case as it is, up to its middle entry, and as it was known then; what is offered of it at other desks."""
    for id in [id for kind, id in streams(opened.url) if kind == "case"]:
        path = f"/api/cases/{id}"
        now = opened.get(ALL, path)
        yield f"case {id}", in_parts(now)
        yield from past(opened, path, now, f"case {id}")
        for what in ("referrals", "escalations"):
            for one in opened.get(ALL, f"{path}/{what}").get(what, []):
                yield f"{what} {one['id']}", in_parts(opened.get(ALL, f"{path}/{what}/{one['id']}"))
    for login in RECEIVERS:
        for card in cases(opened, login).get("cases", [])[:40]:
            yield f"case {card['id']} as {login}", in_parts(opened.get(login, f"/api/cases/{card['id']}"))


def past(opened: Opened, path: str, now: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not (lines := now.get("timeline")):
        return
    middle = lines[len(lines) // 2]
    yield f"{name} at its middle", in_parts(opened.get(ALL, path, version=middle["version"]))
    yield f"{name} as of its middle", in_parts(opened.get(ALL, path, as_of=middle["recorded_at"]))
    yield f"{name} by its middle", in_parts(opened.get(ALL, path, effective_at=middle["occurred_at"]))


def in_parts(page: Mapping[str, Any]) -> Any:
    """So that what differs can be named, without keeping all of it."""
    return {part: hash_of(one)[:12] for part, one in page.items() if not nothing(one)}


SECTIONS: dict[str, Callable[[Opened], Iterator[tuple[str, Any]]]] = {
    "states": states,
    "on the way": on_the_way,
    "registers": registers,
    "lists": lists,
    "figures": figures,
    "drill-downs": drill_downs,
    "pages": pages,
}
