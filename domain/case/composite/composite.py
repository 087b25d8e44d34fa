"""一次记录 A composite: one telling of what several commands record, in the order in which the law wants them.

A composite decides nothing by itself. Each of its parts looks at the case as the parts before it have left it, and
names the commands that are still needed; each command has its own guards. So a composite can do nothing that its
commands could not do one by one, and what is known already is not asked again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import AfterValidator

from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.kinds import COURT_MANDATES, SigningManner
from domain.case.mediating.signing import SealAgreement, SignAgreement, SignAsMediator
from domain.case.mediations import Mediation, Stage
from domain.shared.errors import BeforeWhatItBuildsOn, DomainError, InTheFuture
from domain.shared.references import PartyRef, RepresentativeRef
from domain.shared.values import Moment, OfficerId, Value


@dataclass(frozen=True)
class Step:
    """A command that a composite means. `told_in`: the field that says it, where a refusal is shown."""

    command: CaseCommand
    told_in: str

    def field_of(self, refusal: DomainError) -> str:
        """Where the refusal is shown: a wrong time is wrong for all of it."""
        return "occurred_at" if isinstance(refusal, BeforeWhatItBuildsOn | InTheFuture) else self.told_in


Part = Callable[[Any, DisputeCase], Iterable[Step]]
"""Of a composite and the case as it is by then."""


class Composite(Value):
    occurred_at: Moment | None = None
    """When they sat together; left out: now."""

    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """In the order of the law: each sees the case as the parts before it have left it."""

    def steps_of(self, part: Part, case: DisputeCase) -> Iterator[Step]:
        """The steps of that part, dated as all of it is."""
        for step in part(self, case):
            yield Step(step.command.but(occurred_at=self.occurred_at), step.told_in)


class Signature(Value):
    """That a party signed what was agreed."""

    party: PartyRef
    signed: bool = False
    signing: SigningManner = SigningManner.SIGNATURE
    given_by: RepresentativeRef | None = None
    """Who speaks for the party; None: it does itself."""
    with_guardian: RepresentativeRef | None = None


def _each_once(told: tuple[Signature, ...]) -> tuple[Signature, ...]:
    if len({one.party for one in told}) < len(told):
        raise ValueError("each party sits at the table once")
    return told


EachOnce = AfterValidator(_each_once)


def signing(told: Signing, signatures: tuple[Signature, ...], field: str = "") -> tuple[Part, ...]:
    """Mediator, parties and seal; where a court handed it over, its last party's signature gives effect, and after that
    nothing is signed: there the seal comes before."""
    return (
        lambda _, case: _by_mediator(told, case, field),
        lambda _, case: _by_seal(told, case, field, before_parties=True),
        lambda _, case: _by_parties(signatures, case),
        lambda _, case: _by_seal(told, case, field, before_parties=False),
    )


class Signing(Protocol):
    """What a composite says of the mediator and the seal."""

    @property
    def mediator_signed(self) -> bool: ...

    @property
    def signing_mediator(self) -> OfficerId | None: ...

    @property
    def sealed(self) -> bool: ...


def _waiting(case: DisputeCase) -> Mediation | None:
    """The mediation whose agreement waits for signatures."""
    active = case.active_mediation
    return active if active and active.stage is Stage.AGREED else None


def _by_parties(told: Iterable[Signature], case: DisputeCase) -> Iterator[Step]:
    """Of those who have not signed yet."""
    if not (mediation := _waiting(case)):
        return
    for index, one in enumerate(told):
        if one.signed and one.party not in mediation.reached.signed:
            sign = SignAgreement(
                mediation=mediation.number,
                party=one.party,
                signed_by=one.given_by,
                with_guardian=one.with_guardian,
                signing=one.signing,
            )
            yield Step(sign, f"at_table.{index}.signed")


def _by_mediator(told: Signing, case: DisputeCase, field: str) -> Iterator[Step]:
    """By the mediator who is named, or by the first whom all accepted."""
    mediation = _waiting(case)
    if not (told.mediator_signed and mediation) or mediation.reached.mediator_signed_at:
        return
    if chosen := told.signing_mediator or next(iter(mediation.accepted_mediators(case.present_parties)), None):
        yield Step(SignAsMediator(mediation=mediation.number, mediator=chosen), f"{field}mediator_signed")


def _by_seal(told: Signing, case: DisputeCase, field: str, before_parties: bool) -> Iterator[Step]:
    mediation = _waiting(case)
    if not (told.sealed and mediation) or mediation.reached.sealed_at:
        return
    if before_parties is (mediation.mandate in COURT_MANDATES):
        yield Step(SealAgreement(mediation=mediation.number), f"{field}sealed")
