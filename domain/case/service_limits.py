"""办理期限: how long a matter may stay with whoever holds it; another county's service levels, as defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.case.kinds import Difficulty
from domain.shared.law import Due, Effect, Footing, TimeLimit, Unit
from domain.shared.occasion import Occasion
from domain.statutes import ARCHIVES_RULES, DONGZHI_PRACTICE, OUR_DEFAULTS

_DONGZHI = DONGZHI_PRACTICE["(示范)"]

SLA_SIMPLE = TimeLimit(
    code="SLA_SIMPLE",
    length=1,
    counted_in=Unit.DAYS,
    basis=_DONGZHI,
    starts="登记(或者到本级),简易纠纷",
    footing=Footing.EXAMPLE,
)
SLA_ORDINARY = TimeLimit(
    code="SLA_ORDINARY",
    length=7,
    counted_in=Unit.DAYS,
    basis=_DONGZHI,
    starts="登记(或者到本级),一般纠纷",
    footing=Footing.EXAMPLE,
)
SLA_COMPLEX = TimeLimit(
    code="SLA_COMPLEX",
    length=20,
    counted_in=Unit.DAYS,
    basis=_DONGZHI,
    starts="登记(或者到本级),疑难复杂或者重大纠纷",
    footing=Footing.EXAMPLE,
)
RISK_ANSWER = TimeLimit(
    code="RISK_ANSWER",
    length=1,
    counted_in=Unit.WORKING_DAYS,
    basis=OUR_DEFAULTS["(人民调解法第二十五条只规定及时报告,答复期限由县级规则设定)"],
    starts="公安机关等收到风险报告",
    footing=Footing.EXAMPLE,
)
FILE_KEPT = TimeLimit(
    code="FILE_KEPT",
    length=10,
    counted_in=Unit.YEARS,
    basis=ARCHIVES_RULES["第四条"],
    starts="结案,归档后从归档起",
    effect=Effect.WARN,  # 期满后经鉴定方可删除: nothing is erased by itself
    footing=Footing.EXAMPLE,  # 定期分为30年、10年: the shorter one, which a county replaces by its own
    text_read=False,
)

SERVICE: Mapping[Difficulty | None, TimeLimit] = {
    Difficulty.SIMPLE: SLA_SIMPLE,
    Difficulty.ORDINARY: SLA_ORDINARY,
    Difficulty.COMPLEX: SLA_COMPLEX,
    Difficulty.MAJOR: SLA_COMPLEX,
    None: SLA_ORDINARY,
}


def counted_as(due: Due, since: datetime, on: Occasion) -> Due:
    """The same limit, from another moment; one that is not of this table stays as it was counted."""
    limit = next((one for one in SERVICE.values() if one.code == due.clock), None)
    return on.due(limit, since).but(effect=due.effect) if limit else due


def held_until(difficulty: Difficulty | None, on: Occasion, since: datetime | None = None) -> Due:
    """How long the holder has, by the difficulty; a note or a session moves nothing."""
    return on.due(SERVICE[difficulty], since)


def whole_until(difficulty: Difficulty | None, on: Occasion, since: datetime | None = None) -> Due:
    """How long the whole dispute has from its registration, whoever holds it: late is flagged, and moves nothing."""
    return held_until(difficulty, on, since).but(effect=Effect.FLAG)
