"""化解不再成立 Undoing: what was agreed came apart, and from that day on the dispute is not resolved any more."""

from __future__ import annotations

from typing import Any

from domain.case.case import DisputeCase
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
