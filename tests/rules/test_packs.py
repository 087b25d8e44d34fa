"""A rule pack: what a county may set, what it may not, that no two overlap, and that the nearest area wins."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from application.rules import CLOCKS
from domain.rules.local import (
    ClockOfLaw,
    LengthTooShort,
    LocalLimit,
    LongerThanTheLaw,
    OnlyEscalates,
    RulePack,
    SoftOnlyFlags,
    UnknownClock,
    local_limits,
)
from domain.rules.packs import (
    ClocksOverlap,
    EmptyPack,
    PackEndsAlready,
    PackEndsBeforeItBegins,
    PackNameTaken,
    PackPublished,
    PublishRulePack,
    UnknownPack,
    WithdrawRulePack,
)
from domain.shared.errors import DomainError, NotAllowedNow, UnknownArea
from domain.shared.law import Effect, Extension, Footing, Unit
from domain.shared.values import AreaId
from tests.rules.desk import BLANK_RULES, COUNTY, OTHER, PROVINCE, TOWN, asked, decided, evolved

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
EXAMPLES = sorted(code for code, one in CLOCKS.items() if one.footing is Footing.EXAMPLE)
OF_LAW = sorted(code for code, one in CLOCKS.items() if one.footing is Footing.LAW and not one.soft)


def local(code="ADM_CONCLUDE_DEFAULT", length=20, unit=Unit.WORKING_DAYS, **more):
    return LocalLimit(code=code, length=length, counted_in=unit, law="某县行政调解办法", article="第十二条", **more)


def publish(*limits, name="县规则", area=COUNTY, since=APRIL, until=None):
    return PublishRulePack(area=area, pack_name=name, in_force_from=since, in_force_until=until, limits=limits)


def after(*commands):
    state = BLANK_RULES
    for command in commands:
        state = evolved(state, decided(state, command))
    return state


def test_a_pack_is_published_as_it_was_sent():
    command = publish(local())

    assert decided(BLANK_RULES, command) == (PackPublished(pack=command.pack),)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (publish(), EmptyPack),
        (publish(local(), until=APRIL), PackEndsBeforeItBegins),
        (publish(local("NO_SUCH")), UnknownClock),
        (publish(local(length=0)), LengthTooShort),
        (publish(local(length=-3)), LengthTooShort),
        (publish(local("JC_APPLY", 60, Unit.DAYS)), ClockOfLaw),
        (publish(local("PM_CONCLUDE", 2, Unit.MONTHS)), LongerThanTheLaw),
        (publish(local("PM_CONCLUDE", 29, Unit.DAYS)), LongerThanTheLaw),
        (publish(local("PM_CONCLUDE", 5, Unit.WORKING_DAYS)), LongerThanTheLaw),
        (publish(local("PM_CONCLUDE", 1, Unit.MONTHS, effect=Effect.CLOSE_AS_FAILED)), OnlyEscalates),
        (publish(local(effect=Effect.ESCALATE, soft=True)), SoftOnlyFlags),
        (publish(local(), local(length=10)), ClocksOverlap),
        (publish(local(), area=AreaId(asked().request)), UnknownArea),
    ],
)
def test_a_pack_that_a_rule_forbids_is_refused(command, refusal):
    with pytest.raises(refusal):
        decided(BLANK_RULES, command)


@pytest.mark.parametrize("code", OF_LAW)
def test_no_limit_of_a_law_is_replaced_and_the_refusal_names_its_article(code):
    with pytest.raises(ClockOfLaw) as refused:
        decided(BLANK_RULES, publish(local(code, 1, CLOCKS[code].counted_in)))

    assert refused.value.details == {"clock": code, "article": str(CLOCKS[code].on(APRIL).basis)}


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_is_only_an_example_from_elsewhere_is_a_countys_to_set(code):
    state = after(publish(local(code, 9, Unit.DAYS, effect=Effect.ESCALATE)))

    found = local_limits(state.packs.values(), [TOWN, COUNTY], APRIL, CLOCKS)[code]

    assert (found.length, found.counted_in, found.effect) == (9, Unit.DAYS, Effect.ESCALATE)
    assert (found.soft, found.footing, str(found.basis)) == (False, Footing.LOCAL, "《某县行政调解办法》第十二条")


def test_a_soft_limit_of_a_law_may_be_shorter_and_escalate():
    state = after(publish(local("PM_CONCLUDE", 28, Unit.DAYS, effect=Effect.ESCALATE)))

    found = local_limits(state.packs.values(), [COUNTY], APRIL, CLOCKS)["PM_CONCLUDE"]

    assert (found.length, found.effect, found.soft) == (28, Effect.ESCALATE, False)
    assert found.extended_by is Extension.PARTIES


def test_a_name_is_given_once():
    with pytest.raises(PackNameTaken):
        decided(after(publish(local())), publish(local("SLA_SIMPLE", 2, Unit.DAYS)))


def test_the_same_clock_may_follow_but_not_overlap():
    first = publish(local(), until=MAY)

    assert decided(after(first), publish(local(), name="次年", since=MAY))
    with pytest.raises(ClocksOverlap):
        decided(after(first), publish(local(), name="次年", since=MAY - timedelta(1)))
    assert decided(after(first), publish(local("SLA_SIMPLE", 2, Unit.DAYS), name="另一", since=APRIL))


def test_a_withdrawn_pack_holds_until_the_day_before():
    state = after(publish(local()), WithdrawRulePack(area=COUNTY, pack_name="县规则", in_force_until=MAY))

    pack = state.packs["县规则"]
    assert (pack.in_force(MAY - timedelta(1)), pack.in_force(MAY)) == (True, False)


def test_a_pack_withdrawn_from_its_first_day_never_holds_and_is_in_nobodys_way():
    state = after(publish(local()), WithdrawRulePack(area=COUNTY, pack_name="县规则", in_force_until=APRIL))

    assert not state.packs["县规则"].in_force(APRIL)
    assert decided(state, publish(local(), name="再来"))


@pytest.mark.parametrize(
    ("name", "until", "refusal"),
    [
        ("没有", MAY, UnknownPack),
        ("县规则", MAY, PackEndsAlready),
        ("县规则", JUNE, PackEndsAlready),
        ("县规则", date(2026, 3, 31), PackEndsBeforeItBegins),
    ],
)
def test_a_withdrawal_that_says_nothing_is_refused(name, until, refusal):
    with pytest.raises(refusal):
        decided(after(publish(local(), until=MAY)), WithdrawRulePack(area=COUNTY, pack_name=name, in_force_until=until))


def test_nothing_is_withdrawn_where_nothing_was_published():
    with pytest.raises(NotAllowedNow):
        decided(BLANK_RULES, WithdrawRulePack(area=COUNTY, pack_name="县规则", in_force_until=MAY))


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
CODES = st.sampled_from(EXAMPLES[:4])
LIMITS = st.lists(CODES, unique=True, max_size=3).map(lambda codes: tuple(local(one, 9) for one in codes))
NAMES = st.sampled_from(["甲", "乙", "丙", "丁"])
PUBLISH = st.builds(
    PublishRulePack,
    area=st.just(COUNTY),
    pack_name=NAMES,
    in_force_from=DAYS,
    in_force_until=st.none() | DAYS,
    limits=LIMITS,
    note=st.just(""),
    occurred_at=st.none(),
    on_behalf_of=st.none(),
)
WITHDRAW = st.builds(
    WithdrawRulePack,
    area=st.just(COUNTY),
    pack_name=NAMES,
    in_force_until=DAYS,
    occurred_at=st.none(),
    on_behalf_of=st.none(),
)


@given(st.lists(PUBLISH | WITHDRAW, max_size=12), DAYS)
def test_after_any_commands_a_clock_is_set_at_most_once_on_any_day(commands, day):
    state = BLANK_RULES
    for command in commands:
        try:
            state = evolved(state, decided(state, command))
        except DomainError:
            continue

    codes = [one.code for pack in state.packs.values() if pack.in_force(day) for one in pack.limits]
    assert len(codes) == len(set(codes))


@given(PUBLISH, PUBLISH)
def test_packs_meet_exactly_where_they_share_a_day(first, second):
    ours, theirs = first.pack, second.pack
    days = [date(2026, 1, 1) + timedelta(n) for n in range(70)]

    assert ours.meets(theirs) == any(ours.in_force(day) and theirs.in_force(day) for day in days)
    assert ours.meets(theirs) == theirs.meets(ours)


AREAS = st.sampled_from([PROVINCE, COUNTY, TOWN, OTHER])
PACKS = st.builds(
    RulePack,
    area=AREAS,
    pack_name=NAMES,
    in_force_from=DAYS,
    in_force_until=st.none(),
    limits=st.tuples(CODES, st.integers(1, 99)).map(lambda one: (local(*one),)),
    note=st.just(""),
)


@given(st.lists(PACKS, max_size=8, unique_by=lambda one: (one.area, one.limits[0].code)), DAYS)
def test_the_most_specific_area_wins_for_each_clock(packs, day):
    path = [TOWN, COUNTY, PROVINCE]

    found = local_limits(packs, path, day, CLOCKS)

    for code in EXAMPLES[:4]:
        told = [one for one in packs if one.limits[0].code == code and one.area in path and one.in_force(day)]
        nearest = min(told, key=lambda one: path.index(one.area), default=None)
        assert (found[code].length if code in found else None) == (nearest.limits[0].length if nearest else None)


@given(PACKS, DAYS)
def test_a_pack_holds_in_its_area_alone(pack, day):
    assume(pack.area != OTHER)

    assert local_limits([pack], [OTHER], day, CLOCKS) == {}
