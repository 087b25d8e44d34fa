"""删除文字 Privacy: texts of an escalation give way to copies without a person of its case who is erased."""

from __future__ import annotations

from typing import ClassVar

from domain.escalation.commands import EscalationCommand, EscalationEvent
from domain.escalation.escalation import Escalation, EscalationStage
from domain.shared.decider import Amendment, History
from domain.shared.erasing import Basis, Replacements, TextErased, copies
from domain.shared.occasion import Occasion
from domain.shared.vocabulary import Asker
from domain.statutes import DELETION


class EraseEscalationTexts(Amendment[Escalation], EscalationCommand):
    """删除上行督办文字"""

    allowed_in = frozenset(set(EscalationStage) - {EscalationStage.NEW})
    asker = Asker.OPERATOR
    rule = DELETION
    replacements: Replacements
    basis: Basis

    def decide(self, escalation: Escalation, on: Occasion) -> tuple[EscalationEvent, ...]:
        raise AssertionError("an amendment is decided on the history")

    def amend(self, history: History[Escalation], on: Occasion) -> tuple[EscalationEvent, ...]:
        found = copies(history.entries, {one.narrative: one.told for one in self.replacements}, on)
        return tuple(EscalationTextErased(narrative=id, instead=copy, basis=self.basis) for id, copy in found)


class EscalationTextErased(EscalationEvent, TextErased[Escalation]):
    name: ClassVar = "escalation.text_erased"
    of = (EraseEscalationTexts,)
