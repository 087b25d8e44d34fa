"""The tests' own reading of a record, by the law: it finds fault with every step that was not lawful.

Written without the code's guards and without its fold, on purpose: what is said twice is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ACTIVE = frozenset({"opened", "consented", "under-way", "paused", "agreed"})
WITHOUT_AGREEMENT = ACTIVE - {"agreed"}
OF_THE_COURT = frozenset({"delegated", "entrusted"})
CONCLUDING = frozenset({"opened", "consented", "under-way"})
LEVELS = ("grid", "village", "township", "county")


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()


def lines(entries: Iterable[Any]) -> dict[int, tuple[Any, datetime]]:
    """Version → event and moment, as they read after every correction and striking."""
    read: dict[int, tuple[Any, datetime]] = {}
    places: list[Any] = []
    order: dict[int, float] = {}
    for entry in entries:
        if places:
            place = places.pop(0)
            assert place.entry in read, "what is rewritten stands"
            version = entry.version if place.behind else place.entry
            order[version] = place.entry + 0.5 if place.behind else order.get(version, version)
            read[version] = (entry.event, place.occurred_at)
            continue
        read[entry.version] = (entry.event, entry.occurred_at)
        if entry.event.name in {"case.entry_corrected", "case.entry_struck"}:
            for struck in entry.event.struck:
                del read[struck]
            places = list(entry.event.rewritten)
    assert not places, "every rewritten entry is followed by its new reading"
    return {version: read[version] for version in sorted(read, key=lambda one: order.get(one, one))}


@dataclass
class Clock:
    """A day that something is due; it fires once, and not while its holidays are unknown."""

    since: datetime
    day: date
    provisional: bool

    @classmethod
    def of(cls, due: Any) -> Clock | None:
        return cls(due.since, due.day, due.provisional) if due else None

    def is_over(self, moment: datetime) -> bool:
        return not self.provisional and day_of(moment) > self.day


@dataclass
class Matter:
    """The same dispute before another organ."""

    organ: str
    step: str
    at: datetime
    settled: bool
    clock: Clock | None
    over: bool = False
    extended: bool = False
    heard: set[date] = field(default_factory=set)

    @property
    def is_taken(self) -> bool:
        return self.settled or not self.over

    @property
    def is_filed(self) -> bool:
        return self.organ == "court" and self.step != "suit-received" and not self.over


@dataclass
class Promised:
    amount: int
    due: date | None
    paid: int = 0
    done_at: datetime | None = None
    breached: bool = False

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.breached


@dataclass
class Deal:
    form: str
    extent: str
    nature: str
    reached_at: datetime
    promises: dict[int, Promised]
    signed: dict[Any, datetime] = field(default_factory=dict)
    mediator_signed: datetime | None = None
    sealed: datetime | None = None
    document: datetime | None = None
    effective: datetime | None = None
    court: str = ""
    confirm: Clock | None = None
    admit: Clock | None = None
    decide: Clock | None = None
    enforce: Clock | None = None
    decide_extended: bool = False
    remedy: str = ""
    taken_back: bool = False

    @property
    def kept_since(self) -> datetime | None:
        """Since when it is kept; None: it is not. What was breached is kept once it is done."""
        broken = [one for one in self.promises.values() if one.breached]
        if self.court in {"dismissed", "revoked"} or any(not one.done_at for one in broken):
            return None
        return max(one for one in [self.effective, *(part.done_at for part in broken)] if one)


@dataclass
class Talks:
    """One mediation."""

    number: int
    channel: str
    mandate: str
    on_platform: bool
    opened_at: datetime
    conclude: Clock | None
    since: datetime
    category: str = ""
    second: bool = False
    """The police mediate once more, in what is left of seven working days (办案程序 183)."""
    referral: Any = None
    sender: Any = None
    also: dict[str, Clock] = field(default_factory=dict)
    stage: str = "opened"
    consents: dict[Any, datetime] = field(default_factory=dict)
    withdrawn: set[Any] = field(default_factory=set)
    closed_doors: set[Any] = field(default_factory=set)
    mediators: dict[Any, set[Any]] = field(default_factory=dict)
    recused: set[Any] = field(default_factory=set)
    participants: set[Any] = field(default_factory=set)
    sessions: dict[int, str] = field(default_factory=dict)
    deal: Deal | None = None
    ground: str = ""
    untold: bool = False
    sued: bool = False
    expired: bool = False

    @property
    def conclude_by(self) -> date | None:
        return self.conclude.day if self.conclude else None

    @property
    def ends_by_itself(self) -> bool:
        """Where a rule says that after its time it has failed (特邀 27; 医疗 38, 40; 投诉 21)."""
        if self.second or self.mandate in OF_THE_COURT:
            return not self.second
        organ = self.channel == "administrative" and self.category in {"medical", "consumer"}
        return organ or (self.channel == "people" and self.category == "medical")

    @property
    def fixed_by_law(self) -> bool:
        """An organ's time for a doctor's, a shop's or a road's dispute is not extended."""
        own = self.channel == "administrative" and self.mandate in {"own", "transferred"}
        return self.second or (own and self.category in {"medical", "consumer", "traffic"})

    def moved(self, stage: str, at: datetime) -> None:
        self.stage, self.since = stage, at

    def bound_since(self, present: Iterable[Any]) -> datetime | None:
        """When the agreement took effect by the rule of its channel (29, 30; 特邀 20, 24); None: not yet."""
        assert self.deal
        signatures = [self.deal.signed.get(party) for party in present]
        if self.mandate == "entrusted":
            needed = [self.deal.document]
        elif self.mandate == "delegated" or self.on_platform:
            needed = signatures
        elif self.deal.form == "oral":
            needed = [self.deal.reached_at]
        else:
            needed = [*signatures, self.deal.mediator_signed, self.deal.sealed]
        moments = [one for one in needed if one]
        return max(moments) if moments and len(moments) == len(needed) else None

    def last_day_for_the_court(self) -> date | None:
        """Thirty days from effect, to the Monday after a weekend; not for every kind (民诉法 205; 民诉解释 355)."""
        assert self.deal
        if not self.deal.effective or self.never_confirmed:
            return None
        day = day_of(self.deal.effective) + timedelta(days=30)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)

    @property
    def never_confirmed(self) -> bool:
        assert self.deal
        return self.mandate == "entrusted" or self.channel == "litigation" or self.deal.nature != "ordinary"


@dataclass
class Account:
    """What a reader of the record knows of the case."""

    status: str = "new"
    since: datetime | None = None
    requested: bool = False
    sides: dict[Any, str] = field(default_factory=dict)
    known_as: dict[Any, Any] = field(default_factory=dict)
    """What is told of each party."""
    gone: set[Any] = field(default_factory=set)
    represented_by: dict[Any, Any] = field(default_factory=dict)
    talks: dict[int, Talks] = field(default_factory=dict)
    refusals: set[tuple[Any, str]] = field(default_factory=set)
    disclosed: set[tuple[Any, Any]] = field(default_factory=set)
    matters: dict[int, Matter] = field(default_factory=dict)
    holder: Any = None
    level: str = ""
    highest: str = ""
    held: Clock | None = None
    whole: Clock | None = None
    held_since: datetime | None = None
    begun: dict[str, Clock] = field(default_factory=dict)
    reports: dict[int, list[Any]] = field(default_factory=dict)
    """To whom, until when, and whether it was answered."""
    accept: Clock | None = None
    bounces: int = 0
    offers: dict[Any, bool] = field(default_factory=dict)
    letters: list[tuple[str, str, Any]] = field(default_factory=list)
    """By what title, whose, and filed by whom."""
    handed: set[Any] = field(default_factory=set)
    escalations: dict[Any, str] = field(default_factory=dict)
    ran_out: set[tuple[str, date]] = field(default_factory=set)
    category: str = ""
    difficulty: str = ""
    proposal: tuple[str, Any] | None = None
    rights_told: set[Any] = field(default_factory=set)
    possible_crime: bool = False
    reported: bool = False
    papers: set[str] = field(default_factory=set)
    performed: bool = False
    followed_up: bool = False
    resolved_at: datetime | None = None
    result: str = ""

    @property
    def present(self) -> set[Any]:
        return set(self.sides) - self.gone

    @property
    def active(self) -> Talks | None:
        going_on = [one for one in self.talks.values() if one.stage in ACTIVE]
        assert len(going_on) <= 1, "there is at most one active mediation"
        return going_on[0] if going_on else None

    @property
    def deals(self) -> list[Deal]:
        return [one.deal for one in self.talks.values() if one.deal]

    @property
    def resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def came_apart(self) -> bool:
        """What was agreed last was broken, or the court did not confirm it."""
        deal = self.talks[max(self.talks)].deal if self.talks else None
        return deal is not None and (
            deal.court in {"dismissed", "revoked"} or any(one.breached for one in deal.promises.values())
        )

    def comes_apart(self, number: int, event: Any) -> None:
        """From that day on it is not resolved, and whoever holds it has its time anew."""
        undoes = self.resolved and number == max(self.talks)
        assert event.undoes == undoes
        if undoes:
            self.resolved_at, self.held = None, Clock.of(event.held)

    def has_both_sides(self, leaving: Iterable[Any] = ()) -> bool:
        return {"applicant", "respondent"} <= {self.sides[one] for one in self.present - set(leaving)}

    def refusing(self, channel: str) -> set[Any]:
        return {party for party in self.present if (party, channel) in self.refusals}

    def not_to_be_summoned(self, talks: Talks) -> set[Any]:
        """Who refused, or took the consent back, and has not consented since (17, 23)."""
        return self.refusing(talks.channel) | (talks.withdrawn & self.present)

    def unwilling(self, talks: Talks) -> set[Any]:
        return (self.present - set(talks.consents)) | self.refusing(talks.channel)

    def is_in_writing(self, talks: Talks, category: str = "") -> bool:
        """Whether the law asks for it (在线 19; 劳动争议 14; 医疗 39), were it of that category."""
        kind = category or self.category
        medical = kind == "medical" and talks.channel == "people"
        return talks.on_platform or medical or (kind == "labour" and talks.channel != "litigation")

    def spoken_against(self, category: str) -> bool:
        """Whether something was agreed by word of mouth that is in writing in that category."""
        oral = [one for one in self.talks.values() if one.deal and one.deal.form == "oral"]
        return any(self.is_in_writing(one, category) for one in oral)

    def has_a_pause(self, talks: Talks) -> bool:
        """For an appraisal (在线 26; 医疗 38, 40; 投诉 20); the time of a suit that was entrusted goes on."""
        if talks.mandate in OF_THE_COURT:
            return talks.mandate == "delegated"
        of_the_market = talks.channel == "administrative" and self.category == "consumer"
        return self.category == "medical" or of_the_market

    def accepted_mediators(self, talks: Talks) -> set[Any]:
        return {id for id, by in talks.mediators.items() if self.present <= by}

    def entered(self, status: str, at: datetime) -> None:
        self.status, self.since = status, at

    def taken_by(self) -> set[str]:
        """The organs that have accepted or settled it (令75 art. 22)."""
        return {one.organ for one in self.matters.values() if one.is_taken}

    def organ_keeps_off(self) -> set[str]:
        """Beside whom an organ does not mediate it (医疗纠纷条例 40; 投诉举报办法 15)."""
        accepted = {one.organ for one in self.matters.values() if one.is_taken and one.step != "suit-received"}
        if self.category == "medical":
            return accepted & {"court"}
        return accepted if self.category == "consumer" else set()

    def lifted_for(self, mandate: str, lifts: frozenset[str]) -> frozenset[str]:
        """Of the organs that hand over so, those whose letter is there; all, where there is none."""
        organs = {organ for title, organ, _ in self.letters if title == mandate}
        return lifts & organs if organs else lifts

    def is_founded(self, mandate: str) -> bool:
        """On a referral that has not come back, or on a letter."""
        referred = any(one.referral in self.handed and one.mandate == mandate for one in self.talks.values())
        return referred or any(title == mandate for title, _, _ in self.letters)

    def on_its_way(self) -> bool:
        return bool(self.offers or self.handed or "requested" in self.escalations.values())

    def clocks(self) -> dict[str, Clock]:
        """Those that run, by name; what has run out runs again once its day was moved."""
        if self.status not in {"registered", "open"}:
            return {}
        found = {f"matter/{number}": one.clock for number, one in self.matters.items() if not one.over}
        found |= {} if self.resolved else {"holder": self.held, "dispute": self.whole}
        found |= {f"risk/{number}": due for number, (_, due, answered) in self.reports.items() if not answered}
        found |= {f"begun/{code}": one for code, one in self.begun.items() if self.still_waits(code, one)}
        found |= {"accept": self.accept} if self.status == "registered" else {}
        for talks in self.talks.values():
            found |= self._clocks_of(talks)
        return {name: one for name, one in found.items() if one and (name, one.day) not in self.ran_out}

    def starts(self, event: Any) -> None:
        stopped = getattr(event, "stops", ())
        self.begun = {code: one for code, one in self.begun.items() if code not in stopped}
        self.begun |= {due.clock: Clock(due.since, due.day, due.provisional) for due in event.begins}

    def runs_from_receipt(self, event: Any) -> None:
        """By its category (劳动仲裁法 14, 27; 土地承包仲裁法 18; 民法典 188, 196)."""
        limitation = {"labour": "LABOUR_LIMITATION", "forest-land": "LAND_LIMITATION", "marriage-family": ""}
        code = limitation.get(event.category, "CONTRACT_LIMITATION") if self.requested else ""
        self.starts(event)
        held = {one for one in self.begun if one.endswith("_LIMITATION")}
        assert held == {code} - {""}
        assert ("LABOUR_MED" in self.begun) == (event.category == "labour" and event.receipt.asked_of == "people")

    def still_waits(self, code: str, clock: Clock) -> bool:
        """Until what it waits for happens (在线 10; 交通 85, 86; 办案程序 183; 深圳 45)."""
        later = any(one.opened_at > clock.since for one in self.talks.values())
        sent_on = bool(self.offers or self.handed)
        return {
            "CONTRACT_LIMITATION": not self.resolved,
            "LABOUR_LIMITATION": not self.resolved,
            "LAND_LIMITATION": not self.resolved,
            "LABOUR_MED": not self.resolved and (not self.talks or self.counts_no_days_itself()),
            "COURT_ASSIGN": not sent_on and not self.talks,
            "COURT_JOINT_PICK": not sent_on and not self.talks,
            "TRAFFIC_APPLY": all(one.channel != "administrative" for one in self.talks.values()),
            "TRAFFIC_AFTER_PM": not later,
            "PSB_SECOND_MED": not later,
            "ADM_TRANSFER": not sent_on and self.held_since is not None and self.held_since <= clock.since,
        }[code]

    def counts_no_days_itself(self) -> bool:
        talks = self.active
        going_on = talks is not None and talks.channel == "people" and talks.stage in CONCLUDING
        return bool(talks and going_on and "LABOUR_MED" not in talks.also)

    def _clocks_of(self, talks: Talks) -> dict[str, Clock | None]:
        number, found = talks.number, {}
        if talks.stage in CONCLUDING:
            found[f"conclude/{number}"] = talks.conclude
        for code, clock in talks.also.items():
            asked = talks.stage == "opened" and bool(self.present - set(talks.consents))
            if asked if code == "COUNTERPARTY_CONSENT" else talks.stage in CONCLUDING:
                found[f"also/{number}/{code}"] = clock
        if talks.stage == "in-effect" and talks.deal:
            name, clock = _before_the_court(talks.deal)
            found[f"{name}/{number}"] = clock
        return found

    def missing_papers(self) -> bool:
        """Whether the file lacks a paper that it must hold (人民调解法 27)."""
        held = any("held" in one.sessions.values() for one in self.talks.values())
        binding = [one.deal for one in self.talks.values() if one.deal and one.stage == "in-effect"]
        needed = {
            "rights-notice": bool(self.talks),
            "identity": bool(self.talks),
            "mediation-record": held,
            "agreement": any(deal.form == "written" for deal in binding),
            "oral-agreement": any(deal.form == "oral" for deal in binding),
            "performance-proof": self.performed,
            "follow-up": self.followed_up,
        }
        lacking = {paper for paper, is_needed in needed.items() if is_needed} - self.papers
        return bool(lacking) or not self.papers & {"application", "acceptance"}


def _before_the_court(deal: Deal) -> tuple[str, Clock | None]:
    """Until it is asked, until it accepts, until it rules; then while something is owed, until it enforces."""
    if not deal.court:
        return "confirm", deal.confirm
    if deal.court == "applied":
        return ("decide", deal.decide) if deal.decide else ("admit", deal.admit)
    owed = deal.court == "granted" and not deal.remedy and any(one.done_at is None for one in deal.promises.values())
    return "enforce", deal.enforce if owed else None
