"""上行与交办: what is taken up is the upper level's, with new consent; one request waits at a time."""

import pytest

from domain.case.beside.handover import AgreedAlready
from domain.case.beside.holder import MovedBy
from domain.case.beside.levels import EscalationBegan, EscalationOver, RequestGoesOn, refuse_moving, sent_down, taken_up
from domain.case.course import EscalationPhase
from domain.case.ending.closing import CloseCase, StillOnItsWay
from domain.case.kinds import EndGround, Result
from domain.case.mediating.mediation import RemediesToldAlready, TellRemedies
from domain.case.record.joining import MergeCase
from domain.shared.errors import NotAllowedNow
from domain.shared.values import Level
from tests.case.histories import (
    AGREED,
    CLOSED,
    COMMITTEE,
    UNDER_WAY,
    accept,
    after,
    id_of,
    onward,
    register,
    then,
)
from tests.oracle.elsewhere import ESCALATION, TOWN, asked_above, on_at, recorded


def up(history):
    return recorded(history, *taken_up(history.state, ESCALATION, TOWN, on_at(history, body=TOWN)))


def test_one_request_waits_for_its_answer_at_a_time():
    asked = recorded(after(register), asked_above).state

    with pytest.raises(RequestGoesOn):
        refuse_moving(asked, "RequestEscalation")
    with pytest.raises(NotAllowedNow):
        refuse_moving(after(*CLOSED).state, "RequestEscalation")
    refuse_moving(after(register).state, "RequestEscalation")


def test_a_supervised_matter_may_still_be_asked_to_be_taken_up():
    supervised = EscalationBegan(escalation=ESCALATION, phase=EscalationPhase.SUPERVISED, body=TOWN.id)

    refuse_moving(recorded(after(register), supervised).state, "RequestEscalation")


def test_whoever_is_asked_sees_it_and_does_not_hold_it_yet():
    case = recorded(after(register), asked_above).state

    assert TOWN.id in case.seeing
    assert (case.holder, case.highest) == (COMMITTEE.id, Level.VILLAGE)


def test_what_is_sent_back_has_bounced_and_waits_no_more():
    over = EscalationOver(escalation=ESCALATION, how="sent-back", bounced=True)

    case = recorded(after(register), asked_above, over).state

    assert (dict(case.escalations), case.bounces) == ({}, 1)


def test_what_is_taken_up_is_the_upper_levels_and_its_mediation_below_has_ended():
    case = up(after(*UNDER_WAY)).state

    assert (case.holder, case.highest) == (TOWN.id, Level.TOWNSHIP)
    assert case.mediation(1).ground is EndGround.ESCALATED
    assert case.escalations == {ESCALATION: EscalationPhase.TAKEN_UP}


def test_what_went_on_elsewhere_claims_nothing_and_needs_no_remedies():
    taken = up(after(*UNDER_WAY))

    assert not taken.state.mediation(1).remedies_told
    with pytest.raises(RemediesToldAlready):
        then(taken, TellRemedies(mediation=1))
    assert then(taken, CloseCase(result=Result.FAILED))


def test_mediation_above_is_a_new_acceptance_with_new_consent():
    above = onward(up(after(*UNDER_WAY)), (accept, TOWN)).state

    assert above.active_mediation.number == 2
    assert not above.active_mediation.consents


def test_an_agreement_that_awaits_signatures_does_not_move():
    agreed = after(*AGREED)

    with pytest.raises(AgreedAlready):
        taken_up(agreed.state, ESCALATION, TOWN, on_at(agreed))
    with pytest.raises(AgreedAlready):
        sent_down(agreed.state, ESCALATION, COMMITTEE, MovedBy.ASSIGNMENT, [], on_at(agreed))


@pytest.mark.parametrize(("by", "bounces"), [(MovedBy.RETURN, 1), (MovedBy.ASSIGNMENT, 0)])
def test_what_is_sent_down_is_held_below_again_and_keeps_its_highest_level(by, bounces):
    above = up(after(*UNDER_WAY))
    over = EscalationOver(escalation=ESCALATION, how="returned-down")

    down = recorded(above, *sent_down(above.state, ESCALATION, COMMITTEE, by, [over], on_at(above))).state

    assert (down.holder, down.level, down.highest) == (COMMITTEE.id, Level.VILLAGE, Level.TOWNSHIP)
    assert (dict(down.escalations), down.bounces) == ({}, bounces)


def test_what_waits_for_an_answer_from_above_is_not_merged_away():
    with pytest.raises(StillOnItsWay):
        then(recorded(after(register), asked_above), MergeCase(into=id_of("other case"), reason="同一纠纷"))
