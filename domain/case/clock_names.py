"""Names of a case's clocks: `holder`, `matter/2`, `conclude/3`, `also/3/LABOUR_MED`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import InstanceOf

from domain.shared.clocks import ClockKind, as_text


class CaseClockKind(ClockKind):
    HOLDER = "holder"  # 承办期限
    ACCEPT = "accept"  # 受理期限
    MATTER = "matter"  # 其他机关的办理期限
    CONCLUDE = "conclude"  # 调解期限
    ALSO = "also"  # 同时适用的其他期限
    CONFIRM = "confirm"  # 申请司法确认
    ADMIT = "admit"  # 法院受理
    DECIDE = "decide"  # 法院裁定
    ENFORCE = "enforce"  # 申请执行
    DISPUTE = "dispute"  # 整件纠纷的办理期限
    RISK = "risk"  # 风险报告的答复期限
    BEGUN = "begun"  # 由事项起算的期限


OF_THE_CASE = frozenset({CaseClockKind.HOLDER, CaseClockKind.ACCEPT, CaseClockKind.DISPUTE, CaseClockKind.BEGUN})
WITH_CODE = frozenset({CaseClockKind.ALSO, CaseClockKind.BEGUN})


@dataclass(frozen=True, order=True)
class CaseClock:
    """`number`: of the proceeding at another organ, or of the mediation; 0: it is of the case as a whole.
    `code`: of the limit, where several of one kind run beside each other."""

    kind: CaseClockKind
    number: int = 0
    code: str = ""

    def __post_init__(self) -> None:
        fits = (self.number == 0) == (self.kind in OF_THE_CASE) and bool(self.code) == (self.kind in WITH_CODE)
        if not fits:
            raise ValueError("such a clock has no such parts")

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, str(self.number or ""), self.code) if part)

    @classmethod
    def read(cls, text: str) -> CaseClock:
        """Raises ValueError."""
        kind, _, which = text.partition("/")
        number, _, code = ("", "", which) if kind == CaseClockKind.BEGUN else which.partition("/")
        return cls(CaseClockKind(kind), int(number or 0), code)


CaseClockName = Annotated[InstanceOf[CaseClock], *as_text(CaseClock.read)]
