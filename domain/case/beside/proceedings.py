"""其他机关的程序 Matters: the same dispute as a suit, a petition or a police case, open beside the mediation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from annotated_types import Ge, Le

from domain.case.beside.proceeding_limits import (
    CASE_FILING,
    PETITION_CONCLUDE,
    PETITION_REVIEW_APPLY,
    PETITION_REVIEW_DECIDE,
    PETITION_ROUTE,
    PSB_CASE,
    TRIAL_ORD,
    TRIAL_SMALL,
    TRIAL_SUM,
)
from domain.case.case import DisputeCase, Proceeding
from domain.case.commands import UNTIL_CLOSED, WHILE_KEPT, CaseCommand, CaseEvent
from domain.case.kinds import Category, EndGround, Mandate, MatterStep, OrganKind
from domain.case.laws import COMMITTEE_RULES
from domain.case.mediating.mediation import ended_by
from domain.case.record import read_from_state
from domain.shared.errors import BeforeWhatItBuildsOn, Conflict, Missing, Refused
from domain.shared.law import Citation, Due, TimeLimit
from domain.shared.marks import Correctable, Framed
from domain.shared.occasion import Occasion
from domain.shared.values import BodyKind, Channel, Line, Text
from domain.statutes import MARKET_COMPLAINTS_MEASURES, MEDICAL_DISPUTES_REGULATION

OF_ORGAN: Mapping[OrganKind, tuple[MatterStep, ...]] = {
    OrganKind.COURT: (
        MatterStep.SUIT_ORDINARY,
        MatterStep.SUIT_SUMMARY,
        MatterStep.SUIT_SMALL,
        MatterStep.SUIT_RECEIVED,
    ),
    OrganKind.POLICE: (MatterStep.POLICE_CASE,),
    OrganKind.ADMINISTRATIVE: (MatterStep.ACCEPTED_BY_ORGAN, MatterStep.APPEAL_ABOVE),
    OrganKind.PETITION: (
        MatterStep.PETITION_ACCEPTED,
        MatterStep.PETITION_RECEIVED,
        MatterStep.PETITION_ANSWERED,
        MatterStep.PETITION_REVIEW,
    ),
}
"""The steps of an organ's matter; the first is meant where none is named."""
LIMITS: Mapping[MatterStep, TimeLimit] = {
    MatterStep.SUIT_RECEIVED: CASE_FILING,
    MatterStep.SUIT_ORDINARY: TRIAL_ORD,
    MatterStep.SUIT_SUMMARY: TRIAL_SUM,
    MatterStep.SUIT_SMALL: TRIAL_SMALL,
    MatterStep.PETITION_RECEIVED: PETITION_ROUTE,
    MatterStep.PETITION_ACCEPTED: PETITION_CONCLUDE,
    MatterStep.PETITION_ANSWERED: PETITION_REVIEW_APPLY,
    MatterStep.PETITION_REVIEW: PETITION_REVIEW_DECIDE,
    MatterStep.POLICE_CASE: PSB_CASE,
}
LIFTED: Mapping[Mandate, frozenset[OrganKind]] = {
    Mandate.OWN: frozenset(),
    Mandate.DELEGATED: frozenset({OrganKind.COURT}),
    Mandate.ENTRUSTED: frozenset({OrganKind.COURT}),
    Mandate.TRANSFERRED: frozenset(OrganKind) - {OrganKind.COURT},
}
"""What each title lets a committee accept although an organ has it: only that organ itself hands it over."""


class TakenByAnotherOrgan(Conflict):
    """Another organ has accepted or settled it; only that organ may entrust or transfer it (令75 art. 22)."""


class NotBesideAnotherOrgan(Conflict):
    """What another organ has accepted or settled, this one does not mediate (医疗纠纷条例 40; 投诉举报办法 15)."""


class StepOfAnotherOrgan(Refused):
    """That step is taken before another organ."""


class NoSuchMatter(Missing):
    """The case has no matter of this number before another organ."""


class MatterIsOver(Conflict):
    """That matter has ended already."""


OF_SENDER: Mapping[BodyKind, OrganKind] = {
    BodyKind.COURT: OrganKind.COURT,
    BodyKind.POLICE: OrganKind.POLICE,
    BodyKind.PETITION: OrganKind.PETITION,
    BodyKind.ORGAN: OrganKind.ADMINISTRATIVE,
    BodyKind.CENTRE: OrganKind.ADMINISTRATIVE,
}
"""What a referral lifts: only what its own sender has before it."""


def taken(case: DisputeCase, channel: Channel, mandate: Mandate, lifted: frozenset[OrganKind]) -> list[OrganKind]:
    """By whom, where it may not be mediated in this channel for that. What is filed is not delegated any more."""
    if channel is Channel.LITIGATION:
        return []
    if channel is Channel.ADMINISTRATIVE:
        return sorted(_before_an_organ(case) - lifted)
    held = {one.organ for one in case.proceedings if one.blocks} - lifted
    filed = {one.organ for one in case.proceedings if one.is_filed_suit and mandate is Mandate.DELEGATED}
    return sorted(held | filed)


NOT_BESIDE: Mapping[Category, tuple[Citation, frozenset[OrganKind]]] = {
    Category.MEDICAL: (MEDICAL_DISPUTES_REGULATION["第四十条"], frozenset({OrganKind.COURT})),
    Category.CONSUMER: (MARKET_COMPLAINTS_MEASURES["第十五条"], frozenset(OrganKind)),
}
"""What an organ does not mediate of these disputes: by whom it was accepted already, or settled."""


def _before_an_organ(case: DisputeCase) -> set[OrganKind]:
    """The organs beside which the law lets no organ mediate a dispute of this category. What was only handed in at a
    court is not accepted there yet."""
    if case.category is None or case.category not in NOT_BESIDE:
        return set()
    accepted = {one.organ for one in case.proceedings if one.blocks and one.step is not MatterStep.SUIT_RECEIVED}
    return accepted & NOT_BESIDE[case.category][1]


def breaches(case: DisputeCase) -> list[OrganKind]:
    """The organs beside whose matter a mediation goes on that none of them referred: what no command allows, and what
    still comes in when facts are recorded late."""
    active = case.active_mediation
    if active is None or active.referral:
        return []
    return taken(case, active.channel, active.mandate, frozenset())


def doubled(case: DisputeCase) -> list[OrganKind]:
    """The organ above and the court, where both are asked for one dispute at the same time (行政复议法 29): noticed,
    and not refused, for it happened elsewhere."""
    going_on = [one for one in case.proceedings if not one.over]
    appealed = any(one.step is MatterStep.APPEAL_ABOVE for one in going_on)
    sued = any(one.organ is OrganKind.COURT for one in going_on)
    return [OrganKind.ADMINISTRATIVE, OrganKind.COURT] if appealed and sued else []


def refuse_taken(case: DisputeCase, channel: Channel, mandate: Mandate, lifted: frozenset[OrganKind]) -> None:
    """Raises TakenByAnotherOrgan, NotBesideAnotherOrgan."""
    if not (organs := taken(case, channel, mandate, lifted)):
        return
    if channel is Channel.PEOPLE:
        raise TakenByAnotherOrgan(organs=organs, basis=str(COMMITTEE_RULES))
    assert case.category
    raise NotBesideAnotherOrgan(organs=organs, basis=str(NOT_BESIDE[case.category][0]))


class NoteProceedings(CaseCommand):
    """登记其他机关受理情况"""

    allowed_in = UNTIL_CLOSED
    rule = COMMITTEE_RULES
    organ: OrganKind
    step: MatterStep | None = None
    """How far it is there; left out: it was accepted."""
    organ_name: Line = ""
    reference: Line = ""
    settled: bool = False

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        steps = OF_ORGAN.get(self.organ, ())
        step = self.step or (steps[0] if steps else None)
        if step and step not in steps:
            raise StepOfAnotherOrgan(organ=self.organ, step=step)
        noted = ProceedingsNoted(
            number=_next(case),
            organ=self.organ,
            step=step,
            organ_name=self.organ_name,
            reference=self.reference,
            settled=self.settled,
            due=on.due(LIMITS[step]) if step and step in LIMITS and not self.settled else None,
        )
        ended = noted.ends(case)
        return (noted, ended_by(ended, EndGround.TO_COURT)) if ended else (noted,)


def _next(case: DisputeCase) -> int:
    return max(case.matters, default=0) + 1


class ProceedingsNoted(CaseEvent):
    """Another organ has accepted or settled it. A suit ends every mediation that the court did not entrust."""

    name: ClassVar = "case.proceedings_noted"
    framed: ClassVar = True
    schema_version: ClassVar = 2
    of = (NoteProceedings,)
    number: Framed[int] = 0
    """0: of an entry older than these numbers: the next one."""
    organ: Framed[OrganKind]
    step: Framed[MatterStep | None] = None
    organ_name: Correctable[Line]
    reference: Correctable[Line]
    settled: Framed[Correctable[bool]]
    due: Framed[Due | None] = None

    @property
    def is_suit(self) -> bool:
        """Whether the court has accepted it: a suit that was only handed in ends nothing yet."""
        return self.organ is OrganKind.COURT and self.step is not MatterStep.SUIT_RECEIVED

    def ends(self, case: DisputeCase) -> int | None:
        """The mediation that goes on then, unless the court itself entrusted it."""
        active = case.active_mediation
        return active.number if self.is_suit and active and active.mandate is not Mandate.ENTRUSTED else None

    def counted_anew(self, at: datetime, on: Occasion) -> ProceedingsNoted:
        due = on.due(LIMITS[self.step], at) if self.step and self.step in LIMITS and not self.settled else None
        return self.but(due=due)

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        proceeding = Proceeding(organ=self.organ, step=self.step, since=at, settled=self.settled, due=self.due)
        return case.with_matter(read_from_state.number_of_matter(case, self.number), proceeding)


class EndProceedings(CaseCommand):
    """其他机关程序办结"""

    allowed_in = WHILE_KEPT
    matter: Annotated[int, Ge(1), Le(1_000)]
    """Its number among those of the case."""
    settled: bool
    """Whether it was settled there, not only withdrawn or refused."""
    result: Text = ""

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        matter = case.matters.get(self.matter)
        if matter is None:
            raise NoSuchMatter(matter=self.matter)
        if matter.over:
            raise MatterIsOver(matter=self.matter)
        if on.occurred_at < matter.since:
            raise BeforeWhatItBuildsOn(occurred_at=on.occurred_at, since=matter.since)
        return (ProceedingsEnded(matter=self.matter, settled=self.settled, result=self.result),)


class ProceedingsEnded(CaseEvent):
    name: ClassVar = "case.proceedings_ended"
    framed: ClassVar = True
    of = (EndProceedings,)
    matter: Framed[int]
    settled: Framed[Correctable[bool]]
    result: Correctable[Text]

    def has_place_in(self, state: DisputeCase) -> bool:
        return self.matter in state.matters

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        matter = case.matters.get(self.matter)
        return matter is not None and not matter.over and at >= matter.since

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.with_matter(self.matter, case.matters[self.matter].but(over=True, settled=self.settled))
