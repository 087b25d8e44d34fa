"""The tables of areas and bodies: what is in force on a day, and who lies in whom."""

from datetime import timedelta

import pytest

from application.jurisdiction import Areas, Bodies
from application.sheets.areas import AreaSheets
from domain.jurisdiction.area import FoundArea, RecodeArea, RenameArea
from domain.jurisdiction.body import DissolveBody, FoundBody, Member
from domain.jurisdiction.committee import ConstituteCommittee, SeatMember, UnseatMember
from domain.jurisdiction.lineage import AbolishArea, MergeArea, MoveArea, SplitArea
from domain.shared.values import AreaId, BodyId, BodyKind, Channel, Level, OfficerId
from infrastructure.read_models.jurisdiction import AreaTables
from infrastructure.read_models.jurisdiction_bodies import BodyTables
from infrastructure.read_models.jurisdiction_register import Register
from tests.jurisdiction.memory import COUNTY, DAY, MemoryLedger, MemoryRegister, asked, imported, sheet
from tests.jurisdiction.tables import contents, create, fill, schema
from tests.jurisdiction.test_real_divisions_are_imported import DIVISIONS

TABLES = (AreaTables(), BodyTables())
LATER, EVEN_LATER = DAY + timedelta(days=30), DAY + timedelta(days=60)
YIDU, TOWN, OTHER_TOWN = imported("420581"), imported("420581104"), imported("420581105")
VILLAGE, COMMUNITY = imported("420581104201"), imported("420581104001")


@pytest.fixture
def pool(postgres_url):
    with schema(postgres_url) as pool:
        create(pool, TABLES)
        yield pool


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    AreaSheets(ledger, MemoryRegister(ledger)).take_over(asked(), sheet(*COUNTY), DAY)
    return ledger


@pytest.fixture
def areas(ledger):
    return Areas(ledger, MemoryRegister(ledger))


@pytest.fixture
def register(pool):
    return Register(pool)


def test_a_code_is_found_only_whole_and_only_while_it_is_in_force(pool, ledger, areas, register):
    areas.change(asked(), VILLAGE, RecodeArea(in_force_from=LATER, code="420581104299"))
    fill(pool, ledger, TABLES)

    assert register.by_code("420581104", DAY) == TOWN
    assert register.by_code("42058110", DAY) is None
    assert register.by_code("420581104201", LATER - timedelta(days=1)) == VILLAGE
    assert register.by_code("420581104201", LATER) is None
    assert register.by_code("420581104299", LATER) == VILLAGE


def test_no_part_of_a_code_finds_the_area(pool, ledger, register):
    fill(pool, ledger, TABLES)
    codes = {row.split(",")[0] for row in COUNTY}
    parts = {code[:end] for code in codes for end in range(len(code))} - codes

    assert [part for part in parts | {code + "0" for code in codes} if register.by_code(part, DAY)] == []


def test_names_are_those_of_the_day(pool, ledger, areas, register):
    areas.change(asked(), VILLAGE, RenameArea(in_force_from=LATER, area_name="新村"))
    fill(pool, ledger, TABLES)

    assert register.names([VILLAGE], DAY) == {VILLAGE: "全福河村"}
    assert register.names([VILLAGE], LATER) == {VILLAGE: "新村"}
    assert register.names([VILLAGE], DAY - timedelta(days=1)) == {}


def test_what_lies_in_an_area_depends_on_the_day(pool, ledger, areas, register):
    areas.change(asked(), TOWN, MergeArea(in_force_from=LATER, into=OTHER_TOWN))
    fill(pool, ledger, TABLES)

    assert register.descendants(TOWN, DAY) == {TOWN, VILLAGE, COMMUNITY}
    assert register.descendants(OTHER_TOWN, LATER) == {OTHER_TOWN, TOWN, VILLAGE, COMMUNITY}
    assert register.descendants(TOWN, LATER) == frozenset()
    assert register.descendants(YIDU, LATER) == {YIDU, OTHER_TOWN, TOWN, VILLAGE, COMMUNITY}
    assert [one.level for one in register.path(VILLAGE, LATER)][:3] == [Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY]
    assert (register.area(TOWN, DAY).in_force, register.area(TOWN, LATER).in_force) == (True, False)


def test_what_was_merged_lies_in_what_goes_on_and_in_all_above_it(pool, ledger, areas, register):
    areas.change(asked(), VILLAGE, MergeArea(in_force_from=LATER, into=COMMUNITY))
    areas.change(asked(), COMMUNITY, MoveArea(in_force_from=EVEN_LATER, parent=OTHER_TOWN))
    fill(pool, ledger, TABLES)

    assert VILLAGE in register.descendants(TOWN, LATER - timedelta(days=1))
    assert register.descendants(COMMUNITY, LATER) == {COMMUNITY, VILLAGE}
    assert VILLAGE in register.descendants(TOWN, LATER)
    assert VILLAGE not in register.descendants(TOWN, EVEN_LATER)
    assert {VILLAGE, COMMUNITY} < register.descendants(OTHER_TOWN, EVEN_LATER)
    assert not register.area(VILLAGE, LATER).in_force
    assert [row.id for row in register.tree(TOWN, LATER)] == [TOWN, COMMUNITY], "nothing is there that ended"


def test_and_so_on_where_that_is_merged_in_its_turn(pool, ledger, areas, register):
    areas.change(asked(), VILLAGE, MergeArea(in_force_from=LATER, into=COMMUNITY))
    third = found(areas, "420581105201", "新建村", OTHER_TOWN)
    areas.change(asked(), COMMUNITY, MergeArea(in_force_from=EVEN_LATER, into=third))
    fill(pool, ledger, TABLES)

    assert {third, VILLAGE, COMMUNITY} == register.descendants(third, EVEN_LATER)
    assert {VILLAGE, COMMUNITY} & register.descendants(TOWN, EVEN_LATER) == frozenset()
    assert {VILLAGE, COMMUNITY} < register.descendants(YIDU, EVEN_LATER)


def test_what_was_split_lies_where_all_its_parts_lie(pool, ledger, areas, register):
    parts = tuple(found(areas, f"42058110420{n}", f"新{n}村", TOWN) for n in (2, 3))
    areas.change(asked(), VILLAGE, SplitArea(in_force_from=LATER, into=parts))
    areas.change(asked(), parts[0], MoveArea(in_force_from=EVEN_LATER, parent=OTHER_TOWN))
    fill(pool, ledger, TABLES)

    assert register.descendants(parts[0], LATER) == {parts[0]}
    assert VILLAGE in register.descendants(TOWN, LATER)
    assert VILLAGE not in register.descendants(TOWN, EVEN_LATER) | register.descendants(OTHER_TOWN, EVEN_LATER)
    assert VILLAGE in register.descendants(YIDU, EVEN_LATER)


def test_what_was_abolished_lies_where_it_lay_last(pool, ledger, areas, register):
    areas.change(asked(), VILLAGE, AbolishArea(in_force_from=LATER))
    areas.change(asked(), TOWN, MergeArea(in_force_from=EVEN_LATER, into=OTHER_TOWN))
    fill(pool, ledger, TABLES)

    assert VILLAGE in register.descendants(TOWN, LATER)
    assert {VILLAGE, TOWN} < register.descendants(OTHER_TOWN, EVEN_LATER)


def found(areas, code, name, parent):
    command = FoundArea(in_force_from=DAY, code=code, area_name=name, level=Level.VILLAGE, parent=parent)
    return AreaId(areas.found(asked(), command).id)


def test_the_tables_are_the_same_however_the_feed_was_cut(pool, postgres_url, ledger, areas):
    mark = fill(pool, ledger, TABLES)
    parts = tuple(found(areas, f"42058110420{n}", f"新{n}村", TOWN) for n in (2, 3))
    for change in (
        lambda: areas.change(asked(), TOWN, RenameArea(in_force_from=LATER, area_name="新镇")),
        lambda: areas.change(asked(), VILLAGE, SplitArea(in_force_from=LATER, into=parts)),
        lambda: areas.change(asked(), COMMUNITY, MergeArea(in_force_from=LATER, into=parts[0])),
        lambda: areas.change(asked(), parts[0], AbolishArea(in_force_from=EVEN_LATER)),
        lambda: areas.change(asked(), TOWN, MergeArea(in_force_from=EVEN_LATER, into=OTHER_TOWN)),
    ):
        change()
        mark = fill(pool, ledger, TABLES, mark)

    with schema(postgres_url) as other:
        create(other, TABLES)
        fill(other, ledger, TABLES)

        for table in ("area", "area_version", "area_closure", "area_lineage"):
            assert contents(pool, table) == contents(other, table)


def test_the_register_finds_again_what_was_imported(pool, ledger, register):
    fill(pool, ledger, TABLES)

    report = AreaSheets(ledger, register).take_over(asked(), sheet(*COUNTY), DAY)

    assert (report.receipt, report.unchanged) == (None, len(COUNTY))


def member(number: int) -> Member:
    return Member(officer=OfficerId(imported(str(number))), member_name=f"委员{number}", woman=True)


def test_a_body_is_found_in_the_areas_around_it_with_its_members_of_the_day(pool, ledger, register):
    bodies = Bodies(ledger)
    found = FoundBody(
        area=VILLAGE,
        kind=BodyKind.COMMITTEE,
        body_name="全福河村人民调解委员会",
        short_name="全福河",
        code="QFH",
        channel=Channel.PEOPLE,
    )
    id = BodyId(bodies.found(asked(), found).id)
    members = (member(1), member(2), member(3))
    bodies.change(asked(), id, ConstituteCommittee(members=members, term_from=DAY))
    bodies.change(asked(), id, SeatMember(member=member(4), seated_from=LATER))
    bodies.change(asked(), id, UnseatMember(officer=member(1).officer, seated_until=LATER))
    fill(pool, ledger, TABLES)

    assert [body.id for body in register.bodies_in(YIDU, DAY)] == [register.body_by_code("QFH")] == [id]
    assert register.body(id, DAY).members == {one.officer for one in members}
    assert register.body(id, LATER).members == {member(n).officer for n in (2, 3, 4)}
    assert register.body_row(id).version == 4
    bodies.change(asked(), id, DissolveBody())
    fill(pool, ledger, TABLES, ledger.head() - 1)
    assert register.bodies_in(YIDU, DAY) == []


@pytest.mark.skipif(not DIVISIONS.is_dir(), reason="the lists of divisions (REAL_DATA) are not here")
def test_a_real_citys_areas_are_filled(pool, register):
    ledger = MemoryLedger()
    ledger._of = lambda id: []  # type: ignore[method-assign]
    file = (DIVISIONS / "yichang_l1_l5_2022.csv.gz").read_bytes()
    AreaSheets(ledger, MemoryRegister(ledger)).take_over(asked(), file, DAY)

    fill(pool, ledger, TABLES)

    assert len(register.known_areas(DAY)) == 1_779
    assert len(register.descendants(register.by_code("420581000000", DAY), DAY)) == 167
