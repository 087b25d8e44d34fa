"""Who reads the past: of a body the right of today, of a post that of the day as well, and of both the narrower one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from application.case.disclosure.past import reach_of
from application.moments import PRESENT, Standpoint
from application.rights import Reach, Rights, Scope, Viewer
from domain.case.beside.holder import MovedBy, moved_to
from domain.office.officer import Role
from domain.shared.errors import UnknownStream
from domain.shared.values import AreaId, BodyId
from tests.case.histories import COMMITTEE, COURT, LI, UNDER_WAY, VILLAGE, after, id_of
from tests.oracle.elsewhere import ESCALATION, on_at, recorded

TOWNSHIP, ELSEWHERE, OTHER = AreaId(id_of("township")), AreaId(id_of("elsewhere")), BodyId(id_of("other"))
ALL_OF_IT = Scope(everything=True)


@dataclass
class Facts:
    area: AreaId = ELSEWHERE
    in_force: bool = True


@dataclass
class Register:
    """The village is in the township from that day on."""

    since: date

    def area(self, id: Any, day: date) -> Facts:
        return Facts()

    def descendants(self, id: Any, day: date) -> frozenset[Any]:
        return frozenset({TOWNSHIP, VILLAGE} if day >= self.since else {TOWNSHIP})

    def body(self, id: Any, day: date) -> Facts:
        return Facts()

    def took_in(self, id: Any) -> frozenset[Any]:
        return frozenset()


HISTORY = after(*UNDER_WAY)
NOW = HISTORY.entries[-1].recorded_at + timedelta(days=100)
EARLY = Standpoint(as_of=HISTORY.entries[3].recorded_at)


def coordinator(rights: Rights) -> Viewer:
    who = Viewer(officer=LI, role=Role.COORDINATOR, body=OTHER, area=TOWNSHIP, scope=Scope())
    return who.but(scope=rights.post_on(who, NOW.date()))


def reach(since: date, asked: Standpoint, history: Any = HISTORY) -> Reach:
    rights = Rights(Register(since), None)  # type: ignore[arg-type]
    return reach_of(rights, coordinator(rights), history, NOW, asked)


def test_a_post_reads_of_a_moment_what_lay_in_its_area_then():
    long_ago, lately = date(2020, 1, 1), (NOW - timedelta(days=10)).date()

    assert reach(long_ago, PRESENT) is reach(long_ago, EARLY) is Reach.ALL
    assert reach(lately, PRESENT) is Reach.ALL
    assert reach(lately, EARLY) is Reach.NOTHING


def test_by_what_had_happened_and_up_to_a_version_it_is_the_day_of_that_moment():
    lately = (NOW - timedelta(days=10)).date()

    for asked in (Standpoint(version=2), Standpoint(effective_at=EARLY.as_of)):
        assert reach(lately, asked) is Reach.NOTHING


def test_whoever_may_not_read_it_today_reads_nothing_of_its_past():
    never = date(2999, 1, 1)

    assert reach(never, EARLY) is Reach.NOTHING


def mediator(body: BodyId) -> Viewer:
    return Viewer(officer=LI, role=Role.MEDIATOR, body=body, area=VILLAGE, scope=Scope(bodies=frozenset({body})))


@pytest.mark.parametrize("asked", [PRESENT, EARLY, Standpoint(version=1)], ids=str)
def test_of_a_body_the_right_of_today_is_asked_at_every_moment(asked):
    """Who held it then, and does not now, reads it as a former holder; who was handed it since, reads its past too."""
    rights = Rights(Register(date(2999, 1, 1)), None)  # type: ignore[arg-type]
    gone = recorded(HISTORY, moved_to(HISTORY.state, COURT, MovedBy.ASSIGNMENT, ESCALATION, on_at(HISTORY, body=COURT)))
    latest = gone.entries[-1].recorded_at + timedelta(days=1)

    assert reach_of(rights, mediator(COMMITTEE.id), HISTORY, NOW, asked) is Reach.ALL
    assert reach_of(rights, mediator(COMMITTEE.id), gone, latest, asked) is Reach.PART
    assert reach_of(rights, mediator(COURT.id), gone, latest, asked) is Reach.ALL
    assert reach_of(rights, mediator(OTHER), gone, latest, asked) is Reach.NOTHING


def test_a_moment_before_there_was_anything_is_none_of_the_case():
    rights = Rights(Register(date(2020, 1, 1)), None)  # type: ignore[arg-type]
    before = Standpoint(as_of=HISTORY.entries[0].recorded_at - timedelta(days=1))

    with pytest.raises(UnknownStream):
        reach_of(rights, coordinator(rights), HISTORY, NOW, before)
