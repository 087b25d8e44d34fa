"""Numbers as people and sheets tell them: what may be wrong with one, and how a field refuses it."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from domain.shared.values import AS_TOLD

_DAMAGED = re.compile(r"[+-]?\d+(?:[.,]\d+)?e\s*\+?\s*\d{1,3}", re.IGNORECASE)


_NO_VALUE = re.compile(r"#(?:N/A|GETTING_DATA|[^\W\d_][\w/]*[!?]|#{2,})|Err:\d{3}", re.IGNORECASE)
"""What a spreadsheet shows where a formula came to nothing, or where a column is too narrow for a number: also in
the words of other languages (#名称?), and in those that are still to come, which all end alike."""


class NumberFault(StrEnum):
    """Why a number cannot be the one on the paper."""

    DAMAGED = "damaged"  # 电子表格改坏
    SHAPE = "shape"  # 形式不符
    BIRTHDAY = "birthday"  # 没有这个出生日期
    CHECK_DIGIT = "check-digit"  # 校验码不符


def is_damaged(text: str) -> bool:
    """Whether a spreadsheet took it for a quantity, as in 1.10101E+17: most of its digits are lost."""
    return _DAMAGED.fullmatch(unicodedata.normalize("NFKC", text).strip(" '’")) is not None


def is_damaged_code(text: str) -> bool:
    """Of what may have letters: 2022E12 may be a number of an office, and a spreadsheet writes 1.2E+05."""
    return "+" in text and is_damaged(text)


def is_no_value(text: str) -> bool:
    """Whether a spreadsheet left an error there in place of what somebody wrote."""
    return _NO_VALUE.fullmatch(unicodedata.normalize("NFKC", text).strip(" '’")) is not None


def refuse_fault(of: str, fault: NumberFault | None, info: ValidationInfo) -> None:
    """Raises an error of the field. What another system has told is flagged instead, and kept as it is."""
    if fault and info.context != AS_TOLD:
        raise PydanticCustomError(f"{of}_{fault}", "this cannot be such a number")
