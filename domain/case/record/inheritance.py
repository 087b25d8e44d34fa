"""分案时随案 Carrying over: what stands in the way of mediating a dispute stands in the way of each of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from domain.case.beside.proceedings import ProceedingsNoted
from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent
from domain.case.mediating.refusal import MediationRefused
from domain.case.opening.classification import RiskRated
from domain.case.opening.risk_reports import RiskReported
from domain.shared.decider import History, standing
from domain.shared.values import Channel, PersonId


def carried_over(history: History[DisputeCase], ids: Mapping[PersonId, PersonId]) -> tuple[CaseEvent, ...]:
    """As it reads now. `ids`: of the parties of the part, in the old case and in the new one."""
    events = [entry.event for entry in standing(history.entries)]
    refusals: dict[tuple[PersonId, Channel], MediationRefused] = {
        (one.party, one.channel): one for one in events if isinstance(one, MediationRefused)
    }
    kept = history.state.refusals & {key for key in refusals if key[0] in ids}
    refused = (refusals[key].but(party=ids[key[0]], moves_stage=False) for key in sorted(kept))
    noted = [one for one in events if isinstance(one, ProceedingsNoted)]
    return (*refused, *_matters(history.state, noted), *_risk(history.state, events))


def _matters(case: DisputeCase, noted: list[ProceedingsNoted]) -> Iterator[ProceedingsNoted]:
    """Those that go on before another organ, or were settled there."""
    blocking = [(one, matter) for one, matter in zip(noted, case.matters.values(), strict=True) if matter.blocks]
    for number, (one, matter) in enumerate(blocking, 1):
        yield one.but(number=number, settled=matter.settled, due=None if matter.over else matter.due)


def _risk(case: DisputeCase, events: Sequence[object]) -> Iterator[CaseEvent]:
    rated = [one for one in events if isinstance(one, RiskRated)]
    reported = [one for one in events if isinstance(one, RiskReported)]
    yield from rated[-1:] if case.possible_crime else ()
    yield from reported[-1:] if case.possible_crime and case.risk_reported else ()
