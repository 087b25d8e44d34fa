"""由事项起算的期限 Begun: limits that start with something that happened, and until when each of them waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.case.case import DisputeCase
from domain.case.kinds import Category, EndGround
from domain.case.limits import (
    ADM_TRANSFER,
    CONTRACT_LIMITATION,
    COURT_ASSIGN,
    COURT_JOINT_PICK,
    LABOUR_LIMITATION,
    LABOUR_MED,
    LAND_LIMITATION,
    PSB_SECOND_MED,
    TRAFFIC_AFTER_PM,
    TRAFFIC_APPLY,
)
from domain.case.mediations import BEFORE_AGREEMENT, Stage
from domain.case.organ_papers import Receipt
from domain.shared.law import Due, TimeLimit
from domain.shared.occasion import Occasion
from domain.shared.values import BodyKind, Channel

WITHOUT_AGREEMENT = frozenset(
    {EndGround.FAILED, EndGround.PARTY_ENDED, EndGround.REFUSED, EndGround.OUT_OF_CONTACT, EndGround.TIME_LIMIT}
)


def by_request(on: Occasion, since: datetime | None = None) -> tuple[Due, ...]:
    """A request interrupts limitation (时效规定 12); a court appoints within three working days (在线调解规则 10)."""
    limits = (CONTRACT_LIMITATION, COURT_ASSIGN) if on.body.kind is BodyKind.COURT else (CONTRACT_LIMITATION,)
    return tuple(on.due(one, since) for one in limits)


LIMITATIONS: Mapping[Category, TimeLimit | None] = {
    Category.LABOUR: LABOUR_LIMITATION,
    Category.FOREST_LAND: LAND_LIMITATION,
    Category.MARRIAGE_FAMILY: None,
}
"""What is not the three years of every other claim; None: maintenance and the like have none (民法典 196)."""
OF_A_CATEGORY = (CONTRACT_LIMITATION, LABOUR_LIMITATION, LAND_LIMITATION, LABOUR_MED)


def by_category(
    category: Category, receipt: Receipt, registered_at: datetime, on: Occasion
) -> tuple[tuple[Due, ...], tuple[str, ...]]:
    """What runs from the receipt of a dispute of this category, and the codes of what does not: the limitation that a
    request interrupts, and the fifteen days of a labour dispute that a committee was asked to mediate."""
    found: list[Due] = []
    limitation = LIMITATIONS.get(category, CONTRACT_LIMITATION)
    if receipt.requested_at and limitation:
        found.append(on.due(limitation, receipt.requested_at))
    if category is Category.LABOUR and receipt.asked_of is Channel.PEOPLE:
        found.append(on.due(LABOUR_MED, receipt.requested_at or registered_at))
    running = {one.clock for one in found}
    return tuple(found), tuple(one.code for one in OF_A_CATEGORY if one.code not in running)


def by_end(case: DisputeCase, channel: Channel, ground: EndGround, on: Occasion) -> tuple[Due, ...]:
    """A committee's road accident may go to the police within three days; the police may mediate a second time."""
    if ground not in WITHOUT_AGREEMENT:
        return ()
    if channel is Channel.PEOPLE and case.category is Category.TRAFFIC:
        return (on.due(TRAFFIC_AFTER_PM),)
    if on.body.kind is BodyKind.POLICE and case.category is not Category.TRAFFIC:
        return () if PSB_SECOND_MED.code in case.begun else (on.due(PSB_SECOND_MED),)  # 可以再次调解: once
    return ()


def begun_anew(begins: tuple[Due, ...], ground: EndGround, at: datetime, on: Occasion) -> tuple[Due, ...]:
    """What an end had begun, after a correction of its ground or its day."""
    limits = {one.code: one for one in (TRAFFIC_AFTER_PM, PSB_SECOND_MED)}
    return tuple(on.due(limits[one.clock], at) for one in begins) if ground in WITHOUT_AGREEMENT else ()


def first_ended_at(case: DisputeCase, on: Occasion) -> datetime | None:
    """When the first mediation of the police came to nothing, where a mediation that they open now is the second: it
    is completed within seven working days of that (办案程序规定 183)."""
    due = case.begun.get(PSB_SECOND_MED.code)
    return due.since if due and on.body.kind is BodyKind.POLICE and still_waits(case, due) else None


def _no_labour_agreement(case: DisputeCase, due: Due) -> bool:
    """Until it is accepted, and then in a mediation that does not count these days itself."""
    if not case.mediations or case.resolved_at:
        return case.resolved_at is None
    active = case.active_mediation
    going_on = active and active.stage in BEFORE_AGREEMENT - {Stage.PAUSED} and active.channel is Channel.PEOPLE
    return bool(active and going_on and due.clock not in {one.clock for one in active.also})


def _no_mediation_since(case: DisputeCase, due: Due) -> bool:
    return all(one.opened_at <= due.since for one in case.mediations.values())


def _nobody_asked(case: DisputeCase, due: Due) -> bool:
    return not (case.offers or case.handed or case.mediations)


def _still_here(case: DisputeCase, due: Due) -> bool:
    return not (case.offers or case.handed) and case.held_since is not None and case.held_since <= due.since


def _not_before_the_police(case: DisputeCase, due: Due) -> bool:
    return all(one.channel is not Channel.ADMINISTRATIVE for one in case.mediations.values())


WAITING: Mapping[str, Callable[[DisputeCase, Due], bool]] = {
    CONTRACT_LIMITATION.code: lambda case, due: case.resolved_at is None,
    LABOUR_LIMITATION.code: lambda case, due: case.resolved_at is None,
    LAND_LIMITATION.code: lambda case, due: case.resolved_at is None,
    LABOUR_MED.code: _no_labour_agreement,
    COURT_ASSIGN.code: _nobody_asked,
    COURT_JOINT_PICK.code: _nobody_asked,
    TRAFFIC_APPLY.code: _not_before_the_police,
    TRAFFIC_AFTER_PM.code: _no_mediation_since,
    PSB_SECOND_MED.code: _no_mediation_since,
    ADM_TRANSFER.code: _still_here,
}


def still_waits(case: DisputeCase, due: Due) -> bool:
    return WAITING[due.clock](case, due)
