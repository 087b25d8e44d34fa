"""Many cases that lie between desks, made in one unit of work through the application's own use cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from application.ports import Asked, VersionMismatch
from application.rights import Viewer
from application.streams import CASES
from domain.case.kinds import Side
from domain.case.opening.intake import RegisterCase
from domain.case.people import NewParty
from domain.escalation.kinds import Ground
from domain.escalation.raising import RequestEscalation
from domain.jurisdiction.body import body_id
from domain.office.officer import officer_id
from domain.referral.acknowledging import AcknowledgeReferral
from domain.referral.offering import OfferReferral
from domain.shared.calendar import local_day
from domain.shared.errors import DomainError
from domain.shared.slices import Slice
from domain.shared.values import BodyId, CaseId, EscalationId, ReferralId, ReferralKind
from tests.api.conftest import County
from tests.patience import PATIENCE
from tests.referral.offices import DESKS, PLACES

PARTIES = (NewParty(side=Side.APPLICANT, name="周大山"), NewParty(side=Side.RESPONDENT, name="吴小河"))


def viewer(county: County, code: str) -> Viewer:
    return county.parts.system.access.rights.viewer(officer_id(DESKS[code]), local_day(county.clock()))


def asked(county: County, code: str, request: UUID | None = None) -> Asked:
    who, request = viewer(county, code), request or uuid4()
    assert who.body
    return Asked(
        by=who.officer,
        body=who.body,
        acting=county.parts.system.deciding.acting(who, local_day(county.clock())),
        request=request,
        correlation=request,
        now=county.clock(),
    )


def registered(county: County, code: str, count: int, occurred_at: datetime) -> list[CaseId]:
    ids = [CaseId(uuid4()) for _ in range(count)]
    place = county.area(PLACES.get(code, PLACES["LW"]))
    command = RegisterCase(place=place, facts="两家争吵。", parties=PARTIES, occurred_at=occurred_at)

    def work(unit: Any) -> UUID:
        for id in ids:
            county.parts.system.deciding.cases.act(unit, id, command, asked(county, code))
        return ids[-1]

    county.parts.ledger.carry_out(asked(county, code), work)
    return ids


def offered(
    county: County, kind: ReferralKind, sender: str, receivers: Sequence[str], count: int, occurred_at: datetime
) -> list[tuple[CaseId, ReferralId]]:
    """Of a transfer the first receiver has signed for each."""
    cases = registered(county, sender, count, occurred_at)
    found = [(case, ReferralId(uuid4())) for case in cases]

    def work(unit: Any) -> UUID:
        for case, id in found:
            _offer(county, unit, case, id, kind, sender, receivers, occurred_at)
        return found[-1][1]

    county.parts.ledger.carry_out(asked(county, sender), work)
    return found


def _offer(
    county: County,
    unit: Any,
    case: CaseId,
    id: ReferralId,
    kind: ReferralKind,
    sender: str,
    to: Sequence[str],
    at: datetime,
) -> None:
    history = unit.history(CASES, case)
    everybody = tuple(sorted(history.state.present_parties))
    bodies = tuple(BodyId(body_id(code)) for code in to)
    content = Slice(parties=everybody)
    command = OfferReferral(kind=kind, to=bodies, content=content, consented=everybody, occurred_at=at)
    referrals = county.parts.system.deciding.referrals
    referrals.act_offer(unit, history, command, asked(county, sender, id))
    if kind is ReferralKind.TRANSFER:
        referrals.act(unit, id, AcknowledgeReferral(occurred_at=at), asked(county, to[0]))


def sent_up(county: County, count: int, occurred_at: datetime) -> list[tuple[CaseId, EscalationId]]:
    cases = registered(county, "LW", count, occurred_at)
    found = [(case, EscalationId(uuid4())) for case in cases]
    command = RequestEscalation(to=BodyId(body_id("HK")), because=Ground.TOO_COMPLEX, occurred_at=occurred_at)

    def work(unit: Any) -> UUID:
        for case, id in found:
            county.parts.system.deciding.escalations.act_begin(
                unit, unit.history(CASES, case), command, asked(county, "LW", id)
            )
        return found[-1][1]

    county.parts.ledger.carry_out(asked(county, "LW"), work)
    return found


def raced(*attempts: Callable[[], Any]) -> list[bool]:
    """All at the same moment, each over a connection of its own: which of them were recorded."""
    start = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> bool:
        start.wait(PATIENCE)
        try:
            attempt()
        except (DomainError, VersionMismatch):
            return False
        return True

    with ThreadPoolExecutor(len(attempts)) as lanes:
        return list(lanes.map(run, attempts))
