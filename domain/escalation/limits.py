"""期限: how long a request to the level above may lie there."""

from __future__ import annotations

from domain.shared.law import Citation, Footing, TimeLimit, Unit

ESCALATION_ANSWER = TimeLimit(
    code="ESCALATION_ANSWER",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=Citation(law="本系统默认值", article="(无法律依据,由县级规则设定)", in_force=None),
    starts="上行请求送达",
    footing=Footing.EXAMPLE,
)
