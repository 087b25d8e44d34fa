"""达成的约定 What was agreed at a table: its terms as rows, told once for agreement, paper and performance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Len

from domain.case.composite.composite import Step
from domain.case.ending.performance import PerformObligation
from domain.case.kinds import AgreementForm, Extent, Nature
from domain.case.mediating.agreement import Promise, ReachAgreement
from domain.case.mediations import Mediation, Stage
from domain.shared.errors import Refused
from domain.shared.values import Line, OfficerId, Text, Value


class Term(Promise):
    """One thing that was promised, and whether it was done on the spot."""

    done: bool = False


class NothingAgreed(Refused):
    """An agreement says what was agreed: at least one thing that somebody promised, or a text."""


class Agreed(Value):
    form: AgreementForm = AgreementForm.WRITTEN
    extent: Extent = Extent.ALL_CLAIMS
    nature: Nature = Nature.ORDINARY
    facts: Text = ""
    issues: Text = ""
    responsibility: Text = ""
    manner: Line = ""
    terms: Annotated[tuple[Term, ...], Len(0, 200)] = ()
    also: Text = ""
    """What was agreed and is nothing that somebody does, for example that nothing else is owed."""
    mediator_signed: bool = False
    signing_mediator: OfficerId | None = None
    """Who signs for the mediation; None: the one whom all accepted."""
    sealed: bool = False


def reached(told: Agreed, mediation: int) -> ReachAgreement:
    """Raises NothingAgreed."""
    if not (text := _text(told)):
        raise NothingAgreed(field="agreed.terms.0.what")
    promises = tuple(Promise(obligor=one.obligor, what=one.what, amount=one.amount, due=one.due) for one in told.terms)
    return ReachAgreement(
        mediation=mediation,
        form=told.form,
        extent=told.extent,
        nature=told.nature,
        facts=told.facts,
        issues=told.issues,
        responsibility=told.responsibility,
        terms=text,
        manner=told.manner,
        obligations=promises,
    )


def _text(told: Agreed) -> str:
    """What the rows say, numbered, and what else was agreed: nobody writes it twice. Who owes it stands in the rows."""
    lines = [one.what for one in told.terms]
    if told.also.strip():
        lines.append(told.also.strip())
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))[:LONGEST]


LONGEST = 20_000


def performed_at_once(told: Agreed, mediation: Mediation) -> Iterator[Step]:
    if mediation.stage not in (Stage.AGREED, Stage.IN_EFFECT):
        return
    for number, term in enumerate(told.terms, 1):
        if term.done:
            yield Step(
                PerformObligation(mediation=mediation.number, obligation=number), f"agreed.terms.{number - 1}.done"
            )
