"""Bodies, and how a people's mediation committee is constituted (人民调解法 8, 9)."""

from datetime import date
from uuid import UUID

import pytest

from application.jurisdiction import Bodies
from application.register_decisions import BODIES
from application.sheets.areas import AreaSheets
from domain.jurisdiction.body import ChannelNotOfItsKind, DissolveBody, FoundBody, Member, RenameBody, facts
from domain.jurisdiction.committee import (
    AlreadySeated,
    ConstituteCommittee,
    NotACommittee,
    NotAMember,
    NoWomanAmongMembers,
    SeatedTwice,
    SeatMember,
    UnseatMember,
    WrongNumberOfMembers,
)
from domain.shared.errors import NotAllowedNow, UnknownArea, UnknownBody
from domain.shared.values import BodyId, BodyKind, Channel, Level, OfficerId
from tests.jurisdiction.memory import COUNTY, DAY, MemoryLedger, MemoryRegister, asked, imported, sheet

COMMITTEE = FoundBody(
    area=imported("420581104201"),
    kind=BodyKind.COMMITTEE,
    body_name="全福河村人民调解委员会",
    short_name="全福河",
    code="QFH",
    channel=Channel.PEOPLE,
)
GRID = COMMITTEE.but(kind=BodyKind.GRID, channel=None, code="QFH-1")


def member(number: int, woman: bool = False) -> Member:
    return Member(officer=OfficerId(UUID(int=number)), member_name=f"委员{number}", woman=woman)


THREE = (member(1, woman=True), member(2), member(3))


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    AreaSheets(ledger, MemoryRegister(ledger)).take_over(asked(), sheet(*COUNTY), DAY)
    return ledger


@pytest.fixture
def bodies(ledger):
    return Bodies(ledger)


@pytest.fixture
def committee(bodies):
    id = BodyId(bodies.found(asked(), COMMITTEE).id)
    bodies.change(asked(), id, ConstituteCommittee(members=THREE, term_from=DAY))
    return id


def told(ledger, id, day):
    return facts(ledger.history(BODIES, id).state, day)


def test_a_term_lasts_three_years_and_its_end_is_told(ledger, committee):
    assert not told(ledger, committee, date(2028, 12, 31)).term_ended
    assert told(ledger, committee, date(2029, 1, 1)).term_ended


def test_the_register_tells_what_decisions_need(ledger, committee):
    body = told(ledger, committee, DAY)

    assert (body.level, body.channel, body.code) == (Level.VILLAGE, Channel.PEOPLE, "QFH")
    assert body.members == {one.officer for one in THREE}
    assert body.answers_for == committee


def test_a_grid_answers_for_its_village(ledger, bodies, committee):
    grid = bodies.found(asked(), GRID.but(answers_for=committee)).id

    assert told(ledger, grid, DAY).answers_for == committee


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        (THREE[:2], WrongNumberOfMembers),
        (tuple(member(n, woman=True) for n in range(1, 11)), WrongNumberOfMembers),
        (tuple(member(n) for n in range(1, 4)), NoWomanAmongMembers),
        ((*THREE, member(3)), SeatedTwice),
    ],
)
def test_a_committee_has_three_to_nine_members_and_a_woman(bodies, committee, members, refusal):
    with pytest.raises(refusal):
        bodies.change(asked(), committee, ConstituteCommittee(members=members, term_from=DAY))


def test_a_member_is_seated_before_another_leaves(ledger, bodies, committee):
    with pytest.raises(WrongNumberOfMembers):
        bodies.change(asked(), committee, UnseatMember(officer=THREE[1].officer, seated_until=DAY))

    bodies.change(asked(), committee, SeatMember(member=member(4), seated_from=DAY))
    bodies.change(asked(), committee, UnseatMember(officer=THREE[1].officer, seated_until=DAY))

    assert len(told(ledger, committee, DAY).members) == 3


def test_a_seat_is_taken_and_left_once(bodies, committee):
    with pytest.raises(AlreadySeated):
        bodies.change(asked(), committee, SeatMember(member=THREE[0], seated_from=DAY))
    with pytest.raises(NotAMember):
        bodies.change(asked(), committee, UnseatMember(officer=member(9).officer, seated_until=DAY))


def test_only_a_committee_is_constituted(bodies):
    grid = BodyId(bodies.found(asked(), GRID).id)

    with pytest.raises(NotACommittee):
        bodies.change(asked(), grid, ConstituteCommittee(members=THREE, term_from=DAY))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"channel": None}, ChannelNotOfItsKind),
        ({"kind": BodyKind.COURT}, ChannelNotOfItsKind),
        ({"area": imported("7")}, UnknownArea),
        ({"answers_for": BodyId(UUID(int=7))}, UnknownBody),
    ],
)
def test_a_body_is_founded_as_its_kind_allows(bodies, changes, refusal):
    with pytest.raises(refusal):
        bodies.found(asked(), COMMITTEE.but(**changes))


def test_a_code_belongs_to_one_body_for_ever(bodies, committee):
    with pytest.raises(NotAllowedNow):
        bodies.found(asked(), COMMITTEE.but(area=imported("420581104")))


def test_a_body_keeps_its_code_through_a_new_name_and_ends_once(ledger, bodies, committee):
    bodies.change(asked(), committee, RenameBody(body_name="新名", short_name="新"))
    bodies.change(asked(), committee, DissolveBody())

    assert (told(ledger, committee, DAY).code, told(ledger, committee, DAY).short_name) == ("QFH", "新")
    with pytest.raises(NotAllowedNow):
        bodies.change(asked(), committee, DissolveBody())
