"""转办: what a case records of an offer, of who takes it and of who joins; one offer at a time moves the mediation."""

import pytest

from domain.case.beside.handover import (
    AgreedAlready,
    NothingToJoin,
    OfferEnded,
    OfferGoesOn,
    SliceLacks,
    SliceOfOthers,
    accepted,
    disclosures,
    refuse_offer,
    refuse_refused,
    refuse_slice,
)
from domain.case.kinds import EndGround, EvidenceKind, Mandate
from domain.case.mediating.refusal import RefuseMediation
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AlreadyResolved, BothSidesNeeded, RefusalStands
from domain.case.record.papers import FileEvidence
from domain.shared.errors import NotAllowedNow
from domain.shared.slices import Slice
from domain.shared.values import Channel, Form, Level, ReferralKind
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CLOSED,
    COMMITTEE,
    COURT,
    HASH,
    IN_EFFECT,
    RESPONDENT,
    UNDER_WAY,
    ZHANG,
    after,
    hold,
    noon,
    onward,
    register,
    versions,
)
from tests.case.test_performance import breach
from tests.oracle.elsewhere import (
    BOTH,
    ORGAN,
    POLICE,
    REFERRAL,
    TOWN,
    handed_to,
    offer_of,
    on_at,
    recorded,
    taken_over,
)

MANDATES = {
    ReferralKind.DELEGATE: Mandate.DELEGATED,
    ReferralKind.ENTRUST: Mandate.ENTRUSTED,
    ReferralKind.TRANSFER: Mandate.TRANSFERRED,
}


def take(history, kind=ReferralKind.TRANSFER, to=TOWN):
    offered = recorded(history, offer_of(kind, to))
    return accepted(offered.state, handed_to(to, kind), POLICE, on_at(offered, body=to), on_platform=False)


def test_an_open_offer_or_one_that_was_taken_stands_in_the_way_of_another():
    offered = recorded(after(register), offer_of()).state
    taken = recorded(after(register), offer_of(), handed_to(TOWN)).state

    for case in (offered, taken):
        with pytest.raises(OfferGoesOn):
            refuse_offer(case, moves_mediation=True)
        refuse_offer(case, moves_mediation=False)


def test_an_invitation_stands_in_nobodys_way():
    invited = recorded(after(*UNDER_WAY), offer_of(ReferralKind.INVITE)).state

    refuse_offer(invited, moves_mediation=True)


def test_once_an_offer_is_over_another_may_be_made():
    over = recorded(after(register), offer_of(), OfferEnded(referral=REFERRAL, how="rejected", bounced=True)).state

    refuse_offer(over, moves_mediation=True)
    assert (dict(over.offers), over.bounces) == ({}, 1)


def test_what_is_closed_agreed_or_resolved_is_not_offered():
    with pytest.raises(NotAllowedNow):
        refuse_offer(after(*CLOSED).state, moves_mediation=False)
    with pytest.raises(AgreedAlready):
        refuse_offer(after(*AGREED).state, moves_mediation=True)
    with pytest.raises(AlreadyResolved):
        refuse_offer(after(*IN_EFFECT).state, moves_mediation=True)

    refuse_offer(onward(after(*IN_EFFECT), breach, at=noon(4, 2)).state, moves_mediation=True)


def test_nobody_is_offered_what_a_party_has_refused_in_their_channel():
    refused = after(register, RefuseMediation(party=RESPONDENT)).state

    with pytest.raises(RefusalStands):
        refuse_refused(refused, [ORGAN, TOWN])
    refuse_refused(refused, [ORGAN, POLICE])


def test_a_slice_holds_papers_evidence_records_and_agreements_and_nothing_else():
    held = after(*UNDER_WAY, hold)
    (record,), (note,) = versions(held, "session_held"), versions(held, "mediation_started")

    refuse_slice(held, Slice(parties=BOTH, entries=(record,)), BOTH)
    for wrong in (note, 99):
        with pytest.raises(SliceLacks):
            refuse_slice(held, Slice(parties=BOTH, entries=(wrong,)), BOTH)


def test_a_slice_holds_only_what_those_who_consent_have_given():
    filed = after(register, FileEvidence(party=RESPONDENT, kind=EvidenceKind.PHOTO, sha256=HASH))
    content = Slice(parties=(APPLICANT,), entries=tuple(versions(filed, "evidence_filed")))

    refuse_slice(filed, content, BOTH)
    with pytest.raises(SliceOfOthers):
        refuse_slice(filed, content, (APPLICANT,))


def test_a_consent_to_be_told_is_recorded_once():
    registered = after(register)
    told = disclosures(registered.state, BOTH, [TOWN.id], Form.ORAL)

    again = disclosures(recorded(registered, *told).state, BOTH, [TOWN.id, ORGAN.id], Form.ORAL)

    assert len(told) == 2
    assert {one.subject.body for one in again} == {ORGAN.id}


@pytest.mark.parametrize("kind", MANDATES)
def test_whoever_accepts_opens_a_mediation_of_its_own_without_consents_or_mediators(kind):
    case = taken_over(after(*UNDER_WAY), kind, POLICE, TOWN).state

    old, new = case.mediation(1), case.mediation(2)

    assert (old.stage, old.ground) == (Stage.ENDED, EndGround.REFERRED)
    assert (new.body, new.mandate, new.referral) == (TOWN.id, MANDATES[kind], REFERRAL)
    assert not new.consents
    assert not new.mediators
    assert (dict(case.offers), set(case.handed)) == ({}, {REFERRAL})


def test_the_mediation_is_in_the_channel_of_whoever_accepts():
    case = taken_over(after(register), ReferralKind.DELEGATE, COURT, ORGAN).state

    assert case.mediation(1).channel is Channel.ADMINISTRATIVE


@pytest.mark.parametrize("kind", MANDATES)
def test_only_a_transfer_moves_holder_and_level(kind):
    case = taken_over(after(register), kind, POLICE, TOWN).state

    transferred = kind is ReferralKind.TRANSFER

    assert case.holder == (TOWN.id if transferred else COMMITTEE.id)
    assert case.highest is (Level.TOWNSHIP if transferred else Level.VILLAGE)
    assert TOWN.id not in case.seeing
    assert case.given[TOWN.id].parties == BOTH


def test_between_offer_and_answer_a_party_may_refuse_leave_agree_or_settle():
    with pytest.raises(RefusalStands):
        take(after(register, RefuseMediation(party=RESPONDENT)))
    with pytest.raises(BothSidesNeeded):
        take(after(register.but(parties=(ZHANG,))))
    with pytest.raises(AgreedAlready):
        take(after(*AGREED))
    with pytest.raises(AlreadyResolved):
        take(after(*IN_EFFECT))


def test_an_invited_body_mediates_along_and_number_clock_and_holder_stay():
    under_way = after(*UNDER_WAY)

    case = taken_over(under_way, ReferralKind.INVITE, COMMITTEE, ORGAN).state

    assert case.mediation(1).joint == {ORGAN.id}
    assert case.mediation(1).but(joint=frozenset()) == under_way.state.mediation(1)
    assert case.holder == COMMITTEE.id


@pytest.mark.parametrize("past", [(register,), AGREED, IN_EFFECT])
def test_nobody_joins_where_nothing_is_mediated(past):
    with pytest.raises(NothingToJoin):
        take(after(*past), ReferralKind.INVITE, ORGAN)


def test_an_earlier_state_has_nobody_who_joined_later_nor_who_left():
    under_way = onward(after(*UNDER_WAY[:1]), *UNDER_WAY[1:], at=noon(3, 20))
    joined = recorded(under_way, *take(under_way, ReferralKind.INVITE, ORGAN)[1:], at=noon(3, 21))

    assert joined.effective_at(noon(3, 19)).mediations == {}
    assert joined.effective_at(noon(3, 21)) == joined.state
