"""签字盖章 The signing: what was agreed earlier is signed by those who came for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.composite.composite import (
    Composite,
    Part,
    Signature,
    Step,
    sealed_by_body,
    signed_by_mediator,
    signed_by_parties,
)
from domain.case.mediations import Stage
from domain.shared.errors import Conflict
from domain.shared.values import OfficerId


class NothingToSign(Conflict):
    """No agreement of this case waits for signatures."""


class RecordSigning(Composite):
    """签字盖章"""

    at_table: Annotated[tuple[Signature, ...], Len(0, 100)] = ()
    mediator: OfficerId | None = None
    """Who signs for the mediation; None: the one whom all accepted."""
    mediator_signed: bool = False
    sealed: bool = False

    def parts(self) -> tuple[Part, ...]:
        return (
            _by_parties,
            _by_mediator,
            _by_seal,
        )


def _by_parties(told: RecordSigning, case: DisputeCase) -> Iterator[Step]:
    active = case.active_mediation
    if active is None or active.stage is not Stage.AGREED:
        raise NothingToSign
    yield from signed_by_parties(active, told.at_table, "at_table")


def _by_mediator(told: RecordSigning, case: DisputeCase) -> Iterator[Step]:
    active = case.active_mediation
    if told.mediator_signed and active and active.stage is Stage.AGREED:
        yield from signed_by_mediator(active, told.mediator, case.present_parties)


def _by_seal(told: RecordSigning, case: DisputeCase) -> Iterator[Step]:
    active = case.active_mediation
    if told.sealed and active and active.stage is Stage.AGREED:
        yield from sealed_by_body(active)
