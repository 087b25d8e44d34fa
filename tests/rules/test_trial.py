"""A trial counts last year's dates again with a pack's limits, of bodies in its area alone, and records nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

from application.rule_trial import Trials, dues
from application.rules import CLOCKS
from domain.rules.local import LocalLimit, RulePack
from domain.shared.decider import Entry, Event, Stamp
from domain.shared.law import Due, Effect, Unit
from domain.shared.occasion import BodyFacts
from domain.shared.values import AreaId, BodyId, BodyKind, Level, OfficerId, Value
from infrastructure.calendar import base

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 2, tzinfo=UTC)
HERE, THERE = BodyId(UUID(int=1)), BodyId(UUID(int=2))
INSIDE, OUTSIDE = AreaId(UUID(int=10)), AreaId(UUID(int=11))
COUNTY = AreaId(UUID(int=9))
PACK = RulePack(
    area=COUNTY,
    pack_name="县规则",
    in_force_from=date(2026, 10, 1),
    limits=(
        LocalLimit(code="ADM_CONCLUDE_DEFAULT", length=60, counted_in=Unit.DAYS, law="某县办法", article="第一条"),
        LocalLimit(code="SLA_SIMPLE", length=2, counted_in=Unit.DAYS, law="某县办法", article="第二条"),
    ),
)


class Held(Value):
    dues: tuple[Due, ...] = ()
    by_number: Mapping[int, Due] = {}


class Opened(Event[None]):
    name: ClassVar = "case.opened"
    held: Held

    def evolve(self, state, at):
        return state


class Feed:
    def __init__(self, *entries):
        self.entries = entries

    def feed(self, after, limit):
        return self.entries[after : after + min(limit, 2)]

    def head(self):
        return len(self.entries)


class Register:
    def descendants(self, area, day):
        return frozenset({COUNTY, INSIDE}) if area == COUNTY else frozenset()

    def body(self, id, day):
        area = INSIDE if id == HERE else OUTSIDE
        facts = {"id": id, "area": area, "level": Level.VILLAGE, "channel": None, "code": "", "short_name": ""}
        return BodyFacts(kind=BodyKind.COMMITTEE, **facts, members=frozenset(), term_ended=False, answers_for=id)


def due(code="ADM_CONCLUDE_DEFAULT", since=MARCH):
    return CLOCKS[code].counted(since, base())


def entry(position, stream, *found, at=MARCH, body=HERE, recorded_at=None):
    stamp = Stamp(OfficerId(uuid4()), body, at, None, uuid4(), uuid4(), None)
    event = Opened(held=Held(dues=found))
    return Entry(uuid4(), stream, 1, position, recorded_at or at, event, stamp)


def tried(*entries):
    told = []
    trial = Trials(Feed(*entries), Register()).of(PACK, base(), NOW, lambda done, of: told.append((done, of)))
    assert told[-1:] == ([(len(entries), len(entries))] if entries else [])
    return trial


def told(line):
    return (line.counted, line.overdue, line.overdue_tried, line.earlier, line.later)


def test_a_date_is_found_wherever_in_an_event_it_stands():
    one, other = due(), due("SLA_SIMPLE")

    assert list(dues(Opened(held=Held(dues=(one,), by_number={1: other})))) == [one, other]


def test_what_was_late_and_would_not_have_been():
    stream = uuid4()

    trial = tried(entry(1, stream, due()), entry(2, stream, at=MARCH + timedelta(days=40)))

    assert told(trial.lines["ADM_CONCLUDE_DEFAULT"]) == (1, 1, 0, 0, 1)
    assert told(trial.lines["SLA_SIMPLE"]) == (0, 0, 0, 0, 0)
    (difference,) = trial.differences
    assert (difference.stream, difference.recorded, difference.tried) == (
        stream,
        date(2026, 4, 1),
        date(2026, 5, 6),  # 1 May, after the holidays
    )


def test_silence_past_the_end_is_overdue():
    assert told(tried(entry(1, uuid4(), due())).lines["ADM_CONCLUDE_DEFAULT"]) == (1, 1, 1, 0, 1)


def test_bodies_elsewhere_other_clocks_and_older_records_are_left_out():
    long_ago = NOW - timedelta(days=366)

    trial = tried(
        entry(1, uuid4(), due(), body=THERE),
        entry(2, uuid4(), due("JC_APPLY")),
        entry(3, uuid4(), due(), recorded_at=long_ago),
    )

    assert trial.dates == 0


def test_a_date_that_a_correction_repeats_counts_once():
    stream = uuid4()

    assert tried(entry(1, stream, due()), entry(2, stream, due())).dates == 1


def test_the_ten_largest_differences_are_told():
    entries = [entry(n, uuid4(), due(since=MARCH + timedelta(days=n)), at=MARCH) for n in range(1, 15)]

    trial = tried(*entries)

    moved = [one.moved for one in trial.differences]
    assert len(moved) == 10
    assert moved == sorted(moved, reverse=True)


def test_what_escalates_under_the_pack_still_only_is_counted():
    pack = PACK.but(limits=(PACK.limits[0].but(effect=Effect.ESCALATE),))

    trial = Trials(Feed(entry(1, uuid4(), due())), Register()).of(pack, base(), NOW, lambda done, of: None)

    assert trial.lines["ADM_CONCLUDE_DEFAULT"].counted == 1
