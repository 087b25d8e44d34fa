"""化解不再成立 Undoing: what was agreed came apart, and from that day on the dispute is not resolved any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.case.case import DisputeCase
from domain.case.kinds import EndGround, Result
from domain.case.mediations import Confirmation, Mediation
from domain.case.service_limits import held_until
from domain.shared.law import Due
from domain.shared.occasion import Occasion


def undoing(case: DisputeCase, mediation: int, on: Occasion) -> dict[str, Any]:
    """Fields of an event by which the agreement of that mediation comes apart: whether the resolution of the case
    stood on it, and how long the holder has from now on, for the matter is open again."""
    undoes = case.resolved_at is not None and mediation == max(case.mediations)
    return {"undoes": undoes, "held": held_until(case.difficulty, on) if undoes else None}


def undone(case: DisputeCase, undoes: bool, held: Due | None) -> DisputeCase:
    """`undoes`: False of an entry that is older than this rule, and of one that found nothing resolved."""
    return case.but(resolved_at=None, held_until=held) if undoes else case


AGREEMENTS = frozenset({Result.AGREEMENT_WRITTEN, Result.AGREEMENT_ORAL})


def resolved_since(case: DisputeCase, result: Result, at: datetime) -> datetime | None:
    """The moment since which a case is resolved that is closed with this result. A case that was reopened or came apart
    counts as resolved again if it comes to the same result. A breached promise counts once it is done, and an agreement
    that the court did not confirm does not count."""
    if case.resolved_at:
        return case.resolved_at
    last = case.last_mediation
    if result in AGREEMENTS:
        return _agreed_since(last, at) if last and last.agreement else None
    if result is not Result.SELF_SETTLED:
        return None
    return last.since if last and last.ground is EndGround.SELF_SETTLED else at


def _agreed_since(mediation: Mediation, at: datetime) -> datetime | None:
    """Where the application to the court was taken back and not granted since: once it is closed as agreed."""
    if mediation.reached.is_broken:
        return None
    if mediation.reached.taken_back and mediation.reached.confirmation is not Confirmation.GRANTED:
        return at
    mended = [one.done_at for one in mediation.reached.obligations.values() if one.breached and one.done_at]
    return max([mediation.since, *mended])
