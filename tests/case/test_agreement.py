"""调解协议: reached with everyone, signed once, and binding by the rule of its channel and mandate."""

from datetime import date, timedelta

import pytest

from domain.case.kinds import Category, Extent, Mandate, Side
from domain.case.mediating.agreement import DueBeforeAgreement, Item, ObligorIsNoParty, Promise, WrittenFormNeeded
from domain.case.mediating.mediators import AcceptMediator
from domain.case.mediating.signing import AlreadySigned, MediatorNotAccepted, OralIsNotSigned, RecordCourtDocument
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AcceptCase, OnlyOnACourtsPlatform
from domain.case.opening.category import ClassifyCase
from domain.case.opening.parties import AddParty, WithdrawParty
from domain.shared.errors import NotAllowedNow
from domain.shared.values import BodyKind, PersonId
from tests.case.histories import (
    AGREED,
    APPLICANT,
    COMMITTEE,
    IN_EFFECT,
    RESPONDENT,
    UNDER_WAY,
    WANG,
    after,
    agree,
    agree_orally,
    hold,
    id_of,
    letter,
    noon,
    onward,
    propose,
    register,
    seal,
    sign_applicant,
    sign_mediator,
    sign_respondent,
    then,
    under,
)

document = RecordCourtDocument(mediation=1, reference="(2026)民初1号")
ALL = (sign_applicant, sign_respondent, sign_mediator, seal)


def effect(history):
    """The moment of effect; None: not in effect."""
    mediation = history.state.mediation(1)
    return mediation.since if mediation.stage is Stage.IN_EFFECT else None


def in_turn(history, steps):
    for day, step in enumerate(steps, 10):
        history = onward(history, step, at=noon(3, day))
    return history


@pytest.mark.parametrize("last", ALL)
def test_a_written_agreement_binds_with_the_last_of_signatures_mediator_and_seal(last):
    others = [step for step in ALL if step is not last]

    waiting = in_turn(after(*AGREED), others)
    bound = onward(waiting, last, at=noon(3, 13))

    assert effect(waiting) is None
    assert effect(bound) == noon(3, 13)
    assert bound.state.resolved_at == noon(3, 13)


def test_it_binds_from_the_last_signature_in_whatever_order_they_are_recorded():
    waiting = in_turn(after(*AGREED), [seal, sign_mediator, sign_applicant])

    bound = onward(waiting, sign_respondent, at=noon(3, 9))

    assert effect(bound) == noon(3, 12)


def test_a_state_of_an_earlier_time_is_not_yet_bound():
    waiting = in_turn(after(*AGREED), [seal, sign_mediator, sign_applicant])
    bound = onward(waiting, sign_respondent, at=noon(3, 9))

    earlier, later = bound.effective_at(noon(3, 11)), bound.effective_at(noon(3, 12))

    assert (earlier.mediation(1).stage, later.mediation(1).stage) == (Stage.AGREED, Stage.IN_EFFECT)
    assert earlier.resolved_at is None


def test_an_oral_agreement_binds_on_the_day_it_is_reached():
    bound = onward(after(*UNDER_WAY, hold), agree_orally, at=noon(3, 10))

    assert effect(bound) == noon(3, 10)
    with pytest.raises(NotAllowedNow):
        then(bound, sign_applicant)


def test_on_the_courts_platform_the_last_partys_signature_binds():
    waiting = in_turn(after(*under(on_platform=True)), [sign_applicant])

    bound = onward(waiting, sign_respondent, at=noon(3, 11))

    assert (effect(waiting), effect(bound)) == (None, noon(3, 11))


def test_on_the_platform_mediator_and_seal_bind_nobody():
    sealed = in_turn(after(*under(on_platform=True)), [sign_mediator, seal, sign_applicant])

    assert effect(sealed) is None


def test_a_delegated_agreement_binds_with_the_last_partys_signature():
    waiting = in_turn(after(*under(Mandate.DELEGATED)), [sign_applicant, sign_mediator, seal])

    bound = onward(waiting, sign_respondent, at=noon(3, 13))

    assert (effect(waiting), effect(bound)) == (None, noon(3, 13))


def test_a_delegated_agreement_needs_no_mediators_signature_and_no_seal():
    signed = in_turn(after(*under(Mandate.DELEGATED)), [sign_applicant, sign_respondent])

    assert effect(signed) == signed.entries[-1].occurred_at


def test_an_entrusted_agreement_binds_with_the_courts_document_alone():
    signed = in_turn(after(*under(Mandate.ENTRUSTED)), ALL)

    bound = onward(signed, document, at=noon(3, 20))

    assert (effect(signed), effect(bound)) == (None, noon(3, 20))
    assert bound.state.mediation(1).reached.confirm_by is None


def test_the_courts_document_binds_nothing_that_the_court_did_not_entrust():
    agreed = after(*AGREED)

    assert effect(onward(agreed, document)) is None


@pytest.mark.parametrize(("step", "history"), [(sign_applicant, AGREED), (sign_mediator, AGREED), (seal, AGREED)])
def test_it_is_signed_and_sealed_once(step, history):
    signed = onward(after(*history), step)

    with pytest.raises(AlreadySigned):
        then(signed, step)


@pytest.mark.parametrize("step", ALL)
def test_an_oral_agreement_is_neither_signed_nor_sealed(step):
    orally = onward(after(*UNDER_WAY), agree_orally)
    waiting = orally.state.with_mediation(1, stage=Stage.AGREED)

    with pytest.raises(OralIsNotSigned):
        step.guard(waiting)


def of(category, past):
    return tuple(one.but(category=category) if one is register else one for one in past)


@pytest.mark.parametrize(
    "past",
    [
        of(Category.LABOUR, UNDER_WAY),  # 劳动争议调解仲裁法 14: 应当制作调解协议书
        of(Category.MEDICAL, UNDER_WAY),  # 医疗纠纷条例 39: 应当制作调解协议书
        of(Category.LABOUR, under(Mandate.DELEGATED)[:-1]),
        under(on_platform=True)[:-1],  # 在线调解规则 19: 应当在线制作或者上传调解协议
    ],
)
def test_what_the_law_asks_for_in_writing_is_not_agreed_orally(past):
    under_way = after(*past)

    with pytest.raises(WrittenFormNeeded):
        then(under_way, agree_orally)
    assert then(under_way, agree)


def test_a_case_that_was_found_to_be_a_labour_dispute_is_agreed_in_writing():
    found = onward(after(*UNDER_WAY), ClassifyCase(category=Category.LABOUR))

    with pytest.raises(WrittenFormNeeded):
        then(found, agree_orally)


def test_what_the_court_delegated_may_be_agreed_orally_and_binds_with_the_signatures_in_the_record():
    """特邀调解规定 23: 可以采取口头协议方式; 24: 在…调解笔录上签名, 自双方当事人签名…后生效."""
    orally = onward(after(*under(Mandate.DELEGATED)[:-1]), agree_orally)

    assert orally.state.mediation(1).stage is Stage.AGREED
    assert effect(in_turn(orally, [sign_applicant, sign_respondent])) == noon(3, 11)


def test_what_the_court_entrusted_may_be_agreed_orally_and_binds_with_its_document():
    orally = onward(after(*under(Mandate.ENTRUSTED)[:-1]), agree_orally)

    assert effect(in_turn(orally, [document])) == noon(3, 10)


def test_a_mediator_whom_a_party_did_not_accept_does_not_sign():
    other = sign_mediator.but(mediator=WANG)
    proposed = (*UNDER_WAY[:-1], propose.but(mediator=WANG), *AGREED[-3:])
    accepted_by_one = onward(after(*proposed), AcceptMediator(mediation=1, mediator=WANG, parties=(APPLICANT,)))

    with pytest.raises(MediatorNotAccepted) as refusal:
        then(accepted_by_one, other)
    assert refusal.value.details["parties"] == [RESPONDENT], "it says who has not accepted"
    later = onward(accepted_by_one, AcceptMediator(mediation=1, mediator=WANG, parties=(RESPONDENT,)))
    assert then(later, other)


def test_nothing_is_due_before_it_is_promised():
    early = Promise(obligor=RESPONDENT, what="道歉", due=date(2026, 3, 2))
    under_way = after(*UNDER_WAY)

    with pytest.raises(DueBeforeAgreement):
        then(under_way, agree.but(obligations=(early,)), occurred_at=noon(3, 3))
    assert then(under_way, agree.but(obligations=(early,)), occurred_at=noon(3, 2))


def test_only_a_party_promises():
    stranger = Promise(obligor=PersonId(id_of("stranger")), what="付款")

    with pytest.raises(ObligorIsNoParty):
        then(after(*UNDER_WAY), agree.but(obligations=(stranger,)))


def test_who_has_left_promises_nothing():
    added = onward(after(*UNDER_WAY), AddParty(side=Side.THIRD, name="赵六"))
    (third,) = set(added.state.parties) - {APPLICANT, RESPONDENT}
    left = onward(added, WithdrawParty(party=third))

    with pytest.raises(ObligorIsNoParty):
        then(left, agree.but(obligations=(Promise(obligor=third, what="付款"),)))


def test_what_an_agreement_lacks_warns_and_does_not_refuse():
    bare, full = agree.but(obligations=()), agree.but(facts="墙", issues="界", responsibility="甲", manner="拆除")

    lacks = [then(after(*UNDER_WAY), one)[0].lacks for one in (bare, full)]

    assert lacks == [(Item.FACTS, Item.ISSUES, Item.RESPONSIBILITY, Item.MANNER), ()]
    assert (
        Item.TIME in then(after(*UNDER_WAY), agree.but(obligations=(Promise(obligor=APPLICANT, what="还"),)))[0].lacks
    )


def test_a_partial_agreement_binds_and_leaves_the_dispute_unresolved():
    partial = tuple(agree.but(extent=Extent.PARTIAL) if one is agree else one for one in IN_EFFECT)

    history = after(*partial)

    assert effect(history) is not None
    assert history.state.resolved_at is None


def test_no_signature_is_dated_before_the_agreement():
    agreed = after(*AGREED)
    reached = agreed.state.mediation(1).since

    with pytest.raises(Exception, match="BeforeWhatItBuildsOn"):
        then(agreed, sign_applicant, occurred_at=reached - timedelta(seconds=1))


@pytest.mark.parametrize("category", [Category.LABOUR, Category.MEDICAL])
def test_what_was_agreed_orally_is_not_classified_afterwards_into_what_the_law_wants_in_writing(category):
    oral = after(*UNDER_WAY, agree_orally)

    with pytest.raises(WrittenFormNeeded):
        then(oral, ClassifyCase(category=category))
    assert then(oral, ClassifyCase(category=Category.NEIGHBOURS))
    assert then(after(*AGREED), ClassifyCase(category=category))


def test_nobody_but_a_court_enters_its_platform_unless_it_delegated_or_entrusted_the_matter():
    """What is agreed there binds without mediator and seal (在线调解规则 19)."""
    with pytest.raises(OnlyOnACourtsPlatform):
        then(after(register), AcceptCase(on_platform=True))
    for body, past in ((COMMITTEE.but(kind=BodyKind.COURT), ()), (COMMITTEE, (letter(Mandate.DELEGATED),))):
        mandate = Mandate.DELEGATED if past else Mandate.OWN
        assert then(after(register, *past), AcceptCase(on_platform=True, mandate=mandate), body=body)
