"""反馈: a referral returns with what its mediation came to, and an unresolved transfer goes back to its sender."""

import pytest

from domain.case.beside.referral_return import NotConcluded, OutcomeDoesNotFit, came_back, outcome_of, refuse_return
from domain.case.kinds import AgreementForm, EndGround, Extent, Mandate
from domain.case.mediating.mediation import FOLLOWS, EndMediation
from domain.case.record.correction import BuiltUpon
from domain.shared.values import ReferralKind
from tests.case.histories import IN_EFFECT, UNDER_WAY, after, agree, onward, register, then, under
from tests.case.test_correction import strike
from tests.oracle.elsewhere import POLICE, REFERRAL, TOWN, on_at, out_of_time, recorded, taken_over

OUTCOMES = {
    EndGround.FAILED: "failed",
    EndGround.PARTY_ENDED: "failed",
    EndGround.WITHDRAWN: "withdrawn",
    EndGround.REFUSED: "refused",
    EndGround.OUT_OF_CONTACT: "out-of-contact",
    EndGround.SELF_SETTLED: "self-settled",
    EndGround.TO_ADMINISTRATIVE: "withdrawn",
    EndGround.TO_ARBITRATION: "withdrawn",
    EndGround.TO_COURT: "withdrawn",
    EndGround.PUBLIC_ORDER: "withdrawn",
    EndGround.CRIMINAL: "withdrawn",
}
fail = EndMediation(mediation=1, because=EndGround.FAILED, remedies_told=True)


def outcome(*past):
    return outcome_of(after(*past).state.mediation(1))


def test_every_end_has_its_outcome():
    ends = {
        ground: outcome(*UNDER_WAY, EndMediation(mediation=1, because=ground, remedies_told=True))
        for ground in set(EndGround) - FOLLOWS
    }

    assert ends == OUTCOMES
    assert outcome_of(out_of_time().state.mediation(1)) == "failed"


def test_an_agreement_is_an_outcome_once_it_is_in_effect_or_entrusted_and_agreed():
    partial = agree.but(extent=Extent.PARTIAL, form=AgreementForm.ORAL)

    assert outcome(*UNDER_WAY) is None
    assert outcome(*under(Mandate.DELEGATED)) is None
    assert outcome(*under(Mandate.ENTRUSTED)) == "agreement"
    assert outcome(*IN_EFFECT) == "agreement"
    assert outcome(*UNDER_WAY, partial) == "partial-agreement"


def test_nothing_returns_while_its_mediation_goes_on_nor_with_what_it_did_not_come_to():
    handed = taken_over(after(register), ReferralKind.TRANSFER, POLICE, TOWN)
    ended = onward(handed, fail)

    with pytest.raises(NotConcluded):
        refuse_return(handed.state, REFERRAL, "failed")
    with pytest.raises(OutcomeDoesNotFit):
        refuse_return(ended.state, REFERRAL, "agreement")
    refuse_return(ended.state, REFERRAL, "failed")


def test_another_referrals_mediation_is_not_asked():
    refuse_return(after(*UNDER_WAY).state, REFERRAL, "withdrawn")


def test_an_unresolved_transfer_is_its_senders_again_and_has_bounced():
    ended = onward(taken_over(after(register), ReferralKind.TRANSFER, POLICE, TOWN), fail)

    back = recorded(ended, *came_back(ended.state, REFERRAL, "failed", POLICE, on_at(ended))).state

    assert (back.holder, back.level, set(back.handed)) == (POLICE.id, POLICE.level, set())
    assert back.bounces == 1


def test_an_end_that_the_referral_tells_too_is_not_struck():
    ended = onward(taken_over(after(register), ReferralKind.TRANSFER, POLICE, TOWN), fail)
    back = recorded(ended, *came_back(ended.state, REFERRAL, "failed", POLICE, on_at(ended)))

    assert then(ended, strike(ended, "mediation_ended"))
    with pytest.raises(BuiltUpon):
        then(back, strike(back, "mediation_ended"))


def test_what_was_resolved_stays_where_it_was_resolved():
    ended = onward(taken_over(after(register), ReferralKind.TRANSFER, POLICE, TOWN), fail)

    stays = recorded(ended, *came_back(ended.state, REFERRAL, "agreement", None, on_at(ended))).state
    held = recorded(ended, *came_back(ended.state, REFERRAL, "failed", TOWN, on_at(ended))).state

    assert (stays.holder, stays.bounces) == (TOWN.id, 0)
    assert (held.holder, held.bounces) == (TOWN.id, 0)
