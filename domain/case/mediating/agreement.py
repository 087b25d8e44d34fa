"""调解协议 Agreement: reached, signed by each party and the mediator, sealed, in effect by the rule of its channel."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from annotated_types import Len

from domain.case.case import DisputeCase
from domain.case.commands import UNDER_WAY, CaseEvent, MediationCommand, MediationEvent
from domain.case.kinds import AgreementForm, Category, Extent, Nature
from domain.case.laws import CONTENT, LABOUR_AGREEMENT, MEDICAL_AGREEMENT, ONLINE_EFFECT
from domain.case.mediating.effect import with_effect
from domain.case.mediating.mediation import ready_to_mediate
from domain.case.mediations import Agreement, Mediation, ObligationState, Stage
from domain.shared.calendar import local_day
from domain.shared.errors import Refused
from domain.shared.law import Citation
from domain.shared.marks import Correctable
from domain.shared.occasion import Occasion
from domain.shared.references import PartyRef
from domain.shared.values import (
    Channel,
    Day,
    Fen,
    Filled,
    Line,
    Narrative,
    PersonId,
    Printable,
    Text,
    Told,
    Value,
)


class Item(StrEnum):
    """What an agreement may state (人民调解法 29: 可以载明): its absence warns."""

    FACTS = "facts"  # 主要事实
    ISSUES = "issues"  # 争议事项
    RESPONSIBILITY = "responsibility"  # 各方责任
    MANNER = "manner"  # 履行方式
    TIME = "time"  # 履行期限


class Promise(Value):
    """One thing that a party promised: an instalment is one of its own."""

    obligor: PartyRef
    what: Annotated[str, Len(1, 500), Printable, Filled]
    amount: Fen = 0
    due: Day | None = None


class Obligation(Value):
    number: int
    obligor: PartyRef
    what: Narrative
    amount: Fen
    due: date | None


class DueBeforeAgreement(Refused):
    """Nothing is due before it was promised."""


class WrittenFormNeeded(Refused):
    """The law asks for an agreement in writing: in a labour dispute (劳动争议调解仲裁法 14), in a doctor's before a
    committee (医疗纠纷条例 39), and on the court's platform (在线调解规则 19)."""


class ReachAgreement(MediationCommand):
    """达成调解协议"""

    allowed_in = UNDER_WAY
    rule = CONTENT
    form: AgreementForm = AgreementForm.WRITTEN
    extent: Extent = Extent.ALL_CLAIMS
    nature: Nature = Nature.ORDINARY
    facts: Text = ""
    issues: Text = ""
    responsibility: Text = ""
    terms: Told
    manner: Line = ""
    obligations: Annotated[tuple[Promise, ...], Len(0, 200)] = ()

    @classmethod
    def guard_mediation(cls, case: DisputeCase, mediation: Mediation) -> None:
        ready_to_mediate(case, mediation)

    def decide(self, case: DisputeCase, on: Occasion) -> tuple[CaseEvent, ...]:
        if early := [index for index, one in enumerate(self.obligations, 1) if one.due and one.due < on.day]:
            raise DueBeforeAgreement(obligations=early)
        mediation = case.mediation(self.mediation)
        if self.form is AgreementForm.ORAL and (article := written_form(case.category, mediation)):
            raise WrittenFormNeeded(mediation=self.mediation, basis=str(article))
        for promise in self.obligations:
            refuse_stranger(case, promise.obligor)
        return with_effect(case, (self._reached(on),), self.mediation, on)

    def _reached(self, on: Occasion) -> AgreementReached:
        told: dict[str, Any] = {name: on.narrative(getattr(self, name), index) for index, name in enumerate(NARRATED)}
        plain: dict[str, Any] = {
            name: getattr(self, name) for name in ("mediation", "form", "extent", "nature", "manner")
        }
        return AgreementReached(**plain, **told, obligations=promised(self.obligations, on), lacks=self._lacks())

    def _lacks(self) -> tuple[Item, ...]:
        said = {
            Item.FACTS: self.facts,
            Item.ISSUES: self.issues,
            Item.RESPONSIBILITY: self.responsibility,
            Item.MANNER: self.manner,
            Item.TIME: not self.obligations or all(one.due for one in self.obligations),
        }
        return tuple(item for item, present in said.items() if not present)


def written_form(category: Category | None, mediation: Mediation) -> Citation | None:
    """The article that asks for an agreement in writing; None: it may be oral, also what a court delegated or
    entrusted (特邀调解规定 23)."""
    if mediation.on_platform:
        return ONLINE_EFFECT
    if mediation.channel is Channel.LITIGATION:
        return None
    if category is Category.LABOUR:
        return LABOUR_AGREEMENT
    medical = (category, mediation.channel) == (Category.MEDICAL, Channel.PEOPLE)
    return MEDICAL_AGREEMENT if medical else None


def only_in_writing(case: DisputeCase, category: Category) -> list[Mediation]:
    """The mediations with an oral agreement that this category asks for in writing."""
    oral = [one for one in case.mediations.values() if one.agreement and one.agreement.form is AgreementForm.ORAL]
    return [one for one in oral if written_form(category, one)]


def promised(promises: tuple[Promise, ...], on: Occasion, after: int = 0) -> tuple[Obligation, ...]:
    """As they are recorded, with numbers of their own."""
    return tuple(
        Obligation(
            number=number,
            obligor=one.obligor,
            what=on.narrative(one.what, 10 + number),
            amount=one.amount,
            due=one.due,
        )
        for number, one in enumerate(promises, after + 1)
    )


NARRATED = ("facts", "issues", "responsibility", "terms")


def refuse_stranger(case: DisputeCase, obligor: PersonId) -> None:
    if obligor not in case.present_parties:
        raise ObligorIsNoParty(party=obligor)


class ObligorIsNoParty(Refused):
    """Only a party can promise something in the agreement."""


class AgreementReached(MediationEvent):
    name: ClassVar = "case.agreement_reached"
    of = (ReachAgreement,)
    form: Correctable[AgreementForm]
    extent: Correctable[Extent]
    nature: Correctable[Nature]
    facts: Correctable[Narrative]
    issues: Correctable[Narrative]
    responsibility: Correctable[Narrative]
    terms: Correctable[Narrative]
    manner: Correctable[Line]
    obligations: tuple[Obligation, ...]
    lacks: tuple[Item, ...]

    def fits(self, case: DisputeCase, at: datetime) -> bool:
        if any(one.due and one.due < local_day(at) for one in self.obligations):
            return False
        return self.form is AgreementForm.WRITTEN or not written_form(case.category, case.mediation(self.mediation))

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        obligations = {one.number: ObligationState(amount=one.amount, due=one.due) for one in self.obligations}
        agreement = Agreement(
            form=self.form, extent=self.extent, nature=self.nature, reached_at=at, obligations=obligations
        )
        return case.with_mediation(self.mediation, stage=Stage.AGREED, since=at, agreement=agreement)
