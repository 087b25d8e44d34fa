"""服务令牌 What a service token lets another system do, and what is known of one: never the token itself."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Len
from pydantic import AfterValidator

from domain.shared.values import Filled, OneLine, Printable, Sha256, Value


class TokenScope(StrEnum):
    READ = "read"  # 查阅案件
    FIGURES = "figures"  # 查阅统计
    RECORD = "record"  # 登记案件


TokenNumber = Annotated[int, Ge(1)]
"""Of an officer's tokens, in the order in which they were issued."""
TokenLabel = Annotated[str, Len(1, 60), Printable, OneLine, Filled]
"""Which program has it. No person's name."""
Scopes = Annotated[tuple[TokenScope, ...], Len(1, len(TokenScope)), AfterValidator(lambda told: tuple(sorted({*told})))]
"""Each once and in order, so that the same scopes are stored as the same bytes."""


class ServiceToken(Value):
    label: TokenLabel
    scopes: Scopes
    appointment: int
    """Under which of the officer's appointments it acts."""
    ends_on: date
    """The first day on which it no longer holds."""
    mark: Sha256
    ended: bool = False
