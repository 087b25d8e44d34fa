"""No small count of a public table can be computed: not from totals, not from shares, not from what is left over."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID, uuid5

import pytest

from application.figures import public
from application.figures.definitions import FIGURES
from application.figures.public import PublicTable, told_publicly
from application.figures.withholding import Counts, SumOf, withheld
from application.publication import Edition
from domain.publication.commands import NumberOf, PublishedTable, RowOf, publication_id
from domain.shared.values import AreaId, Level
from tests.case.histories import SPACE
from tests.effort import times

COUNTY = AreaId(uuid5(SPACE, "a county"))
MOST = 60
"""Up to which number an attacker tries."""


def possible(counts: Counts, hidden: frozenset[Hashable], cell: Hashable) -> set[int]:
    """Which numbers a cell can have, by trying all: an attacker who has time. Two are enough."""
    unknown = sorted((one for one in counts.numbers if one in hidden or one not in counts.shown), key=str)
    found: set[int] = set()
    for number in range(MOST):
        fixed = {one: value for one, value in counts.numbers.items() if one not in unknown} | {cell: number}
        if number == 0 and cell in hidden:
            continue
        if fits(counts, hidden, fixed, [one for one in unknown if one != cell]):
            found.add(number)
        if len(found) > 1:
            break
    return found


def fits(counts: Counts, hidden: frozenset[Hashable], fixed: dict[Hashable, int], left: Sequence[Hashable]) -> bool:
    """Whether what is left can be filled in: sums with one unknown are worked out, then the scarcest is tried."""
    fixed, open_sums = dict(fixed), list(counts.sums)
    changed = True
    while changed:
        changed = False
        for one in open_sums:
            lacking = [cell for cell in one.cells if cell not in fixed]
            if not lacking and fixed[one.whole] != sum(fixed[part] for part in one.parts):
                return False
            if len(lacking) == 1:
                parts = sum(fixed[part] for part in one.parts if part in fixed)
                value = parts if lacking[0] == one.whole else fixed[one.whole] - parts
                if value < (1 if lacking[0] in hidden else 0):
                    return False
                fixed[lacking[0]], changed = value, True
    rest = [one for one in left if one not in fixed]
    if not rest:
        return True
    scarce = min(rest, key=lambda one: (top(counts, fixed, one), str(one)))
    low = 1 if scarce in hidden else 0
    return any(
        fits(counts, hidden, fixed | {scarce: value}, rest) for value in range(low, top(counts, fixed, scarce) + 1)
    )


def top(counts: Counts, fixed: dict[Hashable, int], cell: Hashable) -> int:
    wholes = [one for one in counts.sums if cell in one.parts and one.whole in fixed]
    return min([MOST, *(fixed[one.whole] - sum(fixed[part] for part in one.parts if part in fixed) for one in wholes)])


def small_tables() -> Iterator[Counts]:
    """Three places, of each a whole with a part and what is left, and all of them added up."""
    random = Random(5)
    for _ in range(times(test=60, soak=1_500)):
        numbers: dict[Hashable, int] = {}
        sums = []
        for place in ("a", "b", "c"):
            numbers[place, "yes"], numbers[place, "no"] = random.choice(FEW), random.choice(FEW)
            numbers[place, "all"] = numbers[place, "yes"] + numbers[place, "no"]
            sums.append(SumOf((place, "all"), ((place, "yes"), (place, "no"))))
        for what in ("yes", "all"):
            numbers["sum", what] = sum(numbers[place, what] for place in ("a", "b", "c"))
            sums.append(SumOf(("sum", what), tuple((place, what) for place in ("a", "b", "c"))))
        shown = frozenset(one for one in numbers if isinstance(one, tuple) and one[1] != "no")
        yield Counts(numbers, shown, sums)


FEW = (0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 11)


def test_no_small_count_of_a_random_table_can_be_computed():
    for counts in small_tables():
        hidden = withheld(counts)

        assert counts.small & counts.shown <= hidden
        for cell in counts.small:
            assert len(possible(counts, hidden, cell)) > 1, (cell, dict(counts.numbers), hidden)


def test_two_that_make_two_are_not_left_alone():
    counts = Counts({"all": 14, "a": 1, "b": 1, "c": 12}, frozenset("abc") | {"all"}, [SumOf("all", ("a", "b", "c"))])

    assert withheld(counts) == {"a", "b", "c"}


def test_one_small_count_takes_the_next_smallest_with_it():
    counts = Counts({"all": 40, "a": 3, "b": 7, "c": 30}, frozenset("abc") | {"all"}, [SumOf("all", ("a", "b", "c"))])

    assert withheld(counts) == {"a", "b"}


def test_a_table_without_small_counts_is_told_whole():
    counts = Counts({"all": 40, "a": 0, "b": 10, "c": 30}, frozenset("abc") | {"all"}, [SumOf("all", ("a", "b", "c"))])

    assert withheld(counts) == frozenset()


def edition(
    random: Random, since: date, until: date, number: int = 1, position: int = 10, of: tuple[int, ...] = (0, 40)
) -> Edition:
    """Of a county with three townships, whose shares are parts of what was resolved."""
    townships = [numbers(random, of) for _ in range(3)]
    county = [sum(one[at] for one in townships) for at in range(len(townships[0]))]
    rows = tuple(
        RowOf(
            area=AreaId(uuid5(SPACE, f"{at}")) if at else COUNTY,
            area_name=f"{at}镇" if at else "青溪县",
            level=Level.TOWNSHIP if at else None,
            numbers=told(each),
        )
        for at, each in enumerate([county, *townships])
    )
    table = PublishedTable(area=COUNTY, since=since, until=until, day=until, position=position, rows=rows)
    return Edition(
        publication_id(COUNTY, since, until),
        number,
        position,
        table,
        "",
        table.digest(),
        datetime(2026, 7, 1, tzinfo=UTC),
        UUID(int=1),
        UUID(int=2),
    )


def numbers(random: Random, of: tuple[int, ...]) -> list[int]:
    registered = random.randint(*of)
    resolved = random.randint(0, registered)
    township = random.randint(0, resolved)
    return [registered, resolved, township, random.randint(0, township)]


def told(each: Sequence[int]) -> tuple[NumberOf, ...]:
    registered, resolved, township, village = map(float, each)
    return (
        NumberOf(figure="registered", version=1, period=registered),
        NumberOf(figure="resolved", version=1, period=resolved),
        NumberOf(figure="village", version=1, period=village, period_of=resolved),
        NumberOf(figure="township", version=1, period=township, period_of=resolved),
    )


JUNE = date(2026, 6, 1), date(2026, 6, 30)


def test_what_is_told_to_everybody_has_no_small_count_nor_what_is_left_of_one():
    random = Random(7)
    for _ in range(times(test=40, soak=600)):
        (table,) = told_publicly([edition(random, *JUNE)], [COUNTY])
        for row in (table.county, *table.townships):
            for one in row.numbers:
                assert one.is_withheld or one.value == 0 or one.value >= 5
                if one.of is not None and not one.is_withheld:
                    assert not 0 < one.of - one.value < 5


@pytest.mark.parametrize("which", range(3))
def test_a_whole_table_cannot_be_computed_either(which: int):
    random = Random(which)
    for _ in range(times(test=4, soak=60)):
        rows = public._rows(edition(random, *JUNE, of=(0, 14)).table)
        counts = public._counts(rows)
        hidden = withheld(counts)

        for cell in counts.small:
            assert len(possible(counts, hidden, cell)) > 1, cell


def test_a_period_that_lies_over_one_told_before_is_not_told():
    random = Random(1)
    month = edition(random, *JUNE, position=5)
    half_year = edition(random, date(2026, 1, 1), date(2026, 6, 30), position=9)

    assert periods(told_publicly([half_year, month], [COUNTY])) == [JUNE]


def test_the_latest_edition_is_told_and_what_was_withheld_stays_so():
    random = Random(3)
    first = edition(random, *JUNE, position=5, of=(1, 8))
    second = edition(random, *JUNE, number=2, position=9, of=(50, 90))
    (before,), (now,) = (told_publicly(each, [COUNTY]) for each in ([first], [first, second]))

    assert now.edition.edition == 2
    assert hidden_in(before) <= hidden_in(now)
    assert hidden_in(before)


def test_only_what_a_county_published_is_told():
    assert told_publicly([edition(Random(1), *JUNE)], []) == []


def test_every_figure_that_is_told_to_everybody_is_one_that_there_is():
    assert set(public.PUBLIC) <= set(FIGURES)


def periods(tables: Sequence[PublicTable]) -> list[tuple[date, date]]:
    return [(one.edition.table.since, one.edition.table.until) for one in tables]


def hidden_in(table: PublicTable) -> set[tuple[int, str]]:
    rows = (table.county, *table.townships)
    return {(at, one.figure) for at, row in enumerate(rows) for one in row.numbers if one.is_withheld}


def test_sums_that_lean_on_each_other_are_solved_all_at_once():
    sums = [SumOf("xy", ("x", "y")), SumOf("yz", ("y", "z")), SumOf("xz", ("x", "z"))]
    counts = Counts(
        {"x": 2, "y": 10, "z": 11, "xy": 12, "yz": 21, "xz": 13}, frozenset(("x", "y", "z", "xy", "yz", "xz")), sums
    )

    assert withheld(counts, {"y", "z"}) > {"x", "y", "z"}
