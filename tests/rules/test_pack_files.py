"""A pack's file is read as a whole, or refused with every fault and its row; the head is row 1."""

from datetime import date
from uuid import UUID

import pytest

from application.sheets.rules import read_pack
from domain.shared.law import Effect, Unit
from domain.shared.sheets import Reason, SheetRefused
from domain.shared.values import AreaId

COUNTY = AreaId(UUID(int=7))
HEAD = 'area = "990101"\nname = "县规则"\nin_force_from = 2026-04-01\n'
LIMIT = """
[[limit]]
code = "ADM_CONCLUDE_DEFAULT"
length = 20
unit = "working-days"
effect = "flag"
law = "某县行政调解办法"
article = "第十二条"
"""


def by_code(code: str, day: date) -> AreaId | None:
    return COUNTY if code == "990101" else None


def faults(text):
    with pytest.raises(SheetRefused) as refused:
        read_pack(text if isinstance(text, bytes) else text.encode(), by_code)
    return [(one.row, one.reason, one.code, one.rule) for one in refused.value.faults]


def test_a_pack_is_read_with_its_limits():
    pack = read_pack((HEAD + "in_force_until = 2027-04-01\n" + LIMIT).encode("utf-8-sig"), by_code)

    assert (pack.area, pack.pack_name, pack.in_force_from) == (COUNTY, "县规则", date(2026, 4, 1))
    assert pack.in_force_until == date(2027, 4, 1)
    (limit,) = pack.limits
    assert (limit.code, limit.length, limit.counted_in) == ("ADM_CONCLUDE_DEFAULT", 20, Unit.WORKING_DAYS)
    assert (limit.effect, limit.soft, limit.article) == (Effect.FLAG, False, "第十二条")


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ((HEAD + LIMIT).encode("gbk"), 1, Reason.NOT_UTF8),
        ("area = ", 1, Reason.UNREADABLE),
        (b"#" * 2_000_000, 1, Reason.TOO_LARGE),
        (HEAD.replace("990101", "42") + LIMIT, 1, Reason.UNKNOWN_AREA),
        (HEAD.replace('"990101"', "990101") + LIMIT, 1, Reason.BAD_WORD),
        (HEAD.replace("县规则", "") + LIMIT, 1, Reason.BAD_NAME),
        (HEAD.replace("2026-04-01", "2026-04-01T00:00:00") + LIMIT, 1, Reason.BAD_WORD),
        (HEAD + 'in_force_until = "later"\n' + LIMIT, 1, Reason.BAD_WORD),
        (HEAD + "in_forse_until = 2027-01-01\n" + LIMIT, 1, Reason.WRONG_HEADER),
        (HEAD + "limit = 3\n", 1, Reason.WRONG_HEADER),
        (HEAD + LIMIT.replace("length", "lenght"), 2, Reason.WRONG_COLUMNS),
        (HEAD + LIMIT.replace("working-days", "workdays"), 2, Reason.BAD_WORD),
        (HEAD + LIMIT.replace('"flag"', '"none"'), 2, Reason.BAD_WORD),
        (HEAD + LIMIT.replace("length = 20", 'length = "many"'), 2, Reason.BAD_WORD),
        (HEAD + LIMIT.replace('law = "某县行政调解办法"\n', ""), 2, Reason.BAD_WORD),
    ],
)  # fmt: skip
def test_a_file_with_a_fault_is_refused_with_row_and_reason(text, row, reason):
    assert [(one[0], one[1]) for one in faults(text)] == [(row, reason)]


def test_every_fault_is_told_and_not_only_the_first():
    unknown = LIMIT.replace("ADM_CONCLUDE_DEFAULT", "NO_SUCH")
    of_law = LIMIT.replace("ADM_CONCLUDE_DEFAULT", "JC_APPLY")
    nothing = LIMIT.replace("length = 20", "length = 0")

    assert faults(HEAD.replace("990101", "42") + LIMIT + unknown + of_law + nothing) == [
        (1, Reason.UNKNOWN_AREA, "42", "UnknownArea"),
        (3, Reason.BY_RULE, "NO_SUCH", "UnknownClock"),
        (4, Reason.BY_RULE, "JC_APPLY", "ClockOfLaw"),
        (5, Reason.BY_RULE, "ADM_CONCLUDE_DEFAULT", "LengthTooShort"),
    ]
