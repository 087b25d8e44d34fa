"""The rules of a history read once more, by a clerk with paper and pencil: apart from how the import reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from application.legacy.row_content import LegacyCase
from tests.legacy.county import DESKS, NOW

RANK = {"village": 1, "township": 2, "county": 3, "city": 4, "province": 5, "grid": 0}
OF_LEVEL = {"village": "LW", "township": "HK", "county": "QX"}
OF_CHANNEL = {"people": ["LW", "HK", "QX"], "administrative": ["ZJ"], "litigation": ["FY"]}
AGREEMENTS = {"agreement-written", "agreement-oral", "agreement-partial"}
ELSEWHERE = {
    *("withdrawn", "self-settled", "refused", "out-of-contact", "to-administrative", "to-arbitration", "to-court"),
    *("public-order", "criminal"),
}
MAY_REFER = {("LW", "ZJ"), ("HK", "ZJ"), ("QX", "ZJ"), ("ZJ", "LW"), ("ZJ", "HK"), ("ZJ", "QX"), 
             ("XF", "LW"), ("XF", "HK"), ("XF", "QX"), ("XF", "ZJ"), ("FY", "LW"), ("FY", "HK"), ("FY", "QX"),
             ("FY", "ZJ")}  # fmt: skip
"""A court refers out of court, committees to organs, organs to the people, the petition office out of court."""


@dataclass
class Talk:
    body: str
    people: bool
    allowed: set[str]
    referred: bool = False
    sat: bool = False
    consented: bool = False
    over: str = ""
    """How it came out; empty: it goes on."""


@dataclass
class Clerk:
    """Only what the rules ask for."""

    told: LegacyCase
    found: set[tuple[int | None, str]] = field(default_factory=set)
    holder: str = "LW"
    rank: int = 1
    talks: list[Talk] = field(default_factory=list)
    organs: list[list[Any]] = field(default_factory=list)
    """Organ, over, settled."""
    went_up: list[str] = field(default_factory=list)
    handed: list[tuple[str, Talk | None, str, bool]] = field(default_factory=list)
    """Sender, mediation, receiver, whether the matter moved."""
    settled: bool = False
    done: bool = False

    @property
    def going_on(self) -> Talk | None:
        return next((one for one in self.talks if not one.over), None)

    @property
    def both(self) -> bool:
        return {one.side.value for one in self.told.parties} >= {"applicant", "respondent"}

    def taken(self, allowed: set[str]) -> bool:
        return any(organ not in allowed and (settled or not over) for organ, over, settled in self.organs)

    def read(self) -> set[tuple[int | None, str]]:
        lines = sorted(enumerate(self.told.steps, 1), key=lambda one: day_of(one[1].at))
        first = next((one for one in lines if one[1].step.value == "registered"), None)
        registered = day_of((first or lines[0])[1].at)
        if first is None:
            self.found.add((None, "not-registered"))
        elif first[1].at > NOW:
            self.found.add((first[0], "in-the-future"))
        for number, line in lines:
            if first and number == first[0]:
                continue
            self.line(number, line, registered)
        return self.found

    def line(self, number: int, line: Any, registered: date) -> None:
        if line.at > NOW:
            self.found.add((number, "in-the-future"))
        if day_of(line.at) < registered:
            self.found.add((number, "before-registration"))
        kind = line.step.value
        if kind == "registered":
            self.found.add((number, "registered-twice"))
            return
        if self.done:
            self.found.add((number, "after-closing"))
            if kind != "performed":
                return
        for rule in getattr(self, kind.replace("-", "_"))(line) or ():
            self.found.add((number, rule))

    def accepted(self, line: Any) -> Any:
        talk = self.going_on
        unknown = {"no-such-body"} if line.body and line.body not in DESKS else set()
        if talk and talk.referred and not talk.sat and line.body in ("", *unknown_as(line), talk.body):
            return unknown
        if talk:
            return unknown | {"mediation-goes-on"}
        body = line.body if line.body in DESKS else self.holder
        wrong = {"two-holders"} if body != self.holder else set()
        channel = line.channel or DESKS[body].channel or "people"
        allowed = {
            "own": set(),
            "delegated": {"court"},
            "entrusted": {"court"},
            "transferred": {"police", "arbitration", "administrative", "petition", "other"},
        }[line.mandate.value]
        filed = line.mandate.value == "delegated" and any(o == "court" and not over for o, over, _ in self.organs)
        return unknown | wrong | self.opened(body, channel == "people", allowed, filed=filed)

    def opened(self, body: str, people: bool, allowed: set[str], *, filed: bool = False) -> set[str]:
        wrong = set() if self.both else {"both-sides-needed"}
        if self.settled:
            wrong.add("already-resolved")
        if people and (self.taken(allowed) or filed):
            wrong.add("taken-by-another-organ")
        self.talks.append(Talk(body, people, allowed))
        self.settled = False
        return wrong

    def stranger(self, line: Any, talk: Talk) -> set[str]:
        if line.body and line.body not in DESKS:
            return {"no-such-body"}
        return {"two-holders"} if line.body and line.body not in (talk.body, self.holder) else set()

    def consented(self, line: Any) -> Any:
        if not self.going_on:
            return {"no-mediation"}
        if not self.told.parties:
            return {"both-sides-needed"}
        self.going_on.consented = True
        return set()

    def session(self, line: Any) -> Any:
        if not (talk := self.going_on):
            return {"no-mediation"}
        talk.sat = True
        return self.stranger(line, talk)

    def agreed(self, line: Any) -> Any:
        if not (talk := self.going_on):
            return {"no-mediation"}
        wrong = self.stranger(line, talk)
        if not talk.sat and not talk.consented:
            wrong.add("without-session-or-consent")
        closing = next((one.result.value for one in self.told.steps if one.result), "")
        form = line.form.value if line.form else "oral" if closing == "agreement-oral" else "written"
        partly = line.extent.value == "partial" if line.extent else closing == "agreement-partial"
        talk.over = "agreement-partial" if partly else f"agreement-{form}"
        self.settled = self.settled or not partly
        return wrong

    def failed(self, line: Any) -> Any:
        return self.ended(line, "failed")

    def withdrawn(self, line: Any) -> Any:
        if not self.going_on and not self.talks:
            return set()
        return self.ended(line, "withdrawn")

    def ended(self, line: Any, how: str) -> Any:
        if not (talk := self.going_on):
            return {"no-mediation"}
        wrong = self.stranger(line, talk)
        talk.over = how
        later = sorted(self.told.steps, key=lambda one: day_of(one.at))
        after = later[[id(one) for one in later].index(id(line)) + 1 :]
        if talk.referred and self.handed and not any(one.step.value == "returned" for one in after):
            self.come_back(how)
        return wrong

    def performed(self, line: Any) -> Any:
        return set() if any(one.over in AGREEMENTS for one in self.talks) else {"not-agreed"}

    def organ_took_it(self, line: Any) -> Any:
        beside = self.beside()
        self.organs.append([line.organ.value, False, line.settled])
        return {"taken-by-another-organ"} if self.beside() != beside else set()

    def beside(self) -> set[str]:
        talk = self.going_on
        if not talk or talk.referred or not talk.people:
            return set()
        return {organ for organ, over, settled in self.organs if settled or not over}

    def organ_ended(self, line: Any) -> Any:
        mine = [one for one in self.organs if one[0] == line.organ.value and not one[1]]
        if not mine:
            return {"no-such-matter"}
        mine[-1][1:] = [True, line.settled]
        return set()

    def escalated(self, line: Any) -> Any:
        level = line.level.value if line.level else ""
        above = (line.body if line.body in DESKS else "") if line.body else OF_LEVEL.get(level, "")
        if not above:
            return {"no-such-body"}
        if RANK[DESKS[above].level.value] <= self.rank:
            return {"not-above"}
        self.went_up.append(self.holder)
        self.pass_on()
        self.moves_to(above)
        return set() if line.ground else {"no-ground"}

    def moves_to(self, body: str) -> None:
        self.holder, self.rank = body, RANK[DESKS[body].level.value]

    def pass_on(self) -> None:
        if self.going_on:
            self.going_on.over = "elsewhere"

    def returned_down(self, line: Any) -> Any:
        if not self.went_up:
            return {"not-escalated"}
        below = self.went_up.pop()
        self.pass_on()
        self.moves_to(line.body if line.body in DESKS else below)
        return set()

    def referred(self, line: Any) -> Any:
        channel = line.channel.value if line.channel else ""
        near = next((one for one in OF_CHANNEL.get(channel, []) if one != self.holder), "")
        to = (line.body if line.body in DESKS else "") if line.body else near
        if not to:
            return {"no-such-body"}
        if self.handed:
            return {"two-holders"}
        if to == self.holder:
            return {"not-competent"}
        if not self.told.parties:
            return {"both-sides-needed"}
        return self.hand_over(line, to)

    def hand_over(self, line: Any, to: str) -> set[str]:
        sender = self.holder
        kind = line.kind.value if line.kind and line.kind.value in ("delegate", "entrust", "transfer") else ""
        kind = kind or ("delegate" if sender == "FY" else "transfer")
        may = (sender, to) in MAY_REFER and (sender == "FY") == (kind != "transfer")
        wrong = set() if may else {"not-competent"}
        self.pass_on()
        moves = kind == "transfer"
        if moves:
            self.moves_to(to)
        talk = None
        if DESKS[to].channel:
            sent = {"FY": {"court"}, "ZJ": {"administrative"}, "QX": {"administrative"}, "XF": {"petition"}}
            filed = kind == "delegate" and any(o == "court" and not over for o, over, _ in self.organs)
            people = DESKS[to].channel == "people"
            wrong |= self.opened(to, people, sent.get(sender, set()), filed=filed)
            talk = self.talks[-1]
            talk.referred = True
        self.handed.append((sender, talk, to, moves))
        return wrong

    def returned(self, line: Any) -> Any:
        if not self.handed:
            return {"not-referred"}
        _, talk, _, _ = self.handed[-1]
        wrong: set[str] = set()
        said = line.outcome.value if line.outcome else ""
        came = OUTCOMES.get(talk.over, "withdrawn") if talk and talk.over else ""
        if talk and not talk.over:
            wrong.add("not-concluded")
            self.pass_on()
        elif came and said and came != said:
            wrong.add("outcome-does-not-fit")
        self.come_back(said or came or "withdrawn")
        return wrong

    def come_back(self, outcome: str) -> None:
        sender, _, to, _ = self.handed.pop()
        if outcome not in ("agreement", "self-settled", "partial-agreement") and self.holder == to != sender:
            self.moves_to(sender)

    def closed_with(self, result: str) -> bool:
        if self.going_on:
            return result not in AGREEMENTS
        if result == "declined":
            return not self.talks
        if not self.talks:
            return result in ELSEWHERE
        last = self.talks[-1].over
        return result in {*ELSEWHERE, "failed"} if last == "elsewhere" else result == last

    def closed(self, line: Any) -> Any:
        if line.result is None:
            return {"no-result"}
        wrong = set()
        if self.going_on:
            wrong.add("still-mediated")
        if self.handed:
            wrong.add("still-on-its-way")
        if not self.closed_with(line.result.value):
            wrong.add("result-does-not-fit")
        self.done = True
        return wrong


OUTCOMES = {
    "agreement-written": "agreement",
    "agreement-oral": "agreement",
    "agreement-partial": "partial-agreement",
    "failed": "failed",
    "withdrawn": "withdrawn",
}


def unknown_as(line: Any) -> tuple[str, ...]:
    """A body that nobody knows names nobody else either."""
    return (line.body,) if line.body not in DESKS else ()


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()
