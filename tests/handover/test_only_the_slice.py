"""Only what was handed over is anywhere to be seen: before and after each end of an offer, on every path there is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from domain.office.officer import officer_id
from domain.shared.identity_numbers import check_digit
from tests.effort import in_turn
from tests.handover.eyes import everything
from tests.referral.offices import DESKS, Case, Handover, as_seen_from, case_at, offer, refresh

SHA = "ab" * 32
NUMBERS = itertools.count(10)


class Marks:
    """A mark for each field of one case, and which of them were made."""

    def __init__(self) -> None:
        self.run = next(NUMBERS)
        self.kept: set[str] = set()
        self.own: dict[str, set[str]] = {"LW": set(), "SQ": set()}
        self.given = f"甲方给名{self.run}"

    def __call__(self, name: str, whose: str = "") -> str:
        mark = f"密{name}{self.run}"
        (self.own[whose] if whose else self.kept).add(mark)
        return mark

    def digits(self, head: str) -> str:
        mark = f"{head}{self.run}"
        self.kept.add(mark)
        return mark

    def phone(self, head: str) -> str:
        mark = f"{head}{self.run:08}"
        self.kept.add(mark)
        return mark

    def identity(self, head: str) -> str:
        mark = f"{head}{self.run % 1000:03}"
        mark += check_digit(mark)
        self.kept.add(mark)
        return mark

    def not_for(self, code: str) -> set[str]:
        return self.kept | self.own["LW" if code == "SQ" else "SQ"]


@dataclass
class Handed:
    case: Case
    moving: Handover
    mark: Marks


@pytest.fixture
def handed(county) -> Handed:
    """An organ has mediated; it offers to two committees, and gives one name and one proof."""
    mark = Marks()
    case = case_at(
        county, "JY", facts=mark("事实") if mark.run % 2 else f"事实{mark.run}", parties=[], foreign_number=mark("外号")
    )
    sides = {"applicant": mark.given, "respondent": mark("乙名")}
    for side, name in sides.items():
        secret = {"phone": mark.phone(f"13{len(side) - 6}"), "address": mark(f"{side}住址")}
        number = mark.identity(f"11010{len(side) - 6}19900307")
        case.act("add-party", side=side, name=name, identity_number=number, **secret)
    first, second = case.parties
    me = str(officer_id(DESKS["JY"]))
    case.act("represent-party", party=second, name=mark("代理"), phone=mark.phone("139"), capacity="entrusted")
    case.act("classify-case", category="neighbours", subcategory=mark("小类"))
    case.act("rate-difficulty", difficulty="simple", reason=mark("难度"))
    case.act("rate-risk", risk="yellow", possible_crime=False, reason=mark("风险"))
    case.act("state-amount", amount=int(mark.digits("76543")), people=2)
    case.act("note-proceedings", organ="other", organ_name=mark("机关"), reference=mark("案号"))
    case.act("end-proceedings", matter=1, settled=False, result=mark("结果"))
    case.act("write-note", note=mark("备注"))
    case.act("accept-case", note=mark("受理"))
    for party in (first, second):
        case.act("give-consent", party=party, subject={"about": "mediation", "channel": "administrative"})
    case.act("propose-mediator", mediation=1, mediator=me)
    case.act("accept-mediator", mediation=1, mediator=me, parties=[first, second])
    case.act("tell-rights", parties=[first, second])
    case.act("start-mediation", mediation=1)
    case.act("join-participant", mediation=1, name=mark("参与"), role="relative", consented=[first, second])
    case.act("schedule-session", mediation=1, at="2026-12-01T10:00:00+08:00", where=mark("地点"))
    case.act("hold-session", mediation=1, attended=[first, second], participants=[], record=mark("庭录"))
    proof = case.act("file-evidence", party=first, kind="document", description="已交证据", sha256=SHA)
    case.act("file-evidence", party=second, kind="document", description=mark("证"), sha256="cd" * 32)
    content = {"parties": [first], "contacts": [], "facts": mark.run % 2 == 0, "amount": False, "entries": [proof]}
    return Handed(case, offer(case, "transfer", "LW", "SQ", content=content), mark)


def signed(county: Any, handed: Handed) -> None:
    for code in ("LW", "SQ"):
        handed.moving.act(code, "acknowledge-referral")
    handed.moving.act("SQ", "ask-back", question=handed.mark("问", "SQ"))
    handed.moving.act("JY", "answer-question", answer=handed.mark("答", "SQ"))


def refused(county: Any, handed: Handed) -> None:
    handed.moving.act("SQ", "reject-referral", because="other", reason=handed.mark("拒", "SQ"))


def both_refused(county: Any, handed: Handed) -> None:
    refused(county, handed)
    handed.moving.act("LW", "reject-referral", because="other", reason=handed.mark("辞", "LW"))


def taken(county: Any, handed: Handed) -> None:
    signed(county, handed)
    handed.moving.act("LW", "accept-referral", note=handed.mark("接", "LW"))


def given_back(county: Any, handed: Handed) -> None:
    taken(county, handed)
    told = handed.mark("反馈", "LW")
    mine = as_seen_from(handed.case, "LW")
    mine.act("end-mediation", mediation=2, because="failed", remedies_told=True, account=told)


def withdrawn(county: Any, handed: Handed) -> None:
    handed.moving.act("JY", "withdraw-referral", reason="撤回，告知各方")


def lapsed(county: Any, handed: Handed) -> None:
    county.clock.forward(days=20)
    county.parts.projector.catch_up()
    county.parts.system.deciding.timers.fire(county.clock())


READING = {"LW": (None, signed, refused, taken, given_back), "SQ": (None, signed)}
ENDS = [None, signed, refused, both_refused, taken, given_back, withdrawn, lapsed]


@pytest.mark.parametrize("until", in_turn(ENDS, of=4), ids=lambda step: step.__name__ if step else "offered")
def test_nobody_sees_more_than_was_handed_over_wherever_they_look(county, handed, until):
    if until:
        until(county, handed)
    refresh(handed.case)
    county.parts.projector.catch_up()
    before = county.events()
    words = sorted(handed.mark.kept)[:3]
    for code in ("LW", "SQ"):
        seen = dict(everything(county, DESKS[code], handed.case.id, handed.moving.id, words))
        kept = handed.mark.not_for(code)
        leaks = {address: found for address, text in seen.items() if (found := [one for one in kept if one in text])}
        assert not leaks, (code, leaks)
        assert len(seen) > 60, "it is no empty sweep"
        reads = any(handed.mark.given in text for text in seen.values())
        assert reads == (until in READING.get(code, ())), "who may read it does"
    assert county.events() == before


@pytest.mark.parametrize("until", [None, signed, taken], ids=lambda step: step.__name__ if step else "offered")
def test_nobody_finds_a_case_by_what_was_withheld(county, handed, until):
    """Not by a word, a name, a number, a part of them or the initials; by the case's own number, which is told."""
    if until:
        until(county, handed)
    county.parts.projector.catch_up()
    code = county.as_(DESKS["JY"]).get(f"/api/cases/{handed.case.id}").json()["state"]["code"]
    for desk in (county.as_(DESKS[one]) for one in ("LW", "SQ")):
        for mark in handed.mark.kept:
            for asked in ({"words": mark}, {"party": mark}, {"party": mark[:2]}, {"party": "my"}):
                assert handed.case.id not in found(desk, **asked), asked
        listed = [one["id"] for one in desk.get("/api/cases", limit=200).json()["cases"]]
        assert found(desk, words=code) == [one for one in listed if one == handed.case.id], "by its number, if at all"
    assert handed.case.id in found(county.as_(DESKS["JY"]), party=handed.mark.given)


def found(desk: Any, **asked: str) -> list[str]:
    told = desk.post("/api/cases/search", **asked)
    return [one["id"] for one in told.json()["cases"]] if told.status_code == 200 else []


def test_what_it_came_back_with_is_told_to_the_sender_and_to_who_took_it_only(county, handed):
    given_back(county, handed)
    county.parts.projector.catch_up()

    for code, told in {"JY": "failed", "LW": "failed", "SQ": None}.items():
        box = "out" if code == "JY" else "in"
        cards = county.as_(DESKS[code]).get("/api/referrals", box=box, open=False).json()["referrals"]
        card = next(one for one in cards if one["id"] == handed.moving.id)
        assert (card["outcome"], handed.moving.seen_by(code)["state"]["outcome"]) == (told, told)


@pytest.mark.parametrize("until", in_turn(ENDS, of=4), ids=lambda step: step.__name__ if step else "offered")
def test_a_third_body_finds_nothing_at_all(county, handed, until):
    if until:
        until(county, handed)
    county.parts.projector.catch_up()
    words = [handed.mark.given, *sorted(handed.mark.kept)[:2]]
    seen = dict(everything(county, "ping.tou", handed.case.id, handed.moving.id, words))
    marks = {*handed.mark.kept, *handed.mark.own["LW"], *handed.mark.own["SQ"], handed.mark.given}
    assert not {at: found for at, text in seen.items() if (found := [one for one in marks if one in text])}
    for address, text in seen.items():
        asked_for = handed.case.id in address
        assert asked_for or handed.case.id not in text, f"{address} tells that there is such a case"
    for address in (f"/api/cases/{handed.case.id}", f"/api/cases/{handed.case.id}/referrals/{handed.moving.id}"):
        assert county.as_("ping.tou").get(address).status_code == 404
