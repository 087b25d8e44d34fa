"""The words of an escalation: how a matter moves between levels, on what ground it goes up, and comes back."""

from __future__ import annotations

from enum import StrEnum


class EscalationKind(StrEnum):
    REQUEST = "request"  # 上行(报请上级)
    CALL_UP = "call-up"  # 提级
    ASSIGN_DOWN = "assign-down"  # 交办
    SUPERVISION = "supervision"  # 督办


class Ground(StrEnum):
    """Why the level above takes it up."""

    TOO_COMPLEX = "too-complex"  # 疑难复杂
    SEVERAL_VILLAGES = "several-villages"  # 跨村(社区)
    MASS_MATTER = "mass-matter"  # 群体性
    MEDIATION_FAILED = "mediation-failed"  # 调解不成
    OVERDUE = "overdue"  # 逾期未化解
    RISK = "risk"  # 有激化风险


class ReturnGround(StrEnum):
    """Why it goes down again."""

    WITHIN_YOUR_POWERS = "within-your-powers"  # 属于本级能够化解
    NOT_MEDIATED_YET = "not-mediated-yet"  # 尚未经本级调解
    MATERIAL_MISSING = "material-missing"  # 材料不全
    WRONG_AREA = "wrong-area"  # 不属于本辖区
    SETTLED_BELOW = "settled-below"  # 已由下级化解
    OTHER = "other"  # 其他
