"""谁能看、为什么 Who may read a case, by what right, on which day; and who may be told who looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from application.office import OfficeRegister
from application.rights import Reach, Rights, Viewer
from domain.case.beside.turns import asked_above, reads_a_part, reads_all
from domain.case.case import DisputeCase
from domain.office.officer import Role
from domain.shared.calendar import SHANGHAI
from domain.shared.decider import History
from domain.shared.errors import Forbidden
from domain.shared.values import BodyId, OfficerId


class Why(StrEnum):
    """By what right somebody reads a case."""

    HOLDS = "holds"  # 负责本案
    MEDIATES = "mediates"  # 调解本案
    REGISTERED = "registered"  # 登记本案
    ASKED_ABOVE = "asked-above"  # 上级接收或者督办
    HANDED = "handed"  # 收到部分材料
    ANSWERS_FOR_AREA = "answers-for-area"  # 负责该地区
    AUDITS = "audits"  # 审计


@dataclass(frozen=True)
class MayRead:
    officer: UUID
    body: UUID
    role: Role
    why: Why
    whole: bool
    """Whether nothing of the case is kept from them."""


class NotToldWhoLooked(Forbidden):
    """Who looked at a case is told to auditors, and to the body that holds it."""


def is_told_who_looked(viewer: Viewer, case: DisputeCase) -> bool:
    holds = viewer.body is not None and viewer.body == case.holder
    return viewer.role is Role.AUDITOR or (holds and viewer.role in (Role.MEDIATOR, Role.COORDINATOR))


def check_told_who_looked(viewer: Viewer, case: DisputeCase) -> None:
    """Raises NotToldWhoLooked."""
    if not is_told_who_looked(viewer, case):
        raise NotToldWhoLooked


def who_may_read(
    rights: Rights, office: OfficeRegister, history: History[DisputeCase], day: date, is_today: bool
) -> list[MayRead]:
    """By the appointments, the areas and the state of that day's end, as they were recorded until then."""
    case = history.state if is_today else _at_the_end_of(history, day)
    found = _readers(rights, office.appointed(day), case, day)
    return sorted(found, key=lambda one: (list(Why).index(one.why), str(one.body), str(one.officer)))


def _at_the_end_of(history: History[DisputeCase], day: date) -> DisputeCase:
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return history.until(lambda entry: entry.recorded_at < end).state


def _readers(
    rights: Rights, appointed: Iterable[tuple[OfficerId, BodyId]], case: DisputeCase, day: date
) -> Iterator[MayRead]:
    for officer, body in appointed:
        viewer = rights.viewer(officer, day, body)
        reach = rights.reach(viewer, case, day)
        if reach is not Reach.NOTHING and viewer.role:
            yield MayRead(officer, body, viewer.role, _why(viewer, case), reach is Reach.ALL)


def _why(viewer: Viewer, case: DisputeCase) -> Why:
    """The nearest of the reasons, where there are several."""
    mine = viewer.scope.bodies
    last = case.active_mediation
    near: dict[Why, bool] = {
        Why.AUDITS: viewer.role is Role.AUDITOR,
        Why.HOLDS: case.holder in mine,
        Why.MEDIATES: last is not None and bool({last.body, *last.joint} & mine),
        Why.REGISTERED: case.registered_by in mine and bool(reads_all(case) & mine),
        Why.ASKED_ABOVE: bool(asked_above(case) & mine),
        Why.HANDED: bool(reads_a_part(case) & mine),
    }
    return next((why for why, holds in near.items() if holds), Why.ANSWERS_FOR_AREA)
