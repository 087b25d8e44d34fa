"""证件号码 Numbers of papers that say who somebody is: how they are compared, and which of them cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from domain.shared.spelling import folded_numbers
from domain.shared.told_numbers import NumberFault, is_damaged

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
"""GB 11643-1999: the digits weighted, modulo 11."""
CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""GB 32100-2015, the unified social credit code: weighted, modulo 31."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997, the organisation code before 2015: weighted, modulo 11."""
_RESIDENT = re.compile(r"\d{17}[\dX]")
_OLD_RESIDENT = re.compile(r"\d{15}")
_LABELLED = re.compile(r"[^0-9A-Z]*(?<![0-9A-Z])(\d{17}[\dX]|\d{15})(?![0-9A-Z])[^0-9A-Z]*")
"""Such as 身份证: before the number."""


OTHER_PAPERS: Mapping[str, re.Pattern[str]] = {
    "港澳居民来往内地通行证": re.compile(r"[HM]\d{8}(\d{2})?"),
    "台湾居民来往大陆通行证": re.compile(r"\d{8}|\d{10}[A-Z]?"),
    "外国人永久居留身份证（旧）": re.compile(r"[A-Z]{3}\d{12}"),
    "香港、澳门居民身份证": re.compile(r"[A-Z]{1,2}\d{6}[\dA]|[157]\d{7}"),
    "护照": re.compile(r"(?=[A-Z]*\d)[A-Z0-9]{6,12}(?<!\d{10})(?<!\d{11})(?<!\d{12})"),
    "军官证等": re.compile(r"[\u4e00-\u9fff]{1,4}字第?\d{4,10}号?"),
    "出生医学证明": re.compile(r"[A-Z]\d{9}"),
}
"""Papers without a digit that could be checked, each by how its number is written. Residence permits for people from
Hong Kong, Macao and Taiwan, and those of foreigners since 2023, are checked as identity cards are."""
OF_ORGANISATIONS: Mapping[str, re.Pattern[str]] = {
    "工商注册号": re.compile(r"\d{13}|\d{15}"),
    "事证、民证、社证": re.compile(r"[\u4e00-\u9fff]{1,6}字?第?[A-Z0-9]{4,16}号?"),
}


def identity_form(text: str) -> str:
    """For comparing. The number of 15 digits that was given out until 1999 is that of 18 which took its place."""
    form = _written(text)
    return _in_18_digits(form) if _OLD_RESIDENT.fullmatch(form) and _birthday(form) else form


def identity_forms(text: str) -> frozenset[str]:
    """As it may stand within another text: in 18 digits, and in 15 where it was typed so."""
    return frozenset({identity_form(text), _written(text)})


def _written(text: str) -> str:
    written = folded_numbers(text).text.upper() or text.strip()
    labelled = _LABELLED.fullmatch(written)
    return labelled[1] if labelled else written


def fault_of(text: str, *, organisation: bool = False) -> NumberFault | None:
    """Nothing is said of a number that is left out."""
    if not text:
        return None
    if is_damaged(text):
        return NumberFault.DAMAGED
    form = _written(text)
    return _fault_of_organisation(form) if organisation else _fault_of_person(form)


def _fault_of_person(form: str) -> NumberFault | None:
    if _RESIDENT.fullmatch(form):
        if not _birthday(form):
            return NumberFault.BIRTHDAY
        return None if form[17] == check_digit(form) else NumberFault.CHECK_DIGIT
    if _OLD_RESIDENT.fullmatch(form):
        return None if _birthday(form) else NumberFault.BIRTHDAY
    return None if _fits(form, OTHER_PAPERS) else NumberFault.SHAPE


def _fault_of_organisation(form: str) -> NumberFault | None:
    if len(form) == 18 and form.isascii():
        if not all(one in CREDIT_CODE for one in form):
            return NumberFault.SHAPE
        return None if form[17] == _credit_check(form) else NumberFault.CHECK_DIGIT
    if re.fullmatch(r"[0-9A-Z]{8}[0-9X]", form):
        return None if form[8] == _organisation_check(form) else NumberFault.CHECK_DIGIT
    return None if _fits(form, OF_ORGANISATIONS) else NumberFault.SHAPE


def _fits(form: str, papers: Mapping[str, re.Pattern[str]]) -> bool:
    return any(one.fullmatch(form) for one in papers.values())


def check_digit(form: str) -> str:
    """The eighteenth of an identity number, from the seventeen before it."""
    total = sum(weight * int(one) for weight, one in zip(WEIGHTS, form, strict=False))
    return CHECK_DIGITS[total % 11]


def _credit_check(form: str) -> str:
    total = sum(weight * CREDIT_CODE.index(one) for weight, one in zip(CREDIT_WEIGHTS, form, strict=False))
    return CREDIT_CODE[-total % 31]


def _organisation_check(form: str) -> str:
    total = sum(weight * int(one, 36) for weight, one in zip(ORGANISATION_WEIGHTS, form, strict=False))
    return "0123456789X0"[11 - total % 11]


def birthday(text: str) -> date | None:
    """Of whoever has this identity number; None: it tells none."""
    form = _written(text)
    told = _RESIDENT.fullmatch(form) or _OLD_RESIDENT.fullmatch(form)
    return _birthday(form) if told else None


def _birthday(form: str) -> date | None:
    """None: there is no such day."""
    digits = form[6:14] if len(form) == 18 else f"19{form[6:12]}"
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if day.year >= 1800 else None


def _in_18_digits(form: str) -> str:
    longer = f"{form[:6]}19{form[6:]}"
    return longer + check_digit(longer)
