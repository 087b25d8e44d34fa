"""The tables of rules answer what the streams say: the calendar of every moment, and the limits of every place."""

from datetime import date

import pytest

from application.rules import CALENDARS, Rules
from application.sheets.areas import AreaSheets
from domain.rules.holidays import CALENDAR, AmendHolidays, DayKind, PublishHolidays
from domain.rules.local import LocalLimit
from domain.rules.packs import ClocksOverlap, PublishRulePack, WithdrawRulePack
from domain.shared.errors import UnknownArea
from domain.shared.law import Unit
from domain.shared.values import AreaId
from infrastructure.calendar import base
from infrastructure.read_models.rules import Book, RulesTables
from tests.jurisdiction.memory import COUNTY, DAY, MemoryLedger, MemoryRegister, asked, imported, sheet
from tests.jurisdiction.tables import create, fill, schema

TABLES = (RulesTables(),)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
HERE, TOWN, VILLAGE = imported("420581"), imported("420581104"), imported("420581104201")
NOTICE = PublishHolidays(year=2027, holidays=(date(2027, 1, 1),), make_up_workdays=(date(2027, 1, 2),), notice="x")


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    AreaSheets(ledger, MemoryRegister(ledger)).take_over(asked(), sheet(*COUNTY), DAY)
    return ledger


@pytest.fixture
def pool(postgres_url):
    with schema(postgres_url) as pool:
        create(pool, TABLES)
        yield pool


@pytest.fixture
def book(pool, ledger):
    return Book(pool, MemoryRegister(ledger), base)


def amend(day, kind):
    return AmendHolidays(day=day, counts_as=kind, because="通知更正")


def pack(area, length, name="规则"):
    limit = LocalLimit(code="SLA_SIMPLE", length=length, counted_in=Unit.DAYS, law="某办法", article="第一条")
    return PublishRulePack(area=area, pack_name=name, in_force_from=MARCH, limits=(limit,))


def test_without_events_the_calendar_is_the_librarys(book):
    assert book.calendar() == base()


def test_the_calendar_is_that_of_the_stream_and_every_change_has_a_version_of_its_own(pool, ledger, book):
    rules, mark, versions = Rules(ledger), 0, {book.calendar().version}
    first, second = amend(date(2026, 5, 6), DayKind.FREE), amend(date(2026, 5, 6), DayKind.WORK)
    for number, command in enumerate((NOTICE, first, second), start=1):
        rules.change(asked(), command)
        mark = fill(pool, ledger, TABLES, mark)

        folded = ledger.history(CALENDARS, CALENDAR).state.on(base(), number)
        assert book.calendar() == folded
        versions.add(folded.version)

    assert len(versions) == 4
    assert [(one.day, one.counts_as) for one in book.amendments()] == [(date(2026, 5, 6), DayKind.WORK)]
    assert [(one.year, one.notice) for one in book.years()] == [(2027, "x")]


def test_the_nearest_areas_limit_holds_until_its_pack_is_withdrawn(pool, ledger, book):
    rules = Rules(ledger)
    rules.publish_pack(asked(), pack(HERE, 2))
    rules.publish_pack(asked(), pack(TOWN, 3))
    rules.withdraw_pack(asked(), WithdrawRulePack(area=TOWN, pack_name="规则", in_force_until=APRIL))
    fill(pool, ledger, TABLES)

    assert [book.local(VILLAGE, day)["SLA_SIMPLE"].length for day in (MARCH, APRIL)] == [3, 2]
    assert book.local(imported("4205"), MARCH) == {}
    assert book.local(VILLAGE, date(2026, 2, 28)) == {}


def test_what_is_refused_leaves_nothing_behind(ledger):
    rules = Rules(ledger)
    rules.publish_pack(asked(), pack(HERE, 2))
    before = ledger.head()

    with pytest.raises(ClocksOverlap):
        rules.publish_pack(asked(), pack(HERE, 3, "另一"))
    with pytest.raises(UnknownArea):
        rules.publish_pack(asked(), pack(AreaId(asked().request), 3))
    assert ledger.head() == before
