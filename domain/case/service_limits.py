"""办理期限: how long a matter may stay with whoever holds it; another county's service levels, as defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.case.kinds import Difficulty
from domain.shared.law import Citation, Due, Footing, TimeLimit, Unit
from domain.shared.occasion import Occasion

_DONGZHI = Citation(law="安徽省东至县综治中心分级办理做法", article="(示范)", in_force=None)

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

SERVICE: Mapping[Difficulty | None, TimeLimit] = {
    Difficulty.SIMPLE: SLA_SIMPLE,
    Difficulty.ORDINARY: SLA_ORDINARY,
    Difficulty.COMPLEX: SLA_COMPLEX,
    Difficulty.MAJOR: SLA_COMPLEX,
    None: SLA_ORDINARY,
}


def counted_as(due: Due, since: datetime, on: Occasion) -> Due:
    """The same limit, from another moment."""
    return on.due(next(one for one in SERVICE.values() if one.code == due.clock), since)


def held_until(difficulty: Difficulty | None, on: Occasion, since: datetime | None = None) -> Due:
    """How long the holder has, by the difficulty; a note or a session moves nothing."""
    return on.due(SERVICE[difficulty], since)
