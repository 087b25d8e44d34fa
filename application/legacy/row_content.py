"""A case as a file tells it: one row, with its dated steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from annotated_types import Ge, Le, Len
from pydantic import BeforeValidator

from domain.case.kinds import (
    AgreementForm,
    Category,
    Extent,
    Mandate,
    MatterStep,
    OrganKind,
    Procedure,
    Result,
    Risk,
    Source,
    Urgency,
)
from domain.case.people import NewParty
from domain.case.record.importing import StepKind
from domain.escalation.kinds import Ground, ReturnGround
from domain.shared import told_days
from domain.shared.calendar import SHANGHAI, local_day
from domain.shared.values import (
    Channel,
    Day,
    Fen,
    Filled,
    Level,
    Moment,
    NarrativeText,
    OneLine,
    Printable,
    ReferralKind,
    Value,
)
from domain.shared.vocabulary import Outcome

MOST_STEPS, MOST_PARTIES = 200, 100
Code = Annotated[str, Len(0, 40), Printable, OneLine]
OfficialName = Annotated[str, Len(0, 100), Printable, OneLine]


class LegacyStep(Value):
    """Each kind of step reads the fields that belong to it; a body is named by its code."""

    step: StepKind
    at: Annotated[Moment, BeforeValidator(told_days.moment)]
    body: Code = ""
    level: Level | None = None
    channel: Channel | None = None
    mandate: Mandate = Mandate.OWN
    procedure: Procedure = Procedure.ORDINARY
    ground: Ground | None = None
    """Why it went up."""
    return_ground: ReturnGround = ReturnGround.OTHER
    """Why it came down again."""
    kind: ReferralKind | None = None
    """The kind of a referral; left out: the kind by which its sender may refer."""
    outcome: Outcome | None = None
    """What a referral came back with; left out: what its mediation came to."""
    organ: OrganKind | None = None
    organ_step: MatterStep | None = None
    settled: bool = False
    form: AgreementForm | None = None
    extent: Extent | None = None
    result: Result | None = None
    due: Annotated[Day, BeforeValidator(told_days.day)] | None = None
    """Until when what the step begins was due."""
    kept: bool | None = None
    """Whether that day was kept; None: the register does not say."""
    by: OfficialName = ""
    """Who did it."""
    note: NarrativeText = ""

    @property
    def day(self) -> date:
        return self.at.date() if self.at.tzinfo is SHANGHAI else local_day(self.at)


class LegacyCase(Value):
    number: Annotated[str, Len(1, 100), Printable, OneLine, Filled]
    area: Annotated[str, Len(1, 40), Printable, OneLine, Filled]
    """The code of the place."""
    category: Category = Category.OTHER
    source: Source = Source.OTHER
    urgency: Urgency = Urgency.ORDINARY
    risk: Risk = Risk.LOW
    facts: NarrativeText = ""
    note: NarrativeText = ""
    """What else the old register says of it."""
    amount: Fen | None = None
    people: Annotated[int, Ge(1), Le(1_000_000)] = 2
    parties: Annotated[tuple[NewParty, ...], Len(0, MOST_PARTIES)] = ()
    steps: Annotated[tuple[LegacyStep, ...], Len(1, MOST_STEPS)]

    @property
    def begins(self) -> date:
        """The day on which it was registered; where that is not told, its first."""
        return min((one.day for one in self.steps if one.step is StepKind.REGISTERED), default=self._first)

    @property
    def _first(self) -> date:
        return min(one.day for one in self.steps)
