"""一次记录 A composite: one telling of what several commands record, in the order in which the law wants them.

A composite decides nothing by itself. Each of its parts looks at the case as the parts before it have left it, and
names the commands that are still needed; each command has its own guards. So a composite can do nothing that its
commands could not do one by one, and what is known already is not asked again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.case.case import DisputeCase
from domain.case.commands import CaseCommand
from domain.case.kinds import SigningManner
from domain.case.mediating.signing import SealAgreement, SignAgreement, SignAsMediator
from domain.case.mediations import Mediation
from domain.shared.errors import BeforeWhatItBuildsOn, DomainError, InTheFuture
from domain.shared.references import PartyRef, RepresentativeRef
from domain.shared.values import Moment, OfficerId, PersonId, Value


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


def signed_by_parties(mediation: Mediation, told: Iterable[Signature], told_in: str) -> Iterator[Step]:
    """Of those who have not signed yet."""
    for index, one in enumerate(told):
        if one.signed and one.party not in mediation.reached.signed:
            sign = SignAgreement(
                mediation=mediation.number,
                party=one.party,
                signed_by=one.given_by,
                with_guardian=one.with_guardian,
                signing=one.signing,
            )
            yield Step(sign, f"{told_in}.{index}.signed")


def signed_by_mediator(
    mediation: Mediation, mediator: OfficerId | None, present: frozenset[PersonId]
) -> Iterator[Step]:
    """By the mediator who is named, or by the first whom all accepted."""
    chosen = mediator or next(iter(mediation.accepted_mediators(present)), None)
    if chosen and not mediation.reached.mediator_signed_at:
        yield Step(SignAsMediator(mediation=mediation.number, mediator=chosen), "mediator_signed")


def sealed_by_body(mediation: Mediation) -> Iterator[Step]:
    if not mediation.reached.sealed_at:
        yield Step(SealAgreement(mediation=mediation.number), "sealed")
