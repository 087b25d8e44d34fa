"""Next year's sheet of areas: what it changes is proposed, decided by a person, and nothing is taken as said."""

from datetime import timedelta
from pathlib import Path

import pytest

from application.register_decisions import AREAS
from application.sheets.area_decisions import Choice, Decision, DecisionsNeeded, as_decided, read_decisions
from application.sheets.areas import AreaSheets
from domain.shared.sheets import SheetRefused
from domain.shared.values import Level
from tests.jurisdiction.memory import COUNTY, DAY, MemoryLedger, MemoryRegister, asked, imported, sheet

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
NEXT, AFTER = DAY + timedelta(days=365), DAY + timedelta(days=730)
TOWN, VILLAGE, COMMUNITY = imported("420581104"), imported("420581104201"), imported("420581104001")
HEAD = COUNTY[:3]


class Office:
    def __init__(self, *rows):
        self.ledger = MemoryLedger()
        self.register = MemoryRegister(self.ledger)
        self.sheets = AreaSheets(self.ledger, self.register)
        self.sheets.take_over(asked(), sheet(*rows), DAY)

    def asks(self, *rows, day=NEXT):
        return {(one.kind, one.code, one.choice, one.into) for one in self.sheets.read(sheet(*rows), day).proposals()}

    def take(self, *rows, day=NEXT, **choices):
        read = self.sheets.read(sheet(*rows), day)
        decided = [as_decided(one) for one in read.proposals() if one.choice and f"c{one.code}" not in choices]
        decided += [Decision(number=1, choice=a, code=code[1:], into=b) for code, (a, b) in choices.items()]
        return self.sheets.carry_out(asked(), read, decided)

    def codes(self, day=NEXT):
        return {one.code: one for one in self.register.known_areas(day).values()}

    def state(self, id):
        return self.ledger.history(AREAS, id).state


@pytest.fixture
def office():
    return Office(*COUNTY)


RECODED = (
    *HEAD,
    "420581204,枝城镇,420581,4",
    "420581105,姚家店镇,420581,4",
    "420581204201,全福河村,420581204,5",
    "420581204001,全福河社区,420581204,5",
)


def test_a_town_that_has_another_code_is_the_same_town_with_all_that_lies_in_it(office):
    assert office.asks(*RECODED) == {
        ("recoded", "420581104", Choice.RECODE, "420581204"),
        ("recoded", "420581104201", Choice.RECODE, "420581204201"),
        ("recoded", "420581104001", Choice.RECODE, "420581204001"),
    }

    report = office.take(*RECODED)

    assert (report.recoded, report.founded, report.moved, report.vanished) == (3, 0, 0, ())
    assert office.codes()["420581204"].id == TOWN
    assert office.codes()["420581204201"].id == VILLAGE
    assert "420581104" not in office.codes()


def test_a_town_that_has_another_name_as_well_is_known_by_what_lies_in_it(office):
    renamed = tuple(row.replace("枝城镇", "江城街道") for row in RECODED)

    assert ("recoded", "420581104", Choice.RECODE, "420581204") in office.asks(*renamed)
    assert office.take(*renamed).renamed == 1
    assert office.state(TOWN).name == "江城街道"


def test_a_village_that_became_a_community_under_another_code_is_the_same(office):
    rows = (*(row for row in COUNTY if "全福河村" not in row), "420581104999,全福河村委会,420581104,5")

    assert office.asks(*rows) == {("recoded", "420581104201", Choice.RECODE, "420581104999")}


def test_a_village_that_went_to_another_town_is_recoded_and_moved(office):
    rows = (*(row for row in COUNTY if "全福河村" not in row), "420581105201,全福河村,420581105,5")

    report = office.take(*rows)

    assert (report.recoded, report.moved) == (1, 1)
    assert office.state(VILLAGE).parent == imported("420581105")


def test_what_is_gone_is_asked_for_with_what_may_have_taken_it_in(office):
    rows = COUNTY[:5] + COUNTY[6:]

    (gone,) = office.sheets.read(sheet(*rows), NEXT).proposals()

    assert (gone.code, gone.name, gone.choice, gone.beside) == ("420581104201", "全福河村", None, ("420581104001",))
    with pytest.raises(DecisionsNeeded):
        office.take(*rows)
    assert VILLAGE in {one.id for one in office.codes().values()}


def test_a_vanished_town_is_told_with_every_village_in_it(office):
    other = (*COUNTY, "420581105201,莲花堰村,420581105,5")
    office.take(*other)

    gone = {code for _, code, _, _ in office.asks(*HEAD, "420581105,姚家店镇,420581,4", other[-1])}

    assert gone == {"420581104", "420581104201", "420581104001"}


@pytest.mark.parametrize(
    ("choice", "into", "ends"),
    [(Choice.MERGE, "420581104001", True), (Choice.ABOLISH, "", True), (Choice.KEEP, "", False)],
)
def test_what_is_decided_is_done_and_nothing_else(office, choice, into, ends):
    report = office.take(*COUNTY[:5], *COUNTY[6:], c420581104201=(choice, into))

    assert office.state(VILLAGE).in_force(NEXT) is not ends
    assert (report.ended, report.vanished) == (("420581104201",), ()) if ends else ((), ("420581104201",))


def test_what_is_merged_may_go_into_what_the_sheet_founds(office):
    rows = (*COUNTY[:5], COUNTY[6], "420581104300,新建村,420581104,5")

    office.take(*rows, c420581104201=(Choice.MERGE, "420581104300"))

    assert not office.state(VILLAGE).in_force(NEXT)
    assert "420581104300" in office.codes()


def test_a_town_is_merged_with_what_still_lies_in_it(office):
    rows = (
        *HEAD,
        "420581105,姚家店镇,420581,4",
        "420581105201,全福河村,420581105,5",
        "420581105001,全福河社区,420581105,5",
    )

    office.take(*rows, c420581104=(Choice.MERGE, "420581105"))

    assert {office.state(one).parent for one in (VILLAGE, COMMUNITY)} == {imported("420581105")}
    assert not office.state(TOWN).in_force(NEXT)


def test_codes_that_change_hands_follow_the_names(office):
    """The statistics number villages anew: what stands under an old code may be another village."""
    swapped = (*COUNTY[:5], "420581104201,全福河社区,420581104,5", "420581104001,全福河村,420581104,5")

    assert {(code, into) for _, code, _, into in office.asks(*swapped)} == {
        ("420581104201", "420581104001"),
        ("420581104001", "420581104201"),
    }
    office.take(*swapped)

    assert office.codes()["420581104001"].id == VILLAGE
    assert (office.state(VILLAGE).name, office.state(COMMUNITY).name) == ("全福河村", "全福河社区")


TWO_TOWNS = (
    *HEAD,
    "420581104,枝城镇,420581,4",
    "420581104201,河东村,420581104,5",
    "420581104202,新村,420581104,5",
    "420581105,姚家店镇,420581,4",
    "420581105201,莲花堰村,420581105,5",
    "420581105202,新村,420581105,5",
)


@pytest.mark.parametrize("numbers", [("105", "104"), ("105", "106")], ids=["changed among them", "moved up by one"])
def test_villages_go_along_with_towns_whose_codes_change_hands(numbers):
    office = Office(*TWO_TOWNS)
    before = office.codes()
    was = {code: f"420581{numbers[code[6:9] == '105']}{code[9:]}" for code in before if len(code) > 6}
    rows = [",".join(was.get(cell, cell) for cell in row.split(",")) for row in TWO_TOWNS]

    assert office.asks(*rows) == {("recoded", old, Choice.RECODE, new) for old, new in was.items()}
    office.take(*rows)

    assert {code: office.codes()[new].id for code, new in was.items()} == {code: before[code].id for code in was}


def test_towns_that_change_their_names_keep_their_villages():
    office = Office(*TWO_TOWNS)
    rows = [row.replace("枝城镇", "枝江城镇").replace("姚家店镇", "姚家店街道") for row in TWO_TOWNS]

    assert office.asks(*rows) == set()
    assert office.take(*rows).renamed == 2


OTHERS = {"王家村": "李家村", "东风一村": "东风二村", "东王庄村": "西王庄村", "红星村": "红旗村", "新村": "新华村"}


@pytest.mark.parametrize(("old", "new"), OTHERS.items())
def test_a_code_that_a_neighbour_may_have_got_is_asked_for_and_not_renamed(old, new):
    office = Office(*(row.replace("全福河村", old) for row in COUNTY))
    rows = [row.replace("全福河村", new) for row in COUNTY]

    assert office.asks(*rows) == {("unlike", "420581104201", Choice.RENAME, new)}
    with pytest.raises(DecisionsNeeded):
        office.sheets.take_over(asked(), sheet(*rows), NEXT)


def test_a_name_that_is_not_like_the_old_one_is_asked_for(office):
    rows = tuple(row.replace("全福河村", "红湖村") for row in COUNTY)

    assert office.asks(*rows) == {("unlike", "420581104201", Choice.RENAME, "红湖村")}
    office.take(*rows, c420581104201=(Choice.MERGE, "420581104001"))

    assert not office.state(VILLAGE).in_force(NEXT)
    assert office.codes()["420581104201"].id not in {VILLAGE, COMMUNITY}


def test_a_name_that_is_like_the_old_one_is_a_rename(office):
    assert office.asks(*(row.replace("全福河村", "全福和村委会") for row in COUNTY)) == set()


def test_what_was_ended_is_not_founded_again_without_a_word(office):
    office.take(*COUNTY[:5], *COUNTY[6:], c420581104201=(Choice.ABOLISH, ""))

    assert office.asks(*COUNTY, day=AFTER) == {("again", "420581104201", Choice.FOUND, "")}
    with pytest.raises(DecisionsNeeded):
        office.sheets.take_over(asked(), sheet(*COUNTY), AFTER)
    assert office.take(*COUNTY, day=AFTER, c420581104201=(Choice.KEEP, "")).founded == 0
    assert office.take(*COUNTY, day=AFTER).founded == 1
    assert office.codes(AFTER)["420581104201"].id != VILLAGE


def test_a_sheet_of_a_part_says_nothing_of_the_rest(office):
    office.take(*COUNTY, "420581105201,莲花堰村,420581105,5")

    assert office.asks("420581105,姚家店镇,420581,4", "420581105201,莲花堰村,420581105,5") == set()
    assert office.asks(*COUNTY[:5]) == set(), "without villages it says nothing of them"


UNFIT = [(Choice.FOUND, ""), (Choice.RENAME, "x"), (Choice.RECODE, "420581105"), (Choice.MERGE, "7")]


@pytest.mark.parametrize(("choice", "into"), UNFIT)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_recorded(office, choice, into):
    before = office.ledger.head()

    with pytest.raises(SheetRefused):
        office.take(*COUNTY[:5], *COUNTY[6:], c420581104201=(choice, into))

    assert office.ledger.head() == before


def test_a_plan_is_given_back_with_what_was_decided():
    told = "change,code,into,name\n并入,420581104201,420581104001,全福河村\nkeep,'1,,\n?,2,,\n,3,,\n".encode("gbk")

    assert [(one.choice, one.code, one.into) for one in read_decisions(told)] == [
        (Choice.MERGE, "420581104201", "420581104001"),
        (Choice.KEEP, "1", ""),
    ]
    with pytest.raises(SheetRefused) as refused:
        read_decisions(b"change,code,into\nvanish,1,\n")
    assert (refused.value.faults[0].row, refused.value.faults[0].told) == (2, "vanish")


def test_a_sheet_is_recorded_in_pages_and_goes_on_where_it_was_cut_off(monkeypatch):
    monkeypatch.setattr("application.sheets.areas.PAGE", 3)
    office = Office(*HEAD)
    told = []

    def cut_off(done, of):
        told.append((done, of))
        if done >= 3:
            raise KeyboardInterrupt

    read = office.sheets.read(sheet(*COUNTY), DAY)
    with pytest.raises(KeyboardInterrupt):
        office.sheets.carry_out(asked(), read, (), cut_off)

    assert told == [(3, 4)]
    assert len(office.codes()) == 6
    report = office.sheets.carry_out(asked(), office.sheets.read(sheet(*COUNTY), DAY), ())
    assert (report.founded, report.unchanged) == (1, 6)


def test_a_recoded_county_goes_on_after_it_was_cut_off(monkeypatch, office):
    monkeypatch.setattr("application.sheets.areas.PAGE", 1)
    read = office.sheets.read(sheet(*RECODED), NEXT)
    decided = [as_decided(one) for one in read.proposals()]

    def cut_off(done, of):
        raise KeyboardInterrupt

    for _ in range(3):
        again = office.sheets.read(sheet(*RECODED), NEXT)
        with pytest.raises(KeyboardInterrupt):
            office.sheets.carry_out(asked(), again, decided, cut_off)

    assert office.asks(*RECODED) == set()
    assert office.codes()["420581204201"].id == VILLAGE


@pytest.mark.skipif(not DATA.is_dir(), reason="the lists of divisions (shared/data) are not here")
def test_yidus_next_year_is_proposed_as_recoded_merged_and_renamed():
    office = Office()
    first, following = (DATA / "divisions" / "yidu_420581.csv", DATA / "faults" / "sheets" / "yidu_next.csv")
    office.sheets.take_over(asked(), first.read_bytes(), DAY)

    read = office.sheets.read(following.read_bytes(), NEXT)
    asking = read.proposals()

    recoded = {one.code: one.into for one in asking if one.kind == "recoded"}
    assert len(recoded) == 13
    assert all(into == code.replace("420581106", "420581206") for code, into in recoded.items())
    assert [(one.code, one.name) for one in asking if one.kind == "gone"] == [("420581100203", "吴家岗村委会")]
    assert [row.code for row in read.plan.renamed] == ["420581100202"]
    assert read.plan.founded == ()


NAMES = {
    "42": "湖北省", "4205": "宜昌市", "420581": "宜都市", "420581104": "枝城镇", "420581104201": "全福河村",
}  # fmt: skip
ABOVE = {"42": "0", "4205": "42", "420581": "4205", "420581104": "420581", "420581104201": "420581104"}
WORDS = dict(zip(NAMES, ("省", "地级市", "县级", "乡镇", "村"), strict=True))
ODD = {"42": "42.0", "4205": "'4205", "420581": "４２０５８１"}
PUBLISHED = {
    "Chinese titles": ["统计用区划代码,名称", *(f"{code},{name}" for code, name in NAMES.items())],
    "twelve digits": ["代码,名称", *(f"{code.ljust(12, '0')},{name}" for code, name in NAMES.items())],
    "no titles": [f"{code},{name}" for code, name in NAMES.items()],
    "of a carrier": ['"code","name","cityCode"', *(f'"{code}","{name}","4205"' for code, name in NAMES.items())],
    "levels in words": [
        "行政区划代码,单位名称,上级代码,级别",
        *(f"{code},{name},{ABOVE[code]},{WORDS[code]}" for code, name in NAMES.items()),
    ],
    "as a spreadsheet leaves it": ["代码\t名称*", *(f"{ODD.get(code, code)}\t{name}" for code, name in NAMES.items())],
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_sheets_are_read_as_they_are_published(name, encoding):
    office = Office()

    office.sheets.take_over(asked(), ("\n".join(PUBLISHED[name]) + "\n").encode(encoding), DAY)

    assert [one.level for one in office.register.path(office.register.by_code("420581104201", DAY), DAY)] == [
        *(Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.CITY, Level.PROVINCE)
    ]


def test_nine_digits_and_twelve_are_one_code(office):
    twelve = "代码,名称\n420581104000,枝城镇\n420581104201,全福河村\n420581104001,全福河社区\n"

    report = office.sheets.take_over(asked(), twelve.encode(), NEXT)

    assert (report.unchanged, report.founded) == (3, 0)


def test_a_city_without_counties_is_published_twice_and_is_one_area():
    office = Office()
    doubled = ("44,广东省,,1", "4419,东莞市,44,2", "441900,东莞市,4419,3", "441900003,东城街道,441900,4")

    office.sheets.take_over(asked(), sheet(*doubled), DAY)

    assert sorted(office.codes()) == ["44", "4419", "441900003"]


def test_a_wrong_header_says_what_was_read_and_what_would_be_right(office):
    with pytest.raises(SheetRefused) as refused:
        office.sheets.read("宜都市区划表,,\n代码,名称,\n".encode(), NEXT)

    (fault,) = refused.value.faults
    assert ("宜都市区划表" in fault.told, "名称 (name)" in fault.wanted) == (True, True)
