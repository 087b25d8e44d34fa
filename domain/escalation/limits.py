"""期限: how long a request to the level above may lie there."""

from __future__ import annotations

from domain.shared.law import Footing, TimeLimit, Unit
from domain.statutes import OUR_DEFAULTS

ESCALATION_ANSWER = TimeLimit(
    code="ESCALATION_ANSWER",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=OUR_DEFAULTS["(无法律依据,由县级规则设定)"],
    starts="上行请求送达",
    footing=Footing.EXAMPLE,
)
