"""回放 S11 A matter step by step: any moment, any two side by side, the rules of then, and the proof of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.problems import title
from api.web.facts import FactWords, fact_words
from api.web.moments import asked_moment
from api.web.page import Reader, ReaderDep, names_of, render
from api.web.refusals import refused
from api.web.sentences import Names
from api.web.timeline import Told, entries
from application.case.disclosure.masks import as_seen_by, masked
from application.case.page import CasePage
from application.case.picture import Fact, Picture, difference
from application.case.replay import Replay, Step
from application.proof import NoSuchProof, NotSealedYet
from application.rights import ACTS_FOR_A_BODY
from domain.case.actions import Action, actions
from domain.shared.errors import UnknownStream
from domain.shared.values import CaseId

router = APIRouter(include_in_schema=False)
AROUND = 5
"""Steps that are told before and after the one that is shown."""
BARS = 120
"""Marks of the bar at most: each stands for one step, or for several in a row."""


@dataclass(frozen=True)
class Mark:
    """Of the bar: from which step to which."""

    first: Step
    last: Step
    here: bool


@dataclass(frozen=True)
class Side:
    """The matter as it stood after a step."""

    step: Step
    facts: Picture
    read: CasePage


@router.get("/cases/{id}/replay")
def replay(id: CaseId, present: ReaderDep, at: int = 0, beside: int = 0, by: str = "") -> Response:
    """`at`: the step that is shown, 0: the last; `beside`: the one that it is compared with, 0: the last that was
    recorded before it;
    `by`: the last that was recorded by that time."""
    whole = present.deciding.replays.of(id, present.viewer, present.now())
    step = whole.last_by(_moment(by, present.now())) if by else whole.step(at or len(whole.steps))
    other = whole.step(beside) if beside else whole.before(step)
    reader = replace(present, past=step.at)
    shown, before = _side(whole, step, reader), _side(whole, other, reader) if other else None
    around = whole.steps[max(step.number - 1 - AROUND, 0) : step.number + AROUND]
    names = _names(whole, reader, shown.read, around)
    return render(
        reader,
        "case/replay.html",
        id=id,
        step=step,
        other=other,
        steps=len(whole.steps),
        bar=bar(whole.steps, step),
        around=_told(around, names, reader),
        shown=fact_words(shown.facts, names, reader.language),
        changed=_changed(before, shown, names, reader),
        deadlines=shown.read.deadlines,
        allowed=_allowed(shown.read, names, reader),
        read=shown.read,
        proof=_proof(step, present),
    )


def _moment(text: str, now: datetime) -> Any:
    """Raises NoSuchMoment, NotYetCome."""
    return asked_moment(now, as_of=text).as_of


def _side(whole: Replay, step: Step, reader: Reader) -> Side:
    then = whole.then(step.at)
    read = as_seen_by(reader.viewer, then.read)
    return Side(step, then.picture(read), read)


def _names(whole: Replay, reader: Reader, read: CasePage, around: Sequence[Step]) -> Names:
    state = read.state
    beside = {id for one in state.mediations.values() for id in (one.body, *one.joint, *one.mediators, *one.recused)}
    handovers = (one.entries[0] for one in (*whole.referrals, *whole.escalations))
    told = (*(one.line.entry for one in around), *handovers)
    return names_of(reader, read.names, told, {*beside, *(id for id in (state.holder, state.place) if id)})


def bar(steps: Sequence[Step], here: Step) -> list[Mark]:
    size = -(-len(steps) // BARS)
    parts = [steps[start : start + size] for start in range(0, len(steps), size)]
    return [Mark(one[0], one[-1], one[0].number <= here.number <= one[-1].number) for one in parts]


def _told(around: Sequence[Step], names: Names, reader: Reader) -> list[tuple[Step, Told]]:
    lines = [replace(one.line, event=_as_seen(one.line.event, reader)) for one in around]
    return list(zip(around, reversed(entries(lines, names, reader)), strict=True))


def _as_seen(event: Any, reader: Reader) -> Any:
    return event if reader.viewer.role in ACTS_FOR_A_BODY else masked(event)


@dataclass(frozen=True)
class Allowed:
    """What could be done next, with the rule by which it could; and what could not, with the reason."""

    free: list[Action]
    blocked: list[tuple[Action, str]]


def _allowed(read: CasePage, names: Names, reader: Reader) -> Allowed:
    """By the case's own guards, whoever would ask."""
    every = list(actions(read.state))
    blocked = [(one, refused(one.blocked, names, reader.language)) for one in every if one.blocked is not None]
    return Allowed([one for one in every if one.blocked is None], blocked)


def _changed(before: Side | None, shown: Side, names: Names, reader: Reader) -> list[tuple[FactWords, str, str]]:
    """From the earlier to the later of the two, whichever is shown."""
    if before is None:
        return []
    first, second = sorted((before, shown), key=lambda one: one.step.number)
    return [
        (words, was.value if was else "—", words.value if one.now is not None else "—")
        for one in difference(first.facts, second.facts)
        for was, words in [_two(one.fact, one.was, one.now, names, reader)]
    ]


def _two(fact: Fact, was: Any, now: Any, names: Names, reader: Reader) -> tuple[FactWords | None, FactWords]:
    told = [fact_words({fact: value}, names, reader.language)[0] if value is not None else None for value in (was, now)]
    words = told[1] or told[0]
    assert words
    return told[0], words


@dataclass(frozen=True)
class Shown:
    """Whether what is shown stands in the signed tree: its receipt was made and checked just now."""

    verified: bool
    why_not: str


def _proof(step: Step, reader: Reader) -> Shown:
    try:
        reader.reading.receipts.of_step(step)
    except (NoSuchProof, NotSealedYet, UnknownStream) as refusal:
        return Shown(False, title(refusal, reader.language))
    return Shown(True, "")
