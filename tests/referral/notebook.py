"""What a clerk with the articles at hand expects of a referral; knows nothing of the code but the names of its words.

人民法院在线调解规则 12: three working days to confirm, then another may be appointed, and a late confirmation counts.
深圳条例 45, 46 (a model elsewhere): three working days to sign, five to answer, or ten; then silence ends it.
信访工作条例 23: five working days to object, fifteen days to notify. 渝水: twenty-four hours to report to the police.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
FREE = {date(2026, 10, day) for day in range(1, 9)} | {date(2026, 9, 25)}
MADE_UP = {date(2026, 9, 20), date(2026, 10, 10)}
OPEN = frozenset({"offered", "acknowledged", "objected"})
UNANSWERED = frozenset({"offered", "acknowledged"})
STAGES = {
    "OfferReferral": frozenset({"new"}),
    "AcknowledgeReferral": UNANSWERED,
    "AcceptReferral": UNANSWERED,
    "RejectReferral": UNANSWERED,
    "AskBack": UNANSWERED,
    "AnswerQuestion": UNANSWERED,
    "ObjectToReferral": frozenset({"acknowledged"}),
    "DecideObjection": frozenset({"objected"}),
    "WithdrawReferral": OPEN | {"accepted"},
    "RerouteReferral": OPEN | {"rejected", "upheld", "lapsed"},
    "ReturnReferral": frozenset({"accepted"}),
    "LetReferralRunOut": OPEN | {"accepted"},
    "FixReferralDue": OPEN | {"accepted"},
}


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in FREE)


def after_working_days(start: date, count: int) -> date:
    days = (start + timedelta(days=ahead) for ahead in range(1, 100))
    return [day for day in days if works(day)][count - 1]


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)


def local(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


@dataclass
class Desk:
    """How far a receiver has come."""

    organ: bool
    signed: bool = False
    refused: bool = False
    days: dict[str, date] = field(default_factory=dict)
    """Until when: accept, object, notify, feedback."""
    at: datetime | None = None
    """The hour of the feedback."""


@dataclass
class Notebook:
    stage: str = "new"
    since: datetime | None = None
    kind: str = ""
    petition: bool = False
    police: bool = False
    complex: bool = False
    desks: dict[Any, Desk] = field(default_factory=dict)
    answer: date | None = None
    asked: bool = False
    objecting: Any = None
    over: set[tuple[str, date]] = field(default_factory=set)
    """The clocks that have run out."""

    @property
    def court(self) -> bool:
        return self.kind in {"delegate", "entrust"}

    @property
    def transfer(self) -> bool:
        return self.kind == "transfer"

    def left(self) -> dict[Any, Desk]:
        return {body: desk for body, desk in self.desks.items() if not desk.refused}

    def clocks(self) -> dict[str, date]:
        """What runs, with its last day."""
        found: dict[str, date | None] = {}
        unsigned = [desk for desk in self.left().values() if not desk.signed]
        if self.stage in UNANSWERED and unsigned:
            found["answer"] = self.answer
        for body, desk in self.left().items():
            going_on = {"accept", "object"} if self.stage in UNANSWERED else set()
            going_on |= {"notify", "feedback"} if self.stage in UNANSWERED | {"accepted"} else set()
            found |= {f"{name}/{body}": desk.days.get(name) for name in going_on}
        return {name: day for name, day in found.items() if day and (name, day) not in self.over}

    def end_of(self, name: str) -> datetime:
        kind, _, body = name.partition("/")
        if kind == "feedback":
            moment = next(desk for one, desk in self.desks.items() if str(one) == body).at
            assert moment
            return moment
        return midnight_after(self.clocks()[name])

    def silent(self, body: Any) -> bool:
        """Its time is over, and by its rule that is the end."""
        if not self.transfer:
            return False
        desk = self.desks[body]
        name, day = (f"accept/{body}", desk.days.get("accept")) if desk.signed else ("answer", self.answer)
        return (name, day) in self.over

    def in_time(self) -> list[Any]:
        return [body for body in self.left() if not self.silent(body)]

    def why_not(self, command: Any, on: Any) -> Iterator[str]:
        """Every reason against it."""
        name = type(command).__name__
        if self.stage not in STAGES[name]:
            yield "NotAllowedNow"
            return
        moves = name == "ReturnReferral" or (name == "AcceptReferral" and self.kind != "invite")
        moves |= name == "WithdrawReferral" and self.stage == "accepted" and self.kind != "invite"
        begins = on.case.last_step if moves else on.case.registered_at
        if on.occurred_at < max(begins, self.since or begins):
            yield "BeforeWhatItBuildsOn"
        yield from getattr(self, f"not_{snake(name)}", self.nothing)(command, on)

    def nothing(self, command: Any, on: Any) -> Iterator[str]:
        yield from ()

    def receiver(self, on: Any) -> Iterator[str]:
        if on.body.id not in self.desks:
            yield "NotOfferedToYou"
        elif self.desks[on.body.id].refused:
            yield "YouSaidNo"

    def not_acknowledge_referral(self, command: Any, on: Any) -> Iterator[str]:
        yield from ["AcceptingIsSigning"] if self.court else []
        yield from self.receiver(on)
        if on.body.id in self.desks and self.desks[on.body.id].signed:
            yield "SignedForAlready"

    def not_accept_referral(self, command: Any, on: Any) -> Iterator[str]:
        yield from self.receiver(on)
        if on.body.id in self.desks and self.transfer and not self.desks[on.body.id].signed:
            yield "SignFirst"

    def not_reject_referral(self, command: Any, on: Any) -> Iterator[str]:
        yield from self.receiver(on)

    not_ask_back = not_reject_referral

    def not_answer_question(self, command: Any, on: Any) -> Iterator[str]:
        yield from [] if self.asked else ["NothingAsked"]

    def not_object_to_referral(self, command: Any, on: Any) -> Iterator[str]:
        desk = self.desks.get(on.body.id)
        yield from self.receiver(on)
        if desk is None or "object" not in desk.days:
            yield "NotToBeObjectedTo"
        elif on.occurred_at >= midnight_after(desk.days["object"]):
            yield "ObjectionTooLate"

    def not_withdraw_referral(self, command: Any, on: Any) -> Iterator[str]:
        if self.stage == "accepted" and set(on.case.parties) - set(command.consented):
            yield "ConsentToWithdraw"

    def not_reroute_referral(self, command: Any, on: Any) -> Iterator[str]:
        if set(command.to) == set(self.desks) and command.kind == self.kind:
            yield "SameReceivers"

    def not_let_referral_run_out(self, command: Any, on: Any) -> Iterator[str]:
        running = self.clocks()
        if running.get(str(command.clock)) != command.day or on.now < self.end_of(str(command.clock)):
            yield "NotRunOut"

    def not_fix_referral_due(self, command: Any, on: Any) -> Iterator[str]:
        yield "NotRunOut"

    def did(self, command: Any, on: Any) -> None:
        """What is written down after it."""
        before = self.stage
        getattr(self, f"did_{snake(type(command).__name__)}")(command, on, local(on.occurred_at))
        again = type(command).__name__ == "AcknowledgeReferral"
        if self.stage != before or again:
            self.since = on.occurred_at

    def did_offer_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage, self.kind, self.complex = "offered", str(command.kind), command.complex
        self.police, self.petition = on.body.kind == "police", on.body.kind == "petition" and on.case.petition
        organs = {body: on.bodies[body].kind in {"organ", "police"} for body in command.to}
        self.desks = {body: Desk(organ) for body, organ in organs.items()}
        self.answer = None if self.kind == "invite" else after_working_days(day, 3)

    def did_acknowledge_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage = "acknowledged"
        desk = self.desks[on.body.id]
        desk.signed = True
        if self.transfer:
            desk.days["accept"] = self.to_answer(day)
        if self.petition and desk.organ:
            desk.days["object"] = after_working_days(day, 5)
            desk.days["notify"] = next(one for one in (day + timedelta(15 + n) for n in range(20)) if works(one))
        if self.police:
            self.report_to_police(desk, on)

    def report_to_police(self, desk: Desk, on: Any) -> None:
        """The hour of the start does not count; an end on a free day moves to the end of the next working day."""
        start = on.occurred_at
        whole = start.replace(minute=0, second=0, microsecond=0)
        end = (whole if whole == start else whole + timedelta(hours=1)) + timedelta(hours=24)
        last = local(end - timedelta(microseconds=1))
        free = not works(last)
        while not works(last):
            last += timedelta(days=1)
        desk.days["feedback"], desk.at = last, midnight_after(last) if free else end

    def to_answer(self, day: date) -> date:
        return after_working_days(day, 10 if self.complex else 5)

    def did_accept_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage, self.desks[on.body.id].signed = "accepted", True
        self.answer = None

    def did_reject_referral(self, command: Any, on: Any, day: date) -> None:
        self.desks[on.body.id].refused = True
        if not self.in_time():
            self.stage = "rejected"

    def did_ask_back(self, command: Any, on: Any, day: date) -> None:
        self.asked = True

    def did_answer_question(self, command: Any, on: Any, day: date) -> None:
        self.asked = False

    def did_object_to_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage, self.objecting = "objected", on.body.id

    def did_decide_objection(self, command: Any, on: Any, day: date) -> None:
        self.stage = "upheld" if command.agreed else "acknowledged"
        if not command.agreed:
            del self.desks[self.objecting].days["object"]
            self.answer = after_working_days(day, 3)
            for desk in self.left().values():
                desk.days |= {"accept": self.to_answer(day)} if desk.signed else {}

    def did_withdraw_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage = "withdrawn"

    def did_reroute_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage = "rerouted"

    def did_return_referral(self, command: Any, on: Any, day: date) -> None:
        self.stage = "returned"

    def did_let_referral_run_out(self, command: Any, on: Any, day: date) -> None:
        self.over.add((str(command.clock), command.day))
        if self.stage in UNANSWERED and self.transfer and not self.in_time():
            self.stage = "lapsed"
