"""Areas are founded, changed and succeeded, each on a day."""

from datetime import date, timedelta

import pytest

from application.jurisdiction import Areas, CodeTaken
from application.ports import VersionMismatch
from application.register_decisions import AREAS
from application.sheets.areas import AreaSheets
from domain.jurisdiction.area import (
    Area,
    AreaFounded,
    AreaRecoded,
    AreaStage,
    BeforeLastChange,
    FoundArea,
    NoCountyAbove,
    NoSuchCode,
    NothingNew,
    ParentNotHigher,
    RecodeArea,
    RenameArea,
    check_code,
)
from domain.jurisdiction.lineage import (
    AbolishArea,
    AreasStillInside,
    MergeArea,
    MergedIntoItself,
    MoveArea,
    NotOfTheSameLevel,
    SplitArea,
)
from domain.shared.errors import AreaNotInForce, NotAllowedNow, UnknownArea, UnknownStream
from domain.shared.sheets import SheetRefused
from domain.shared.values import Level
from tests.jurisdiction.memory import COUNTY, DAY, NOW, MemoryLedger, MemoryRegister, asked, imported, sheet

LATER = DAY + timedelta(days=30)
TOWN, OTHER_TOWN = imported("420581104"), imported("420581105")
VILLAGE, COMMUNITY = imported("420581104201"), imported("420581104001")


@pytest.fixture
def ledger():
    return MemoryLedger()


@pytest.fixture
def sheets(ledger):
    sheets = AreaSheets(ledger, MemoryRegister(ledger))
    sheets.take_over(asked(), sheet(*COUNTY), DAY)
    return sheets


@pytest.fixture
def areas(ledger, sheets):
    return Areas(ledger, MemoryRegister(ledger))


def state(ledger, id):
    return ledger.history(AREAS, id).state


def test_importing_again_records_nothing(ledger, sheets):
    before = ledger.head()

    report = sheets.take_over(asked(), sheet(*COUNTY), LATER)

    assert (report.receipt, report.unchanged, ledger.head()) == (None, len(COUNTY), before)


def test_a_faulty_sheet_records_nothing(ledger, sheets):
    before = ledger.head()

    with pytest.raises(SheetRefused):
        sheets.take_over(asked(), sheet("420581107,潘家湾,420581,4", "1,村,9,5"), LATER)

    assert ledger.head() == before


def test_a_new_name_in_a_sheet_is_a_rename_on_its_day(ledger, sheets):
    report = sheets.take_over(asked(), sheet("420581104201,全福河新村,420581104,5"), LATER)

    assert report.renamed == 1
    assert (state(ledger, VILLAGE).name, state(ledger, VILLAGE).changed_on) == ("全福河新村", LATER)


def test_two_imports_of_one_area_at_once_found_it_once(ledger, sheets):
    behind = MemoryRegister(MemoryLedger())

    with pytest.raises(VersionMismatch):
        AreaSheets(ledger, behind).take_over(asked(), sheet(*COUNTY), DAY)


def test_a_village_is_founded_in_a_town(ledger, areas):
    command = FoundArea(in_force_from=LATER, code="420581104202", area_name="新村", level=Level.VILLAGE, parent=TOWN)

    receipt = areas.found(asked(), command)

    assert state(ledger, receipt.id).in_force(LATER)
    assert not state(ledger, receipt.id).in_force(LATER - timedelta(days=1))


@pytest.mark.parametrize(
    ("level", "parent", "refusal"),
    [
        (Level.TOWNSHIP, imported("4205"), NoCountyAbove),
        (Level.VILLAGE, None, NoCountyAbove),
        (Level.TOWNSHIP, TOWN, ParentNotHigher),
    ],
)
def test_an_area_is_founded_only_where_it_may_lie(areas, level, parent, refusal):
    with pytest.raises(refusal):
        areas.found(asked(), FoundArea(in_force_from=LATER, code="9", area_name="新", level=level, parent=parent))


def test_a_code_is_given_once_on_a_day(areas):
    with pytest.raises(CodeTaken):
        areas.change(asked(), VILLAGE, RecodeArea(in_force_from=LATER, code="420581104001"))


FIT = {
    Level.PROVINCE: ("43", "430000", "430000000000"),
    Level.CITY: ("4306", "430600", "430600000000"),
    Level.COUNTY: ("430601", "430601000", "430601000000"),
    Level.TOWNSHIP: ("420581106", "420581106000"),
    Level.VILLAGE: ("420581104203", "4205811042031"),
    Level.GRID: ("420581104203-01", "G7", "第一网格"),
}
UNFIT = ("abc$", "9", "430", "43060", "4306011", "43060110", "430601a", "\uff14\uff13")
OF_OTHERS = {
    Level.PROVINCE: ("4306", "430601"),
    Level.CITY: ("43", "430601", "430601000000"),
    Level.COUNTY: ("43", "4306", "420581106", "420581106000"),
    Level.TOWNSHIP: ("430601", "420581104203"),
    Level.VILLAGE: ("430601", "420581106"),
}


@pytest.mark.parametrize(("level", "code"), [(level, code) for level, codes in FIT.items() for code in codes])
def test_a_code_that_has_the_digits_of_its_level_is_taken(level, code):
    check_code(code, level)


@pytest.mark.parametrize("level", OF_OTHERS)
def test_a_code_of_another_level_or_of_none_is_refused_with_the_digits_that_it_should_have(level):
    for code in (*UNFIT, *OF_OTHERS[level]):
        with pytest.raises(NoSuchCode) as refusal:
            check_code(code, level)
        assert refusal.value.details["digits"] == len(FIT[level][0])


def test_an_area_is_neither_founded_nor_recoded_under_what_is_no_code(areas):
    with pytest.raises(NoSuchCode):
        areas.change(asked(), VILLAGE, RecodeArea(in_force_from=LATER, code="abc$"))
    with pytest.raises(NoSuchCode):
        areas.found(
            asked(),
            FoundArea(in_force_from=LATER, code="abc$", area_name="新村", level=Level.VILLAGE, parent=TOWN),
        )


def test_what_was_recorded_under_another_code_before_is_still_read():
    founded = AreaFounded(in_force_from=DAY, code="abc$", area_name="旧村", level=Level.VILLAGE, parent=TOWN)
    recoded = AreaRecoded(in_force_from=LATER, code="x")

    area = Area.blank(VILLAGE)
    for event in (founded, recoded):
        area = event.evolve(area, NOW)

    assert (area.code, area.stage) == ("x", AreaStage.IN_FORCE)


def test_a_code_is_never_taken_for_its_prefix(ledger, areas):
    register = MemoryRegister(ledger)

    assert register.by_code("420581104", DAY) == TOWN
    assert register.by_code("42058110", DAY) is None


def test_a_change_does_not_precede_the_last_one(areas):
    areas.change(asked(), VILLAGE, RenameArea(in_force_from=LATER, area_name="新村"))

    with pytest.raises(BeforeLastChange):
        areas.change(asked(), VILLAGE, RenameArea(in_force_from=DAY, area_name="旧村"))


def test_a_change_that_changes_nothing_is_refused(areas):
    with pytest.raises(NothingNew):
        areas.change(asked(), VILLAGE, RenameArea(in_force_from=LATER, area_name="全福河村"))


def test_what_lies_in_a_merged_area_moves_along(ledger, areas):
    areas.change(asked(), TOWN, MergeArea(in_force_from=LATER, into=OTHER_TOWN))

    assert state(ledger, TOWN).ended_on == LATER
    assert {state(ledger, VILLAGE).parent, state(ledger, COMMUNITY).parent} == {OTHER_TOWN}


@pytest.mark.parametrize(
    ("into", "refusal"),
    [(VILLAGE, MergedIntoItself), (TOWN, NotOfTheSameLevel), (imported("7"), UnknownArea)],
)
def test_an_area_goes_into_another_of_its_level(areas, into, refusal):
    with pytest.raises(refusal):
        areas.change(asked(), VILLAGE, MergeArea(in_force_from=LATER, into=into))


def test_nothing_moves_into_an_area_that_is_no_more(areas):
    areas.change(asked(), TOWN, MergeArea(in_force_from=LATER, into=OTHER_TOWN))

    with pytest.raises(AreaNotInForce):
        areas.change(asked(), VILLAGE, MoveArea(in_force_from=LATER, parent=TOWN))


def test_an_area_ends_only_when_nothing_lies_in_it(areas):
    with pytest.raises(AreasStillInside):
        areas.change(asked(), TOWN, AbolishArea(in_force_from=LATER))


def test_a_split_area_ends_in_its_successors(ledger, areas):
    areas.change(asked(), VILLAGE, SplitArea(in_force_from=LATER, into=(COMMUNITY, COMMUNITY)))

    assert not state(ledger, VILLAGE).in_force(LATER)
    with pytest.raises(NotAllowedNow):
        areas.change(asked(), VILLAGE, AbolishArea(in_force_from=LATER))


def test_an_area_that_never_was_is_unknown(areas):
    with pytest.raises(UnknownStream):
        areas.change(asked(), imported("7"), AbolishArea(in_force_from=date(2027, 1, 1)))
