"""The words of sweeps, and the ids of what they keep."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.shared.values import Level
from domain.statutes import PETITIONS_REGULATION

MeetingId = NewType("MeetingId", UUID)
CampaignId = NewType("CampaignId", UUID)
SWEEPING = PETITIONS_REGULATION["第十条"]
DAILY = frozenset({Level.GRID, Level.VILLAGE})
"""日排查 of a grid, 日研判 of a village: who reports each day."""


class SweepStage(StrEnum):
    NEW = "new"  # 尚无记录
    OPEN = "open"  # 当月


class WithdrawalGround(StrEnum):
    """Why something that was reported does not stand."""

    FIND_MISSED = "find-missed"  # 漏报
    WRONG_DAY = "wrong-day"  # 日期有误
    WRONG_UNIT = "wrong-unit"  # 单位有误
    NOT_HELD = "not-held"  # 没有进行


class MeetingForm(StrEnum):
    REVIEW = "review"  # 日研判
    MONTHLY = "monthly"  # 月例会
    YARD = "yard"  # 屋场会
    CIRCLE = "circle"  # 围楼夜话


class MeetingStage(StrEnum):
    NEW = "new"  # 尚无记录
    HELD = "held"  # 已召开
    WITHDRAWN = "withdrawn"  # 已作废


class Assessment(StrEnum):
    """What those who raised it say of what was done (评)."""

    SATISFIED = "satisfied"  # 满意
    PARTLY = "partly"  # 基本满意
    NOT_SATISFIED = "not-satisfied"  # 不满意


class CampaignStage(StrEnum):
    NEW = "new"  # 尚无记录
    RUNNING = "running"  # 进行中
    ENDED = "ended"  # 已结束
