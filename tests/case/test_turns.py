"""轮次: who sees all of a case, from when until when; what a body read in its turn it reads on."""

from __future__ import annotations

import pytest

from domain.case.beside.holder import HolderChanged, MovedBy, moved_to
from domain.case.beside.levels import EscalationBegan, EscalationOver, sent_down, taken_up
from domain.case.beside.turns import end_of_turn, reads_a_part, reads_all
from domain.case.course import EscalationPhase
from domain.case.opening.intake import CaseRegistered
from domain.case.opening.risk_reports import AnswerRiskReport, ReportRisk
from domain.shared.slices import NOTHING
from tests.case.histories import COMMITTEE, COURT, GRID_POST, UNDER_WAY, after, onward, register
from tests.oracle.elsewhere import ESCALATION, KNOWN, POLICE, TOWN, asked_above, on_at, recorded

SENT_BACK = EscalationOver(escalation=ESCALATION, how="sent-back", bounced=True)
SUPERVISED = EscalationBegan(escalation=ESCALATION, phase=EscalationPhase.SUPERVISED, body=TOWN.id)


def moved(history, to, by=MovedBy.REFERRAL):
    return recorded(history, moved_to(history.state, to, by, ESCALATION, on_at(history, body=to)))


def up(history):
    return recorded(history, *taken_up(history.state, ESCALATION, TOWN, on_at(history, body=TOWN)))


def down(history):
    on = on_at(history, body=TOWN)
    return recorded(history, *sent_down(history.state, ESCALATION, COMMITTEE, MovedBy.RETURN, [SENT_BACK], on))


def last_of(history, kind):
    return max(one.version for one in history.entries if isinstance(one.event, kind))


@pytest.mark.parametrize("go", [up, lambda history: moved(history, COURT)], ids=["level", "referral"])
def test_a_turn_is_over_once_another_body_holds_the_matter_however_it_went_there(go):
    history = go(after(*UNDER_WAY))

    assert COMMITTEE.id in reads_a_part(history.state)
    assert COMMITTEE.id not in reads_all(history.state)
    assert end_of_turn(history, COMMITTEE.id) == last_of(history, HolderChanged)


def test_a_matter_that_comes_home_is_read_as_a_whole_again_and_the_other_turn_is_over():
    history = down(up(after(*UNDER_WAY)))

    assert reads_all(history.state) == {COMMITTEE.id}
    assert end_of_turn(history, TOWN.id) == last_of(history, HolderChanged)


def test_who_was_asked_reads_until_the_answer_and_who_supervises_until_that_is_over():
    for began in (asked_above, SUPERVISED):
        asked = recorded(after(register), began)
        assert reads_all(asked.state) == {COMMITTEE.id, TOWN.id}

        over = recorded(asked, SENT_BACK)

        assert (reads_all(over.state), reads_a_part(over.state)) == ({COMMITTEE.id}, {TOWN.id})
        assert end_of_turn(over, TOWN.id) == over.version


def test_who_supervises_reads_on_when_the_matter_moves():
    history = moved(recorded(after(register), SUPERVISED), COURT)

    assert reads_all(history.state) == {TOWN.id}


def test_who_is_asked_once_more_reads_all_of_it_once_more():
    again = recorded(after(register), asked_above, SENT_BACK, asked_above)

    assert TOWN.id in reads_all(again.state)


def test_what_comes_back_by_a_referral_is_read_as_far_as_it_was_handed_over():
    history = moved(moved(after(*UNDER_WAY), COURT), COMMITTEE)

    assert COMMITTEE.id not in reads_all(history.state)
    assert end_of_turn(history, COMMITTEE.id) < history.version


def test_whoever_registered_it_for_another_body_reads_it_as_that_body_does():
    history = after(register)
    first = next(one.event for one in history.entries if isinstance(one.event, CaseRegistered))
    by_the_grid = recorded(after(), first.but(registered_by=GRID_POST.id))
    assert GRID_POST.id in reads_all(by_the_grid.state)

    gone = moved(by_the_grid, COURT)

    assert GRID_POST.id in reads_a_part(gone.state)
    assert end_of_turn(gone, GRID_POST.id) == end_of_turn(gone, COMMITTEE.id) == gone.version


def test_a_body_that_never_saw_all_of_it_had_no_turn():
    history = moved(after(*UNDER_WAY), COURT)

    assert end_of_turn(history, COURT.id) == 0


REPORT = ReportRisk(recipient_name="派出所", recipient_body=POLICE.id)
ANSWER = AnswerRiskReport(report=1, answer="已出警")
BODIES = {"bodies": KNOWN}


def test_who_is_told_of_a_danger_reads_until_it_has_answered_all_that_it_was_told():
    once = onward(after(register), REPORT, **BODIES)
    twice = onward(once, REPORT, **BODIES)
    assert POLICE.id in reads_all(twice.state)

    first = onward(twice, (ANSWER, POLICE))
    assert POLICE.id in reads_all(first.state)
    second = onward(first, (ANSWER.but(report=2), POLICE))

    assert POLICE.id in reads_a_part(second.state)
    assert end_of_turn(second, POLICE.id) == second.version


def test_who_holds_the_matter_reads_on_when_it_has_answered():
    held = moved(onward(after(register), REPORT, **BODIES), POLICE)

    assert POLICE.id in reads_all(onward(held, (ANSWER, POLICE)).state)


def test_who_reads_a_part_tells_of_that_part_and_shows_nobody_more():
    told = onward(moved(after(*UNDER_WAY), COURT), (REPORT, COMMITTEE), **BODIES)

    assert POLICE.id in reads_a_part(told.state)
    assert told.state.given[POLICE.id] == NOTHING
