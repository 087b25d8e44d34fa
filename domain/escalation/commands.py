"""What every command and event of an escalation has in common; and who may speak for whom."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from domain.escalation.escalation import Escalation
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Refused
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.values import BodyId, BodyKind
from domain.shared.vocabulary import Asker

TAKES_UP = frozenset({BodyKind.CENTRE, BodyKind.COMMITTEE})
"""The bodies that answer for a matter at their level."""


class NotAbove(Refused):
    """That body does not lie above the one that holds the matter."""


class NotBelow(Refused):
    """That body does not lie below yours."""


class TakesNothingUp(Refused):
    """A body of this kind answers for no matter: a committee or a centre does."""


class EscalationCommand(Command[Escalation]):
    """A command on an escalation: `allowed_in` reads its stage."""

    rule: ClassVar[Citation | None] = None
    """The article that the command follows, shown where it is asked."""
    asker: ClassVar[Asker]

    def ground(self, state: Escalation) -> StageSince:
        return StageSince(state.stage, state.since)

    @abstractmethod
    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]: ...


class EscalationEvent(Event[Escalation]):
    """An event of an escalation. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[EscalationCommand], ...]] = ()


def refuse_unless_above(upper: BodyId, lower: BodyId, on: Occasion, refusal: type[Refused]) -> None:
    """Raises the refusal, UnknownBody, TakesNothingUp: a higher level, whose area holds the lower one's. An organ or
    a court sends what it holds up to a centre; it sends nothing down, but refers it."""
    above, below = on.receiving_body(upper), on.named_body(lower)
    if above.level.rank <= below.level.rank or not on.lies_in(lower, above.area):
        raise refusal(upper=upper, lower=lower)
    if above.kind not in TAKES_UP:
        raise TakesNothingUp(body=above.id, kind=above.kind)
    if below.kind not in TAKES_UP and below.id != on.case_facts.holder:
        raise TakesNothingUp(body=below.id, kind=below.kind)
