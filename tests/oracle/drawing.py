"""Commands drawn for a case: partly of what it has, partly wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from domain.case.kinds import (
    Result,
    Side,
)
from domain.case.mediating import agreement, consent
from domain.case.people import NewParty
from domain.case.record import correction
from domain.case.record.rewriting import correctable_fields
from domain.shared.occasion import BodyFacts
from domain.shared.values import Channel
from tests.case.histories import COMMITTEE, COURT, GRID_POST, LI, LIU, WANG, ZHANG, ZHOU, id_of
from tests.oracle.account import Account, day_of
from tests.oracle.elsewhere import ORGAN, POLICE
from tests.oracle.lawful import STAGES

STRANGER = id_of("stranger")
Drawn = st.SearchStrategy[Any]
DAYS = (-3, 0, 1, 2, 10, 30, 31, 60)


def turned(choice: Sequence[Any], by: int) -> list[Any]:
    """The same choice, beginning elsewhere."""
    start = by % len(choice)
    return [*choice[start:], *choice[:start]]


@dataclass(frozen=True)
class Seen:
    """What a drawing may use: the case as it is, its record, and the moment."""

    account: Account
    record: dict[int, Any]
    now: datetime
    command: str
    turn: int

    def one_of(self, known: Iterable[Any], wrong: Any) -> Drawn:
        return st.sampled_from(turned([*sorted(known, key=str) * 6, wrong], self.turn))

    @property
    def party(self) -> Drawn:
        return self.one_of(self.account.present, STRANGER)

    @property
    def everybody(self) -> Drawn:
        """All parties, as a rule."""
        present = tuple(sorted(self.account.present, key=str)) or (STRANGER,)
        return st.sampled_from([present] * 6 + [present[:1], (*present, STRANGER)])

    @property
    def mediation(self) -> Drawn:
        fit = [number for number, one in self.account.talks.items() if one.stage in STAGES.get(self.command, ())]
        return st.sampled_from(turned([*(fit * 8), *self.account.talks, len(self.account.talks) + 1], self.turn))

    @property
    def talks(self) -> Any:
        """The last mediation."""
        return self.account.talks[max(self.account.talks)] if self.account.talks else None

    @property
    def mediator(self) -> Drawn:
        return self.one_of(self.talks.mediators if self.talks else (), ZHOU)

    @property
    def session(self) -> Drawn:
        return self.one_of(self.talks.sessions if self.talks else (), 99)

    @property
    def obligation(self) -> Drawn:
        return self.one_of(self.talks.deal.promises if self.talks and self.talks.deal else (), 9)

    @property
    def later(self) -> Drawn:
        return st.sampled_from([self.now + timedelta(days=days) for days in turned(DAYS, self.turn)])

    @property
    def day(self) -> Drawn:
        return st.sampled_from([day_of(self.now) + timedelta(days=days) for days in turned(DAYS, self.turn)])


def some(kind: type[Enum], *often: Any) -> Drawn:
    return st.sampled_from([*often * 8, *kind])


TOLD = st.sampled_from(["双方陈述", "另行约定"])
OFTEN = st.sampled_from([True] * 5 + [False])
SELDOM = st.sampled_from([False] * 8 + [True])
NEW_PARTY = st.builds(NewParty, side=st.sampled_from(list(Side)), name=st.just("王五"))
TWO_SIDES = st.just((ZHANG, LIU))


def subject() -> Drawn:
    to_mediation = st.builds(consent.ToMediation, channel=some(Channel, Channel.PEOPLE))
    to_disclosure = st.builds(consent.ToDisclosure, body=st.sampled_from([COURT.id, STRANGER]))
    return st.one_of(to_mediation, to_mediation, to_mediation, to_disclosure, st.just(consent.ToClosedDoors()))


def result(seen: Seen) -> Drawn:
    fitting = seen.account.fitting() if not seen.account.active else ()
    return some(Result, *fitting)


def running(seen: Seen) -> Drawn:
    """A clock's name, and the day that it is due."""
    known = [(name, one.day) for name, one in seen.account.clocks().items()]
    ran_out = sorted(seen.account.ran_out)
    wrong = [("conclude/9", day_of(seen.now)), *((name, day - timedelta(days=1)) for name, day in known)]
    return st.sampled_from([*known * 4, *ran_out, *wrong])


def matter(seen: Seen) -> Drawn:
    return seen.one_of(seen.account.matters, 9)


def promise(seen: Seen) -> Drawn:
    due = st.one_of(st.none(), seen.day)
    amount = st.sampled_from([0, 100, 50_000])
    return st.builds(agreement.Promise, obligor=seen.party, what=TOLD, amount=amount, due=due)


def correction_of(seen: Seen) -> Drawn:
    return st.sampled_from([*seen.record, 999]).flatmap(
        lambda version: st.builds(
            correction.CorrectEntry,
            entry=st.just(version),
            reason=TOLD,
            changes=_changes(seen, version),
            happened_at=_moved(seen, version),
            consented=seen.everybody,
        )
    )


def _changes(seen: Seen, version: int) -> Drawn:
    event = seen.record[version][0] if version in seen.record else None
    fields = correctable_fields(type(event)) if event else []
    if not fields:
        return st.just({"code": "X"})
    one = st.sampled_from([*fields * 4, "mediation"]).flatmap(
        lambda name: st.fixed_dictionaries({name: _content(seen, getattr(event, name, 1))})
    )
    return st.one_of(one, one, one, st.just({}))


def _content(seen: Seen, old: Any) -> Drawn:
    """Another value of the kind of the old one, as it is asked in JSON."""
    if isinstance(old, Enum):
        return st.sampled_from([one.value for one in type(old)])
    if isinstance(old, bool):
        return st.just(not old)
    if isinstance(old, int):
        return st.integers(0, 60_000)
    if isinstance(old, (date, datetime)):
        return seen.later.map(lambda at: (at if isinstance(old, datetime) else at.date()).isoformat())
    if isinstance(old, tuple):
        return seen.everybody.map(lambda many: [str(one) for one in many])
    return st.sampled_from(["记载有误", str(id_of("wang")), 7])


def _moved(seen: Seen, version: int) -> Drawn:
    at = seen.record[version][1] if version in seen.record else seen.now
    steps = [timedelta(days=days) for days in (-1, 1, 31)] + [timedelta(minutes=1), timedelta(minutes=-1)]
    return st.sampled_from([None] * 5 + [at + step for step in steps])


def striking(seen: Seen) -> Drawn:
    versions = sorted(seen.record) or [1]
    tail = st.integers(1, min(6, len(versions))).map(lambda count: tuple(versions[-count:]))
    one = st.sampled_from([*versions, 999]).map(lambda version: (version,))
    return st.builds(correction.StrikeEntry, entries=st.one_of(tail, one), reason=TOLD, consented=seen.everybody)


BODIES: list[BodyFacts] = [COMMITTEE] * 10 + [ORGAN, COURT, POLICE, GRID_POST, GRID_POST]
OFFICERS = [LI, WANG]
ELAPSED = [timedelta(minutes=1)] * 4 + [timedelta(hours=1), timedelta(days=1), timedelta(days=12), timedelta(days=31)]
LATE = [timedelta(0)] * 12 + [timedelta(hours=-2), timedelta(days=-3), timedelta(seconds=1)]
