"""The demo county's year: cases are referred, come back and move between levels, in a real county's proportions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from api.demo import county
from api.demo.county import Clock, Demo
from api.settings import Settings
from api.wiring import wired
from application.figures.board import counting
from application.figures.case_figures import CaseFilter, Move
from application.figures.handover_figures import Box
from application.figures.handover_told import handovers
from application.rights import Scope
from domain.escalation.kinds import Ground
from domain.jurisdiction.body import body_id
from domain.shared.values import BodyId
from domain.shared.vocabulary import Outcome

ALL = Scope(everything=True)
DISPUTES = 400


@pytest.fixture(scope="module")
def system(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    clock = Clock(datetime(2026, 6, 30, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(county, "CASES", DISPUTES)
        with wired(Settings(state=tmp_path_factory.mktemp("demo")), make_database(), clock) as parts:
            Demo(parts, clock, date(2026, 6, 30), lambda *_: None).make()
            parts.projector.catch_up()
            yield parts.system


def moved(system: Any) -> Any:
    today = date(2026, 6, 30)
    with system.reading.figures.snapshot(ALL, CaseFilter(), today) as snapshot:
        return handovers(snapshot, counting(ALL, CaseFilter(), today))


def share(system: Any, move: Move) -> float:
    return system.reading.board.count(ALL, CaseFilter(moved=move)) / system.reading.board.count(ALL, CaseFilter())  # type: ignore[no-any-return]


def test_a_tenth_to_a_seventh_is_referred_and_a_few_of_a_hundred_come_back(system: Any):
    assert 0.10 <= share(system, Move.REFERRED) <= 0.15
    assert 0.03 <= share(system, Move.BOUNCED) <= 0.05


def test_what_was_offered_was_taken_refused_left_lying_and_returned(system: Any):
    told = moved(system)
    found = told["figures"]

    assert min(found[one] for one in ("accepted", "rejected", "returned")) > 0
    assert found["timed"] > found["in_time"]
    assert {one.key for one in told["outcomes"]} >= {Outcome.AGREEMENT, Outcome.FAILED}
    crossed = {(one.start, one.end) for one in told["channels"]}
    assert crossed >= {("court", "people"), ("police", "people"), ("people", "administrative")}


def test_cases_went_up_on_several_grounds_and_came_down(system: Any):
    told = moved(system)

    assert min(told["figures"][one] for one in ("taken_up", "sent_back", "called_up")) > 0
    assert len({one.key for one in told["grounds"]} & set(Ground)) >= 3


def test_offers_lie_open_on_the_desks_of_those_who_can_sign_in(system: Any):
    village = BodyId(body_id("DM990101001001"))

    cards = system.reading.handovers.referrals(Scope(bodies=frozenset({village})), Box.IN, True, None, 20).cards
    assert len([one for one in cards if one.stage == "offered"]) >= 3


@pytest.mark.parametrize("move", Move)
def test_a_figure_of_a_move_is_the_number_of_the_rows_of_its_list(system: Any, move: Move):
    wanted = CaseFilter(moved=move, since=date(2025, 9, 1), until=date(2026, 3, 31))
    rows, after = 0, None
    while True:
        page = system.reading.board.cards(ALL, wanted, after, 7)
        rows, after = rows + len(page.cards), page.after
        if after is None:
            break

    assert rows == system.reading.board.count(ALL, wanted)
