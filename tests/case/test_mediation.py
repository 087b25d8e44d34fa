"""调解: it pauses where a law says so, is extended by all, and ends when a party wants, told of the remedies."""

from datetime import date

import pytest

from domain.case.kinds import Category, EndGround, Mandate, Side
from domain.case.mediating.consent import GiveConsent, ToMediation
from domain.case.mediating.mediation import (
    FOLLOWS,
    ConsentNeeded,
    EndMediation,
    EndsByItself,
    MediationEnded,
    NoMediatorAccepted,
    PauseMediation,
    PauseNotProvided,
    RemediesNotTold,
    ResumeMediation,
    RightsNotTold,
)
from domain.case.mediating.mediation_extension import ExtendMediation, NotLater
from domain.case.mediating.starting import OnlyOfRoadAccidents, SettledBetween
from domain.case.mediating.unanimous import ConsentMissing
from domain.case.mediations import Stage
from domain.case.opening.acceptance import AcceptCase
from domain.case.opening.category import ClassifyCase
from domain.case.opening.parties import AddParty, TellRights
from domain.case.record.correction import BuiltUpon
from domain.shared.errors import NotAllowedNow
from domain.shared.values import Channel
from tests.case.histories import (
    AGREED,
    APPLICANT,
    CALENDAR,
    CONSENTED,
    FAILED,
    IN_EFFECT,
    RESPONDENT,
    UNDER_WAY,
    accept,
    after,
    agree,
    applicant_consents,
    as_mandated,
    both_accept,
    fail,
    hold,
    noon,
    onward,
    propose,
    register,
    start,
    tell_rights,
    then,
)
from tests.case.test_correction import correct
from tests.oracle.elsewhere import BOTH, ORGAN

pause = PauseMediation(mediation=1, appraisal="房屋损坏鉴定")
resume = ResumeMediation(mediation=1)
extend = ExtendMediation(mediation=1, until=date(2026, 5, 6), consented=(APPLICANT, RESPONDENT))
BY_A_PERSON = frozenset(EndGround) - FOLLOWS
end = EndMediation(mediation=1, because=EndGround.PARTY_ENDED, remedies_told=True)


def delegated():
    return after(*as_mandated(UNDER_WAY, AcceptCase(mandate=Mandate.DELEGATED)))


def test_it_starts_once_all_have_consented():
    one_of_them = after(register, accept, applicant_consents)

    with pytest.raises(ConsentNeeded) as refusal:
        then(one_of_them, start)
    assert refusal.value.details["parties"] == [RESPONDENT]


@pytest.mark.parametrize("command", [hold, agree])
def test_nothing_is_mediated_before_the_start_and_it_is_said_whom_that_waits_for(command):
    with pytest.raises(ConsentNeeded):
        then(after(*CONSENTED[:-1]), command)
    with pytest.raises(NoMediatorAccepted) as refusal:
        then(after(*CONSENTED), command)
    assert refusal.value.details["parties"] == sorted((APPLICANT, RESPONDENT))
    with pytest.raises(NotAllowedNow):
        then(after(*UNDER_WAY[:-1]), command)


def test_a_stage_that_is_over_is_told_whatever_else_is_missing():
    joined = onward(after(*UNDER_WAY), AddParty(side=Side.APPLICANT, name="王五"))

    with pytest.raises(ConsentNeeded):
        then(joined, hold)
    for history, command in ((joined, start), (onward(joined, fail), hold)):
        with pytest.raises(NotAllowedNow):
            then(history, command)


def test_a_pause_exists_only_where_a_law_gives_one():
    ordinary = after(*UNDER_WAY)

    with pytest.raises(PauseNotProvided):
        then(ordinary, pause)


def test_medical_and_delegated_mediations_pause_for_an_appraisal():
    medical = onward(after(*UNDER_WAY), ClassifyCase(category=Category.MEDICAL))

    bases = [then(history, pause)[0].basis for history in (medical, delegated())]

    assert bases == ["《医疗纠纷预防和处理条例》第三十八条", "《人民法院在线调解规则》第二十六条"]


def test_the_days_of_a_pause_do_not_count():
    paused = onward(delegated(), pause, at=noon(3, 10))

    resumed = onward(paused, resume, at=noon(3, 20))

    assert paused.state.mediation(1).stage is Stage.PAUSED
    assert paused.state.mediation(1).conclude_by == date(2026, 4, 1)
    assert resumed.state.mediation(1).conclude_by == date(2026, 4, 13)  # 11 April is a Saturday
    assert resumed.state.mediation(1).stage is Stage.UNDER_WAY


def test_the_days_of_a_pause_move_it_beyond_the_last_notice_and_then_it_is_provisional():
    paused = onward(delegated(), pause, at=noon(3, 10))
    calendar = CALENDAR.but(published_until=date(2026, 4, 10))

    resumed = onward(paused, resume, at=noon(3, 20), calendar=calendar).state.mediation(1).conclude

    assert (resumed.day, resumed.provisional) == (date(2026, 4, 13), True)
    assert not onward(paused, resume, at=noon(3, 20)).state.mediation(1).conclude.provisional


def test_a_paused_mediation_holds_no_session():
    paused = onward(delegated(), pause)

    with pytest.raises(NotAllowedNow):
        then(paused, hold)


def test_an_extension_needs_the_consent_of_all():
    under_way = after(*UNDER_WAY)

    with pytest.raises(ConsentMissing):
        then(under_way, extend.but(consented=(APPLICANT,)))

    assert onward(under_way, extend).state.mediation(1).conclude_by == date(2026, 5, 6)


def test_an_extension_ends_later():
    under_way = after(*UNDER_WAY)

    with pytest.raises(NotLater):
        then(under_way, extend.but(until=date(2026, 4, 2)))


def test_an_extension_stays_later_than_the_time_that_it_extends():
    """Opened on 2 March, thirty days end on 1 April; opened on the 10th, on 9 April, extended or not."""
    consented = onward(after(register, accept), *CONSENTED[2:], at=noon(3, 12))
    short, long = (onward(consented, extend.but(until=date(2026, *day)), at=noon(3, 12)) for day in ((4, 3), (5, 6)))

    def later(history):
        return then(history, correct(history, "mediation_opened", happened_at=noon(3, 10)), now=noon(3, 13))

    assert later(long)
    with pytest.raises(BuiltUpon):
        later(short)


@pytest.mark.parametrize("past", [(register, accept), CONSENTED, UNDER_WAY, AGREED])
def test_a_party_ends_it_at_any_time_before_it_binds(past):
    case = onward(after(*past), end).state

    assert case.mediation(1).stage is Stage.ENDED
    assert case.active_mediation is None


@pytest.mark.parametrize("past", [IN_EFFECT, FAILED])
def test_what_binds_or_has_ended_is_not_ended(past):
    history = after(*past)

    with pytest.raises(NotAllowedNow):
        then(history, end)


@pytest.mark.parametrize("ground", sorted(BY_A_PERSON - {EndGround.SELF_SETTLED}))
def test_the_parties_are_told_of_the_remedies_and_that_is_recorded(ground):
    under_way = after(*UNDER_WAY)

    with pytest.raises(RemediesNotTold):
        then(under_way, EndMediation(mediation=1, because=ground))
    ended = then(under_way, EndMediation(mediation=1, because=ground, remedies_told=True))[0]

    assert isinstance(ended, MediationEnded)
    assert ended.remedies_told


@pytest.mark.parametrize("ground", sorted(FOLLOWS))
def test_an_end_that_follows_from_something_else_is_not_asked_for(ground):
    with pytest.raises(EndsByItself):
        then(after(*UNDER_WAY), EndMediation(mediation=1, because=ground, remedies_told=True))


def test_only_a_settlement_of_their_own_resolves_what_ends_without_agreement():
    under_way = after(*UNDER_WAY)

    resolved = {
        ground: onward(under_way, end.but(because=ground)).state.resolved_at is not None for ground in BY_A_PERSON
    }

    assert [ground for ground, yes in resolved.items() if yes] == [EndGround.SELF_SETTLED]


def test_it_starts_once_every_party_was_told_of_its_rights():
    """司法部令第75号 30; 特邀调解规定 14: 调解程序开始之前."""
    ready = after(*UNDER_WAY[:-2], TellRights(parties=(APPLICANT,)))

    with pytest.raises(RightsNotTold) as refusal:
        then(ready, start)
    assert refusal.value.details["parties"] == [RESPONDENT], "it says who was not told"
    assert then(onward(ready, TellRights(parties=(RESPONDENT,))), start)


def test_who_joins_later_is_told_of_its_rights_before_it_goes_on():
    joined = onward(after(*UNDER_WAY), AddParty(side="third", name="王五"))
    newcomer = next(id for id in joined.state.parties if id not in BOTH)
    ready = onward(joined, GiveConsent(party=newcomer), both_accept.but(parties=(newcomer,)))

    for command in (hold, agree):
        with pytest.raises(RightsNotTold):
            then(ready, command)


def test_only_a_road_accident_before_the_police_begins_with_the_day_on_which_the_harm_was_settled():
    subject = ToMediation(channel=Channel.ADMINISTRATIVE)
    consents = [GiveConsent(party=party, subject=subject) for party in BOTH]
    on_the_road = onward(after(register.but(category=Category.TRAFFIC)), *((one, ORGAN) for one in (accept, *consents)))
    ready = onward(on_the_road, (propose, ORGAN), (both_accept, ORGAN), (tell_rights, ORGAN))
    begun = start.but(harm_settled_on=date(2026, 3, 1))

    with pytest.raises(OnlyOfRoadAccidents):
        then(after(*UNDER_WAY[:-1]), begun)
    with pytest.raises(SettledBetween):
        then(ready, begun)
    with pytest.raises(SettledBetween):
        then(ready, begun.but(harm_settled_on=date(2026, 3, 9)))


def test_a_complaint_about_goods_waits_for_their_appraisal_before_the_market_office_alone():
    """投诉举报办法 20: 检定、检验、检测、鉴定所需时间不计算在调解期限内."""
    goods = register.but(category=Category.CONSUMER)
    subject = ToMediation(channel=Channel.ADMINISTRATIVE)
    consents = [GiveConsent(party=party, subject=subject) for party in BOTH]
    before_the_office = onward(
        after(goods), *((one, ORGAN) for one in (accept, *consents, propose, both_accept, tell_rights, start))
    )

    assert onward(before_the_office, (pause, ORGAN)).state.mediation(1).stage is Stage.PAUSED
    with pytest.raises(PauseNotProvided):
        then(after(goods, *UNDER_WAY[1:]), pause)


def test_the_time_that_a_court_gives_for_a_filed_suit_does_not_wait_for_an_appraisal():
    entrusted = as_mandated(UNDER_WAY[1:], AcceptCase(mandate=Mandate.ENTRUSTED))

    with pytest.raises(PauseNotProvided):
        then(after(register.but(category=Category.MEDICAL), *entrusted), pause)
