"""电话 Telephone numbers: how they are compared, several of them in one field as well, and which cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from domain.shared.spelling import folded_numbers
from domain.shared.told_numbers import NumberFault, is_damaged

SEPARATORS = re.compile(r"[/;,、|\n\t\\&＆]+|或者?|和|及|以及")
"""What stands between two numbers in one field, in the form NFKC; a space may also stand within one."""
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
LABEL = re.compile(r"^[^\d+(<]*?[:\s]*(?=[\d+(])|\s*\(?[\u4e00-\u9fff]{1,10}\)?\s*$")
"""Such as 手机: before a number, or (母亲) behind it."""
MOBILE = re.compile(r"1[3-9][0-9]{9}")
BEGINS_AS_MOBILE = re.compile(r"1[3-9]\d{4,}")
"""No number of a place begins so: whatever does is a mobile telephone, whole or with digits missing."""
CODE_OF_CHINA = re.compile(r"(?:\+|00)\s*\(?86\)?")
ABROAD = re.compile(r"\s*(?:\+|00)\s*(?!\(?86)[1-9]")
_TYPED = re.compile(r"[\d\s()+./\-－—–~]+")
SHORTEST, LONGEST = 5, 15
"""Digits: of a service such as 12345, and of any number in the world (E.164)."""


def phone_forms(text: str) -> frozenset[str]:
    """Each number in the field: without its separators, the code of China, an extension, zeros in front."""
    if MOBILE.fullmatch(text):
        return frozenset({text})
    found = _forms(text)
    while not all(map(MOBILE.fullmatch, found)) and (again := frozenset().union(*map(_forms, found))) != found:
        found = again  # what was no number at first may be one without what stood around it
    return found


def _forms(text: str) -> frozenset[str]:
    return frozenset(form for one in _each(text) if (form := _form(one)))


def fault_of(text: str) -> NumberFault | None:
    """Nothing is said of one that is left out."""
    if not text or MOBILE.fullmatch(text):
        return None
    if is_damaged(text):
        return NumberFault.DAMAGED
    return None if all(_is_plausible(one) for one in _each(text)) else NumberFault.SHAPE


def _is_plausible(one: str) -> bool:
    bare, form = LABEL.sub("", EXTENSION.sub("", one)), _form(one)
    if not _TYPED.fullmatch(bare):
        return False
    if BEGINS_AS_MOBILE.fullmatch(form):
        return bool(MOBILE.fullmatch(form))
    if set(form) in ({"0"}, {"1"}):
        return False  # typed to have something in the field
    return SHORTEST <= len(form.lstrip("+")) <= LONGEST


def _each(text: str) -> Iterator[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    for part in SEPARATORS.split(plain.strip(" '’‘")):
        if part.strip():
            yield from _parted_by_spaces(part.strip())


def _parted_by_spaces(part: str) -> Iterator[str]:
    """A space stands within a number, or between two that are whole."""
    if _is_whole(part) or " " not in part:
        yield part
        return
    words, begun = part.split(), ""
    for at, word in enumerate(words):
        begun = f"{begun} {word}".strip()
        if _is_whole(begun) and not _goes_on(begun, words[at + 1 :]):
            yield begun
            begun = ""
    if begun:
        yield begun


def _goes_on(begun: str, rest: list[str]) -> bool:
    """Whether the number is a longer one with the next word: a landline may have seven digits or eight."""
    return bool(rest) and _is_whole(f"{begun} {rest[0]}")


def _is_whole(text: str) -> bool:
    """A mobile telephone, or a landline with the code of its place."""
    form = _form(text)
    return bool(MOBILE.fullmatch(form)) or (not form.startswith("1") and 9 <= len(form) <= 11) or _is_of_peking(form)


def _is_of_peking(form: str) -> bool:
    return form.startswith("10") and len(form) == 10


def _form(one: str) -> str:
    plain = LABEL.sub("", EXTENSION.sub("", unicodedata.normalize("NFKC", one).strip()))
    digits = folded_numbers(plain).text
    if not digits.isdecimal():  # 138****1111 is another one than 1381111
        return folded_numbers(one).text
    if ABROAD.match(plain):
        return "+" + digits.removeprefix("00")
    bare = digits.lstrip("0") or digits
    return bare[2:].lstrip("0") if _has_code_of_china(plain, bare) else bare


def _has_code_of_china(plain: str, bare: str) -> bool:
    """No place in China has a code that begins with 86: whatever is long enough for it has the country's."""
    told = CODE_OF_CHINA.match(plain.strip()) is not None
    return bare.startswith("86") and (told or (len(bare) >= 11 and not plain.startswith("0")))
