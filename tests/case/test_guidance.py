"""引导: a court or the police point the parties to a committee, before they accept the matter; nothing moves by it."""

import pytest

from domain.case.opening.guidance import GuidedToCommittees, GuideParties, OnlyCourtOrPoliceGuide, PartiesGuided
from domain.case.opening.intake import ReceiveRequest
from domain.shared.errors import NotAllowedNow, UnknownBody
from domain.shared.values import Form
from tests.case.histories import COMMITTEE, COURT, UNDER_WAY, accept, after, id_of, onward, register, then
from tests.oracle.elsewhere import KNOWN, ORGAN, PETITIONS, POLICE, TOWN

guide = GuideParties(to=COMMITTEE.id)


@pytest.mark.parametrize("body", [COURT, POLICE])
@pytest.mark.parametrize("past", [(ReceiveRequest(form=Form.ORAL),), (register,)])
def test_a_court_and_the_police_guide_before_acceptance(body, past):
    history = after(*past)

    assert then(history, guide, body=body) == (PartiesGuided(to=COMMITTEE.id, note=""),)
    assert then(history, guide.but(to=None), body=body)


@pytest.mark.parametrize("body", [COMMITTEE, TOWN, ORGAN, PETITIONS])
def test_nobody_else_guides(body):
    with pytest.raises(OnlyCourtOrPoliceGuide):
        then(after(register), guide, body=body)


@pytest.mark.parametrize("to", [COURT, ORGAN, POLICE])
def test_they_are_guided_to_peoples_mediation(to):
    with pytest.raises(GuidedToCommittees):
        then(after(register), guide.but(to=to.id), body=COURT, bodies=KNOWN)
    with pytest.raises(UnknownBody):
        then(after(register), guide.but(to=id_of("nobody")), body=COURT)


@pytest.mark.parametrize("past", [(register, accept), UNDER_WAY])
def test_what_was_accepted_is_referred_and_not_guided(past):
    with pytest.raises(NotAllowedNow):
        then(after(*past), guide, body=COURT)


def test_the_parties_apply_by_themselves_nothing_moves_and_no_clock_starts():
    registered = after(register)

    assert onward(registered, (guide, COURT)).state == registered.state
