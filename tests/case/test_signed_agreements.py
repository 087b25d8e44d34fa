"""更正已签协议: nothing of an agreement that was ever signed is changed without the consent of every party."""

import pytest

from domain.case.kinds import Mandate
from domain.case.mediating.unanimous import ConsentMissing
from domain.case.mediations import Stage
from domain.case.record.correction import BuiltUpon, StrikeEntry
from tests.case.histories import (
    AGREED,
    APPLICANT,
    IN_EFFECT,
    UNDER_WAY,
    after,
    agree,
    agree_orally,
    noon,
    onward,
    seal,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    then,
    under,
)
from tests.case.test_agreement import document
from tests.case.test_correction import BOTH, correct, strike, versions
from tests.case.test_decided_consents import third


def test_a_signed_agreement_is_corrected_and_struck_with_the_consent_of_all():
    signed, unsigned = after(*AGREED, sign_applicant), after(*AGREED)
    manner = {"changes": {"manner": "拆除"}}

    assert then(unsigned, correct(unsigned, "agreement_reached", **manner))
    for missing in ((), (APPLICANT,)):
        with pytest.raises(ConsentMissing):
            then(signed, correct(signed, "agreement_reached", consented=missing, **manner))
        with pytest.raises(ConsentMissing):
            then(signed, strike(signed, "agreement_signed", "agreement_reached", consented=missing))
    assert onward(signed, correct(signed, "agreement_reached", consented=BOTH, **manner))
    struck = onward(signed, strike(signed, "agreement_signed", "agreement_reached", consented=BOTH))

    assert struck.state.mediation(1).stage is Stage.UNDER_WAY


@pytest.mark.parametrize(
    "name", ["agreement_signed", "agreement_signed_by_mediator", "agreement_sealed", "agreement_reached"]
)
def test_nothing_of_a_signed_agreement_is_changed_without_the_consent_of_all(name):
    in_effect = after(*IN_EFFECT)
    moved = correct(in_effect, name, happened_at=noon(3, 2))

    for one in (moved, strike(in_effect, name)):
        for missing in ((), (APPLICANT,)):
            with pytest.raises((ConsentMissing, BuiltUpon)) as refusal:
                then(in_effect, one.but(consented=missing))
            assert name == "agreement_reached" or isinstance(refusal.value, ConsentMissing)


def test_who_is_struck_before_they_signed_is_asked_as_well_where_the_agreement_binds_by_that():
    waiting = onward(after(*AGREED), sign_mediator, third, sign_applicant, sign_respondent, seal)
    (*_, joined) = versions(waiting, "party_added")
    gone = StrikeEntry(entries=(joined,), reason="误录", consented=BOTH)

    with pytest.raises(ConsentMissing):
        then(waiting, gone)
    struck = onward(waiting, gone.but(consented=tuple(waiting.state.parties)))

    assert struck.state.mediation(1).stage is Stage.IN_EFFECT


def test_striking_the_signatures_first_is_no_way_round():
    signed = after(*AGREED, sign_applicant)

    with pytest.raises(ConsentMissing):
        then(signed, strike(signed, "agreement_signed"))
    unsigned = onward(signed, strike(signed, "agreement_signed", consented=BOTH))
    for command in (
        strike(unsigned, "agreement_reached"),
        correct(unsigned, "agreement_reached", changes={"manner": "拆除"}),
    ):
        with pytest.raises(ConsentMissing):
            then(unsigned, command)
        assert then(unsigned, command.but(consented=BOTH))


def test_what_the_court_made_of_it_and_what_was_agreed_orally_too():
    entrusted = onward(after(*under(Mandate.ENTRUSTED)), document)
    oral = after(*UNDER_WAY, agree_orally)

    for history, name in ((entrusted, "court_document_issued"), (oral, "agreement_reached")):
        with pytest.raises(ConsentMissing):
            then(history, strike(history, name))
        assert then(history, strike(history, name, consented=BOTH))


def test_an_agreement_that_nobody_has_signed_needs_nobodys_consent_nor_does_the_next_one():
    unsigned = after(*AGREED, seal)
    signed = after(*AGREED, sign_applicant)
    again = onward(signed, strike(signed, "agreement_signed", "agreement_reached", consented=BOTH), agree)

    assert then(unsigned, strike(unsigned, "agreement_sealed"))
    assert then(again, correct(again, "agreement_reached", which=-1, changes={"manner": "拆除"}))
