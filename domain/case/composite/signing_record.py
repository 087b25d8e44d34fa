"""签字盖章 The signing: what was agreed earlier is signed by those who came for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.composite.composite import Composite, EachOnce, Part, Signature, Step, signing
from domain.case.mediations import Stage
from domain.shared.errors import Conflict
from domain.shared.values import OfficerId


class NothingToSign(Conflict):
    """No agreement of this case waits for signatures."""


class RecordSigning(Composite):
    """签字盖章"""

    at_table: Annotated[tuple[Signature, ...], Len(0, 100), EachOnce] = ()
    mediator_signed: bool = False
    signing_mediator: OfficerId | None = None
    """Who signs for the mediation; None: the one whom all accepted."""
    sealed: bool = False

    def parts(self) -> tuple[Part, ...]:
        return (_refuse_unsignable, *signing(self, self.at_table))


def _refuse_unsignable(told: RecordSigning, case: DisputeCase) -> Iterator[Step]:
    """Raises NothingToSign. A part that means no step."""
    active = case.active_mediation
    if active is None or active.stage is not Stage.AGREED:
        raise NothingToSign
    yield from ()
