"""The rules of a history read once more, by a clerk with paper and pencil: apart from how the import reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from application.legacy.row_content import LegacyCase
from domain.case.kinds import Extent
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
class Page:
    """A day that was set: by which line, for what, whether it is said to have been kept; and what became of it."""

    number: int
    of: Any
    last: date
    kept: bool | None
    done: bool = False
    missed: bool = False


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
    """Who had it below, of each time that it was taken up and has not come down from."""
    on_the_way: list[str] = field(default_factory=list)
    """Whom it has not reached that came down to a level in between."""
    watched: list[list[Any]] = field(default_factory=list)
    """Supervisions that go on: the body above, its page of the diary, whether it was reported to."""
    diary: list[Page] = field(default_factory=list)
    """Days that were set."""
    handed: list[tuple[str, Talk | None, str, bool]] = field(default_factory=list)
    """Sender, mediation, receiver, whether the matter moved."""
    settled: bool = False
    done: bool = False
    now: int = 0
    """The line that is read."""
    holding: int = 0
    """Whose turn it is to hold it: the how manieth."""

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
        else:
            self.set_day(*first, self.holding)
            if first[1].at > NOW:
                self.found.add((first[0], "in-the-future"))
        for number, line in lines:
            if first and number == first[0]:
                continue
            self.leaf(line.at)
            self.line(number, line, registered)
        self.leaf(NOW)
        for page in self.diary:
            if page.kept is not None and page.kept == page.missed:
                self.found.add((page.number, "kept-does-not-fit"))
        return self.found

    def leaf(self, until: datetime) -> None:
        """A day that is over and was not met was missed."""
        for page in self.diary:
            if not page.done and not page.missed and self.waits(page) and page.last < day_of(min(until, NOW)):
                page.missed = True

    def waits(self, page: Page) -> bool:
        if isinstance(page.of, Talk):
            return not page.of.over and not self.done
        if isinstance(page.of, list):
            return page.of in self.watched and not page.of[2]
        return page.of == self.holding and not self.settled and not self.done

    def set_day(self, number: int, line: Any, of: Any) -> None:
        """`of`: a mediation, a supervision, or the turn of a holder; None: nothing waits for it."""
        if line.due is None:
            return
        if line.due < day_of(line.at):
            self.found.add((number, "day-is-over"))
        elif of is not None and self.waits(page := Page(number, of, line.due, line.kept)):
            self.diary.append(page)

    def line(self, number: int, line: Any, registered: date) -> None:
        if line.at > NOW:
            self.found.add((number, "in-the-future"))
        if day_of(line.at) < registered:
            self.found.add((number, "before-registration"))
        kind = line.step.value
        if kind == "registered":
            self.found.add((number, "registered-twice"))
            self.set_day(number, line, None)
            return
        if self.done and kind not in ("reopened", "noted", "urged", "reported", "supervision-ended"):
            self.found.add((number, "after-closing"))
            if kind != "performed":
                self.set_day(number, line, None)
                return
        self.now = id(line)
        before = self.holding, len(self.talks), len(self.watched)
        for rule in getattr(self, kind.replace("-", "_"))(line) or ():
            self.found.add((number, rule))
        self.set_day(number, line, self.begun_since(before))

    def begun_since(self, before: tuple[int, int, int]) -> Any:
        holding, talks, watched = before
        if len(self.talks) > talks:
            return self.talks[-1]
        if len(self.watched) > watched:
            return self.watched[-1]
        return self.holding if self.holding != holding else None

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

    @property
    def bare(self) -> bool:
        """Nothing of the way there is written down, only how it came out."""
        told = {one.step.value for one in self.told.steps}
        return not told & {"accepted", "consented", "session", "referred"}

    def mediated(self, line: Any) -> set[str]:
        """What came of it says that it was mediated, where nothing else could say it."""
        if self.going_on or self.talks or not self.bare:
            return set()
        body = line.body if line.body in DESKS else self.holder
        channel = line.channel.value if line.channel else DESKS[body].channel or "people"
        return self.opened(body, channel == "people", set())

    def agreed(self, line: Any) -> Any:
        begins = self.mediated(line)
        if not (talk := self.going_on):
            return {"no-mediation"}
        wrong = begins | self.stranger(line, talk)
        if not talk.sat and not talk.consented and not self.bare:
            wrong.add("without-session-or-consent")
        later = sorted(self.told.steps, key=lambda one: day_of(one.at))
        behind = later[[id(one) for one in later].index(self.now) + 1 :]
        closing = next((one.result.value for one in (*behind, *self.told.steps) if one.result), "")
        form = line.form.value if line.form else "oral" if closing == "agreement-oral" else "written"
        partly = line.extent.value == "partial" if line.extent else closing == "agreement-partial"
        talk.over = "agreement-partial" if partly else f"agreement-{form}"
        self.settled = self.settled or not partly
        return wrong

    def failed(self, line: Any) -> Any:
        return self.mediated(line) | set(self.ended(line, "failed"))

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

    def upper(self, line: Any) -> tuple[str, set[str]]:
        """The body above that is meant; or nobody, and what is wrong."""
        level = line.level.value if line.level else ""
        above = (line.body if line.body in DESKS else "") if line.body else OF_LEVEL.get(level, "")
        if not above:
            return "", {"no-such-body"}
        if RANK[DESKS[above].level.value] <= self.rank:
            return "", {"not-above"}
        idle = set() if above in ("LW", "HK", "QX") else {"takes-nothing-up"}
        return above, idle if line.ground else idle | {"no-ground"}

    def escalated(self, line: Any) -> Any:
        above, wrong = self.upper(line)
        if above:
            self.went_up.append(self.holder)
            self.pass_on()
            self.moves_to(above)
        return wrong

    called_up = escalated

    def supervised(self, line: Any) -> Any:
        above, wrong = self.upper(line)
        if above:
            self.watched.append([above, object(), False])
        return wrong

    def watching(self, line: Any) -> list[Any] | None:
        mine = [one for one in self.watched if line.body not in DESKS or one[0] == line.body]
        return mine[-1] if mine else None

    def urged(self, line: Any) -> Any:
        return self.watch(line, lambda one: one.__setitem__(2, False))

    def reported(self, line: Any) -> Any:
        return self.watch(line, lambda one: one.__setitem__(2, True))

    def supervision_ended(self, line: Any) -> Any:
        return self.watch(line, self.watched.remove)

    def watch(self, line: Any, does: Any) -> set[str]:
        one = self.watching(line)
        if one is None:
            return {"not-supervised"}
        does(one)
        return set()

    def reopened(self, line: Any) -> Any:
        if not self.done:
            return {"not-closed"}
        self.done = self.settled = False
        return set()

    def noted(self, line: Any) -> Any:
        return set()

    def moves_to(self, body: str) -> None:
        self.holder, self.rank = body, RANK[DESKS[body].level.value]
        self.holding += 1

    def pass_on(self) -> None:
        if self.going_on:
            self.going_on.over = "elsewhere"

    def rank_of(self, body: str) -> int:
        return RANK[DESKS[body].level.value]

    def comes_down(self, to: str, gone_past: list[str]) -> None:
        """Whom it has not reached, of those that had it below, still waits."""
        self.on_the_way += [one for one in gone_past if self.rank_of(one) < self.rank_of(to)]
        self.pass_on()
        self.moves_to(to)

    def assigned_down(self, line: Any) -> Any:
        level = line.level.value if line.level else ""
        to = (line.body if line.body in DESKS else "") if line.body else OF_LEVEL.get(level, "")
        if not to:
            return {"no-such-body"}
        if self.rank_of(to) >= self.rank:
            return {"not-below"}
        idle = to not in ("LW", "HK", "QX") or self.holder not in ("LW", "HK", "QX")
        up, self.went_up = self.went_up, []
        self.comes_down(to, up)
        return {"takes-nothing-up"} if idle else set()

    def returned_down(self, line: Any) -> Any:
        below = self.went_up[-1] if self.went_up else ""
        while not below and self.on_the_way:
            last = self.on_the_way.pop()
            below = last if self.rank_of(last) < self.rank else ""
        if not below:
            return {"not-escalated"}
        unknown = {"no-such-body"} if line.body and line.body not in DESKS else set()
        told = OF_LEVEL.get(line.level.value, "") if line.level else ""
        to = line.body if line.body in DESKS else told or below
        if self.rank_of(to) >= self.rank:
            return unknown | {"not-below"}
        past = [self.went_up.pop()] if self.went_up else []
        past += [one for one in self.went_up if self.rank_of(one) >= self.rank_of(to)]
        self.went_up = [one for one in self.went_up if self.rank_of(one) < self.rank_of(to)]
        self.comes_down(to, past)
        return unknown

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
        if talk and not talk.over and said:
            wrong |= self.ends_as(talk, said, line)
        came = OUTCOMES.get(talk.over, "withdrawn") if talk and talk.over else ""
        if talk and not talk.over:
            wrong.add("not-concluded")
            self.pass_on()
        elif came and said and came != said:
            wrong.add("outcome-does-not-fit")
        self.come_back(said or came or "withdrawn")
        return wrong

    def ends_as(self, talk: Talk, said: str, line: Any) -> set[str]:
        """What comes back with the matter is how its mediation ended."""
        if said in ("agreement", "partial-agreement"):
            return set(self.agreed(line.but(body="", extent=line.extent or EXTENTS[said])))
        talk.over = said
        return set()

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
        talk = self.talks[-1]
        last = talk.over
        home = talk.referred and talk not in [one[1] for one in self.handed]
        if home and last not in (*AGREEMENTS, "elsewhere", "self-settled"):
            return result in {*ELSEWHERE, last}
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


EXTENTS = {"agreement": Extent.ALL_CLAIMS, "partial-agreement": Extent.PARTIAL}
OUTCOMES = {
    **{one: one for one in ("self-settled", "refused", "out-of-contact")},
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
