"""一个人 One person, however typed: every spelling of a kind has one normal form, and two persons have two."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared import identity_numbers, phones
from domain.shared.identity_numbers import OF_ORGANISATIONS, OTHER_PAPERS, birthday, check_digit, identity_form
from domain.shared.normal_forms import Sought, forms, name_form
from domain.shared.old_characters import STANDARD
from domain.shared.spelling import INTERPUNCTS, QUOTES, folded_numbers, folded_words
from domain.shared.told_numbers import NumberFault
from domain.shared.values import ERASED

SPELLINGS = Path(__file__).resolve().parents[2] / os.environ.get("REAL_DATA", "../shared/data") / "faults/spellings.csv"
KINDS = {"name": "name", "identity_number": "identity-number", "phone": "phone"}
FAULTS = {"identity-number": identity_numbers.fault_of, "phone": phones.fault_of}
REFUSED = {
    "check digit": NumberFault.CHECK_DIGIT,
    "no such birthday": NumberFault.BIRTHDAY,
    "as a spreadsheet's damage": NumberFault.DAMAGED,
}
NOBODY_SEES = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u00ad", "\ufe0f", "\U000e0100", "\u180b", "\u3164")
SPACES = (" ", "\u3000", "\u00a0", "\t", "  ", "\u2009", "\u202f")
WIDE = {ord(narrow): narrow_to for narrow, narrow_to in zip("0123456789", "０１２３４５６７８９", strict=True)}
NAMES = st.text("王李张刘陈杨赵黄周吴桂兰国强伟芳娜敏静买提艾力古丽", min_size=2, max_size=4)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def residents(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    area = draw(st.sampled_from(["110101", "420581", "650102", "810000", "911156"]))
    first = f"{area}{day:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + check_digit(first)


def rows() -> list[dict[str, str]]:
    if not SPELLINGS.is_file():
        return []
    with SPELLINGS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not SPELLINGS.is_file(), reason="the spellings that failed once (REAL_DATA) are not here")
def test_spellings_that_failed_once_are_found_or_refused_as_they_must_be():
    told = rows()

    for row in told:
        kind, must = KINDS[row["field"]], row["must"]
        if must.startswith("found"):
            assert forms(kind, row["stored"]) & forms(kind, row["asked"]), row
        else:
            assert FAULTS[kind](row["stored"]) is REFUSED[must.removeprefix("refused").removeprefix(":").strip()], row
    assert len(told) > 20


@pytest.mark.parametrize("between", [*INTERPUNCTS, *QUOTES, "-", "—", "‐", "–", *SPACES, *NOBODY_SEES], ids=ascii)
def test_whatever_parts_a_name_is_no_part_of_it(between):
    assert name_form(f"艾力{between}买买提") == name_form("艾力·买买提") == name_form("艾力买买提")


@pytest.mark.parametrize("around", [*SPACES, *NOBODY_SEES], ids=ascii)
def test_what_stands_around_a_name_is_no_part_of_it(around):
    assert name_form(f"{around}孙二{around}") == "孙二"


@pytest.mark.parametrize(("typed", "same"), list(STANDARD.items()), ids=lambda one: ascii(one))
def test_a_character_of_an_older_code_is_the_one_that_took_its_place(typed, same):
    assert name_form(f"刘{typed}") == name_form(f"刘{same}")


def test_the_private_characters_are_those_of_the_standard():
    """Python's codec knows all but those that got a place in Unicode after it was written."""
    seconds = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    known = {chr(0xE815 + at): bytes([0xFE, byte]).decode("gb18030") for at, byte in enumerate(seconds)}
    placed = {old: one for old, one in known.items() if not "\ue000" <= one <= "\uf8ff"}

    assert len(known) == 80
    assert len(placed) == 66
    assert {old: STANDARD[old] for old in placed} == placed


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Ｌｉ　Ｗｅｉ", "li wei"),
        ("LI WEI", "Li Wei"),
        ("Nuñez", "Nun\u0303ez"),
        ("O'Brien", "O’Brien"),
        ("⽼王", "老王"),
        ("\uf967", "不"),
        ("\U0002f804", "你"),
        ("葛\U000e0100某", "葛某"),
        ("ｱﾘ", "アリ"),
    ],
)
def test_one_name_in_two_codes_is_one_name(typed, same):
    assert name_form(typed) == name_form(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [("王二", "王三"), ("张伟", "张玮"), ("李强（大）", "李强（小）"), ("孙一 23", "孙一2 3"), ("刘䶮", "刘龑")],
)
def test_two_names_are_two_persons(one, other):
    assert name_form(one) != name_form(other)


@pytest.mark.parametrize("name", ["·", "-", "'", "•••"])
def test_a_name_of_dots_alone_is_not_everybodys(name):
    assert name_form(name) == name


@given(NAMES, NAMES)
def test_different_names_stay_different(one, other):
    assert (name_form(one) == name_form(other)) == (one == other)


@pytest.mark.parametrize("kind", ["name", "address", "identity-number", "phone"])
@given(text=st.one_of(st.text(max_size=30), st.text("0123456789+-() /、转abXx·王１３8６", max_size=30)))
def test_the_form_of_a_form_is_itself(kind, text):
    assert all(forms(kind, form) == {form} for form in forms(kind, text))


@given(residents(), st.sampled_from(SPACES + NOBODY_SEES), st.integers(1, 17))
def test_an_identity_number_is_one_number_however_it_is_typed(number, between, at):
    typed = [
        f"{number[:at]}{between}{number[at:]}",
        number.lower(),
        number.replace("X", "×"),
        number.replace("X", "Ｘ").translate(WIDE),
        f"'{number}",
        f"身份证：{number}",
        f"{number[:6]}-{number[6:14]}-{number[14:]}",
    ]

    assert {identity_form(one) for one in typed} == {number}
    assert {identity_numbers.fault_of(one) for one in typed} == {None}


@given(residents(), residents())
def test_two_identity_numbers_are_two_persons(one, other):
    assert (identity_form(one) == identity_form(other)) == (one == other)


@given(residents())
def test_the_old_number_of_15_digits_is_that_of_18_which_took_its_place(number):
    older = number[:6] + number[8:17]
    newer = f"{number[:6]}19{older[6:]}"

    if number[6:8] == "19":
        assert identity_form(older) == number
    assert identity_form(older)[:17] == newer or birthday(older) is None


@given(residents(), st.integers(0, 16), st.integers(1, 9))
def test_one_digit_that_is_mistyped_is_found_out(number, at, more):
    mistyped = f"{number[:at]}{(int(number[at]) + more) % 10}{number[at + 1 :]}"

    assert identity_numbers.fault_of(mistyped) in {NumberFault.CHECK_DIGIT, NumberFault.BIRTHDAY}


@given(residents(), st.integers(0, 15))
def test_two_neighbours_that_change_places_are_found_out(number, at):
    mistyped = f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"

    assert mistyped == number or identity_numbers.fault_of(mistyped)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", None),
        ("110101900307803", None),
        ("110101901307803", NumberFault.BIRTHDAY),
        ("1101011990030780", NumberFault.SHAPE),
        ("11010119900307803", NumberFault.SHAPE),
        ("4.20583E+17", NumberFault.DAMAGED),
        ("１.１Ｅ＋１７", NumberFault.DAMAGED),
        ("110101199003078000", NumberFault.CHECK_DIGIT),
        ("123", NumberFault.SHAPE),
        ("<i>1", NumberFault.SHAPE),
        ("无", NumberFault.SHAPE),
        ("E12345678", None),
        ("EA1234567", None),
        ("H12345678", None),
        ("H1234567801", None),
        ("12345678", None),
        ("CHN310123456789", None),
        ("A123456(7)", None),
        ("军字第1234567号", None),
        ("AB1234567", None),
        ("123456789", None),
    ],
)
def test_a_number_is_checked_by_the_kind_of_its_paper(number, fault):
    assert identity_numbers.fault_of(number) is fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("91350100M000100Y43", None),
        ("91350100m000100y43", None),
        ("9135 0100 M000 100Y 43", None),
        ("91350100M000100Y44", NumberFault.CHECK_DIGIT),
        ("91350100I000100Y43", NumberFault.SHAPE),
        ("D2143569-X", None),
        ("D2143569-1", NumberFault.CHECK_DIGIT),
        ("330106000012345", None),
        ("123", NumberFault.SHAPE),
        ("9.135E+17", NumberFault.DAMAGED),
    ],
)
def test_an_organisation_has_a_code_of_its_own(number, fault):
    assert identity_numbers.fault_of(number, organisation=True) is fault


def test_no_paper_without_a_check_takes_a_number_that_has_one():
    """Otherwise a mistyped identity number would pass as that of another paper."""
    for papers, number in ((OTHER_PAPERS, "110101199003078031"), (OF_ORGANISATIONS, "91350100M000100Y44")):
        assert [name for name, pattern in papers.items() if pattern.fullmatch(number)] == []


PHONES = [
    "138 0000 1111",
    "138-0000-1111",
    "138.0000.1111",
    "+8613800001111",
    "+86 138 0000 1111",
    "(+86)13800001111",
    "0086-13800001111",
    "8613800001111",
    "013800001111",
    "１３８００００１１１１",
    "138\u200b0000\u00a01111",
    "'13800001111",
    "手机：13800001111",
    "13800001111（母亲）",
    "13800001111\u3000",
]


@pytest.mark.parametrize("typed", PHONES)
def test_a_mobile_telephone_is_one_number_however_it_is_typed(typed):
    assert forms("phone", typed) == {"13800001111"}
    assert phones.fault_of(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["0571-88888888", "(0571)88888888", "0571 8888 8888", "+86 571 88888888", "8657188888888", "0571-88888888转8"],
)
def test_a_landline_is_one_number_however_it_is_typed(typed):
    assert forms("phone", typed) == {"57188888888"}
    assert phones.fault_of(typed) is None


@given(
    MOBILES,
    MOBILES,
    st.sampled_from(["/", "；", ";", ",", "，", "、", " ", "\u3000", "|", "\n", "或", " 或者 ", "和", "\\"]),
)
def test_several_telephones_in_a_field_are_several(one, other, between):
    assert forms("phone", f"{one}{between}{other}") == {one, other}
    assert phones.fault_of(f"{one}{between}{other}") is None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("12345", None),
        ("88888888", None),
        ("400-820-8820", None),
        ("+852 9123 4567", None),
        ("10012345678", None),
        ("139<b>", NumberFault.SHAPE),
        ("abc", NumberFault.SHAPE),
        ("无", NumberFault.SHAPE),
        ("1380000111", NumberFault.SHAPE),
        ("138000011112", NumberFault.SHAPE),
        ("138****1111", NumberFault.SHAPE),
        ("123", NumberFault.SHAPE),
        ("1.38E+10", NumberFault.DAMAGED),
        ("13800001111/1380000", NumberFault.SHAPE),
    ],
)
def test_a_telephone_is_plausible(typed, fault):
    assert phones.fault_of(typed) is fault


def test_a_number_abroad_is_not_one_here():
    assert forms("phone", "+1 310 555 0100") != forms("phone", "13105550100")


def test_a_number_with_hidden_digits_is_not_a_shorter_one():
    assert forms("phone", "138****1111") != forms("phone", "1381111")


@pytest.mark.parametrize(
    "text",
    [
        "艾力•买买提不在家",
        "据 艾 力 买 买 提 说",
        "电话138-0000-1111",
        "打１３８００００１１１１找人",
        "证件110101 19900307 803x号",
        "证件110101900307803",
        "和 LI WEI 谈过",
    ],
)
def test_a_text_names_somebody_in_whatever_spelling(text):
    sought = Sought.of({"艾力·买买提", "+86 13800001111", "11010119900307803X", "Li Wei", ERASED, ""})
    if "900307803" in text and "1990" not in text:
        sought = Sought.of({"110101900307803"})

    assert sought.named_in(text)
    assert "[当事人]" in sought.replaced_in(text, "[当事人]")
    assert not sought.named_in(sought.replaced_in(text, "[当事人]"))


def test_only_the_name_is_replaced_with_what_was_typed_in_it():
    sought = Sought.of({"葛某", "艾力·买买提"})

    assert sought.replaced_in("据葛\U000e0100某、艾力 • 买买提（弟）说", "•••") == "据•••、•••（弟）说"


@pytest.mark.parametrize("text", ["Annual leave", "plan 9", "住1-23号", "第138页", ""])
def test_what_only_looks_like_it_is_nobodys_name(text):
    assert not Sought.of({"An", "12-3", "13800001111"}).named_in(text)


@given(
    st.text("欧阳慕雪 ·•\u200b\u0301nñNＮ1２3-13800 x×", max_size=40),
    st.sampled_from(["欧阳", "nñ", "1-23", "138003", "慕雪n"]),
)
def test_what_is_seen_at_a_glance_is_all_that_is_found_by_looking_closely(text, name):
    sought = Sought.of({name})
    closely = any(True for one in sought.words for _ in folded_words(text).places_of(one))
    closely |= any(True for one in sought.numbers for _ in folded_numbers(text).places_of(one))

    assert sought.named_in(text) == closely
