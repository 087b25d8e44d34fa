"""办结 The closing: what was promised is done, somebody asked how it went, and the file is closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Len

from domain.case.case import DisputeCase, Status
from domain.case.composite.composite import Composite, Part, Step
from domain.case.ending.closing import ArchiveCase, CloseCase, fitting_results, missing_papers
from domain.case.ending.follow_up import FollowUp, RecordSatisfaction
from domain.case.ending.performance import PerformObligation
from domain.case.kinds import Paper, Result, Satisfaction
from domain.case.mediations import Stage
from domain.case.record.papers import FilePaper
from domain.shared.errors import Refused
from domain.shared.references import PartyRef
from domain.shared.values import Fen, Sha256, Text, Value


class ResultNeeded(Refused):
    """The case could have come out in several ways: say how it did."""


class Performed(Value):
    """One obligation, done now."""

    mediation: int
    obligation: int
    done: bool = True
    amount: Fen | None = None
    """What was paid this time; None: all that was left."""
    proof: Sha256 | None = None
    note: Text = ""


class Filed(Value):
    paper: Paper
    sha256: Sha256


class Asked(Value):
    """How satisfied a party says it is."""

    party: PartyRef
    satisfaction: Satisfaction | None = None
    """None: it was not asked."""
    remark: Text = ""


class RecordClosing(Composite):
    """办结"""

    performed: Annotated[tuple[Performed, ...], Len(0, 200)] = ()
    papers: Annotated[tuple[Filed, ...], Len(0, 20)] = ()
    findings: Text = ""
    """What was heard when somebody followed it up; empty: nobody did."""
    asked: Annotated[tuple[Asked, ...], Len(0, 100)] = ()
    close_when_done: bool = False
    """Once nothing that was promised is still open; else it stays open."""
    result: Result | None = None
    """How it came out; None: the one that it can have been."""
    account: Text = ""
    archive_when_complete: bool = False
    """Once it is closed and no paper is missing; else it stays closed, and the case tells what is missing."""

    def parts(self) -> tuple[Part, ...]:
        return (
            _performed,
            _followed_up,
            _asked,
            _closed,
            _filed,
            _archived,
        )


def _performed(told: RecordClosing, _: DisputeCase) -> Iterator[Step]:
    for index, one in enumerate(told.performed):
        if one.done:
            content = one.model_dump(exclude={"done"})
            yield Step(PerformObligation(**content), f"performed.{index}.done")


def _followed_up(told: RecordClosing, _: DisputeCase) -> Iterator[Step]:
    if told.findings.strip():
        yield Step(FollowUp(findings=told.findings), "findings")


def _asked(told: RecordClosing, _: DisputeCase) -> Iterator[Step]:
    for index, one in enumerate(told.asked):
        if one.satisfaction is None:
            continue
        yield Step(RecordSatisfaction(**one.model_dump()), f"asked.{index}.satisfaction")


def _closed(told: RecordClosing, case: DisputeCase) -> Iterator[Step]:
    """Raises ResultNeeded."""
    if not told.close_when_done or case.status is Status.CLOSED or _owes(case):
        return
    fitting = fitting_results(case)
    result = told.result or (next(iter(fitting)) if len(fitting) == 1 else None)
    if result is None:
        raise ResultNeeded(field="result", fitting=sorted(fitting))
    yield Step(CloseCase(result=result, account=told.account), "close_when_done")


def _owes(case: DisputeCase) -> bool:
    in_effect = (one.reached for one in case.mediations.values() if one.stage is Stage.IN_EFFECT)
    return any(part.is_open for one in in_effect for part in one.obligations.values())


def _filed(told: RecordClosing, _: DisputeCase) -> Iterator[Step]:
    for index, one in enumerate(told.papers):
        yield Step(FilePaper(paper=one.paper, sha256=one.sha256), f"papers.{index}.sha256")


def _archived(told: RecordClosing, case: DisputeCase) -> Iterator[Step]:
    if told.archive_when_complete and case.status is Status.CLOSED and not missing_papers(case):
        yield Step(ArchiveCase(), "archive_when_complete")
