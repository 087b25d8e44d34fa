"""What every command and event of a referral has in common; and who may speak for whom."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from domain.referral.referral import Reception, Referral
from domain.shared.decider import Command, Event, StageSince
from domain.shared.errors import Conflict, Forbidden
from domain.shared.law import Citation
from domain.shared.occasion import Occasion
from domain.shared.vocabulary import Asker


class NotOfferedToYou(Forbidden):
    """The offer names other bodies."""


class YouSaidNo(Conflict):
    """Your body has rejected it already."""


class ReferralCommand(Command[Referral]):
    """A command on a referral: `allowed_in` reads its stage."""

    rule: ClassVar[Citation | None] = None
    """The article that the command follows, shown where it is asked."""
    asker: ClassVar[Asker]

    def ground(self, state: Referral) -> StageSince:
        return StageSince(state.stage, state.since)

    @classmethod
    def guard_referral(cls, referral: Referral) -> None:
        """Refuses what no content of the command could mend."""

    def guard(self, state: Referral) -> None:
        self.guard_referral(state)

    @abstractmethod
    def decide(self, referral: Referral, on: Occasion) -> tuple[ReferralEvent, ...]: ...


class ReferralEvent(Event[Referral]):
    """An event of a referral. `of`: the commands that lead to it."""

    of: ClassVar[tuple[type[ReferralCommand], ...]] = ()


def reception(referral: Referral, on: Occasion) -> Reception:
    """That of the asking body. Raises NotOfferedToYou, YouSaidNo."""
    if not (found := referral.receptions.get(on.body.id)):
        raise NotOfferedToYou(body=on.body.id)
    if found.rejected is not None:
        raise YouSaidNo(body=on.body.id, ground=found.rejected)
    return found
