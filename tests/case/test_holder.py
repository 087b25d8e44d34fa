"""责任单位: one body answers for the matter; the highest level that it ever had never falls."""

import pytest

from domain.case.beside.holder import AppointLead, MovedBy, moved_to
from domain.case.kinds import Difficulty
from domain.case.opening.classification import RateDifficulty
from domain.shared.errors import NotAllowedNow
from domain.shared.values import Level
from tests.case.histories import CLOSED, COMMITTEE, UNDER_WAY, after, onward, register, then
from tests.oracle.elsewhere import COUNTY, ESCALATION, TOWN, on_at, recorded

lead = AppointLead(official="陈某", post="副镇长")


def moved(history, to, by=MovedBy.ESCALATION):
    return recorded(history, moved_to(history.state, to, by, ESCALATION, on_at(history)))


def test_it_is_held_by_whoever_answers_for_the_body_that_registered_it():
    case = after(register).state

    assert (case.holder, case.level, case.highest) == (COMMITTEE.id, Level.VILLAGE, Level.VILLAGE)


def test_holder_and_level_change_together():
    case = moved(after(register), TOWN).state

    assert (case.holder, case.level) == (TOWN.id, Level.TOWNSHIP)


def test_the_highest_level_counts_every_one_it_ever_had_and_never_falls():
    up = moved(moved(after(register), TOWN), COUNTY)

    down = moved(up, COMMITTEE, MovedBy.ASSIGNMENT).state

    assert (down.level, down.highest) == (Level.VILLAGE, Level.COUNTY)


def test_the_time_of_a_new_holder_is_counted_by_the_difficulty():
    from_simple = moved(onward(after(register), RateDifficulty(difficulty=Difficulty.SIMPLE)), TOWN).state

    assert from_simple.held_until.clock == "SLA_SIMPLE"
    assert moved(after(register), TOWN).state.held_until.clock == "SLA_ORDINARY"


@pytest.mark.parametrize(("by", "sees"), [(MovedBy.REFERRAL, False), (MovedBy.ESCALATION, True)])
def test_a_matter_that_moves_between_levels_is_seen_whole_a_referred_one_as_far_as_agreed(by, sees):
    case = moved(after(register), TOWN, by).state

    assert (TOWN.id in case.seeing) == sees
    assert COMMITTEE.id in case.seeing


def test_what_comes_back_has_bounced():
    up = moved(after(register), TOWN)

    assert [moved(up, COMMITTEE, by).state.bounces for by in (MovedBy.RETURN, MovedBy.ASSIGNMENT)] == [1, 0]


def test_who_leads_it_is_noted_and_moves_nothing():
    under_way = after(*UNDER_WAY)

    assert onward(under_way, lead).state == under_way.state
    with pytest.raises(NotAllowedNow):
        then(after(*CLOSED), lead)
