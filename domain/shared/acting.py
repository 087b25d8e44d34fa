"""以何身份: who acted as what, fixed in each entry: what an officer or a body is called later changes nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class NoOfficer(StrEnum):
    """What acts without being an officer in a role."""

    CLOCK = "clock"  # 期限届满，系统记录
    OPERATOR = "operator"  # 系统管理员(命令行)
    TOLD = "told"  # 原登记簿所载的经办人


@dataclass(frozen=True, slots=True)
class ActingAs:
    """`role`: of the appointment under which the officer acted, or a `NoOfficer`. Names as they were when it was
    recorded; empty where there is none."""

    role: str
    officer: str = ""
    body: str = ""
    area: UUID | None = None
    place: str = ""
    """What that area was called: the one in which the body stands."""
    token: int = 0
    """The number of the officer's service token by which another system recorded it; 0: by none."""
