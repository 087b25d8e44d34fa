"""Seeded mutants of referrals and escalations: each one guard or term, said wrongly; their own machine notices."""

from __future__ import annotations

from tests.oracle.mutants import Mutant

REFERRAL = (
    ("referral", "if one.rejected is None]", "]"),
    ("referral", "if self.receptions[body].acknowledged_at is None]", "]"),
    ("referral", "and due.effect is Effect.LAPSE and", "and"),
    ("referral", "return not in_time and self.kind in COURT_KINDS and self.stage in OPEN", "return False"),
    (
        "referral",
        "if referral.stage in UNANSWERED and referral.unsigned:",
        "if referral.stage is ReferralStage.OFFERED:",
    ),
    ("referral", "and not one.rejected:", ":"),
    ("referral", "if due is not None and due.key(str(clock)) not in referral.run_out", "if due is not None"),
    ("acknowledging", "if referral.kind in COURT_KINDS:", "if False:"),
    ("acknowledging", "if reception(referral, on).acknowledged_at:", "if reception(referral, on).rejected:"),
    ("acknowledging", "organ = referral.petition and", "organ ="),
    ("acknowledging", "if _from_police(referral, on) else None", "if False else None"),
    ("acknowledging", "on.due(accept_limit(referral)) if transfer", "on.due(PETITION_OBJECT) if transfer"),
    ("answering", "and not found.acknowledged_at:", "and False:"),
    ("answering", "for body in referral.expected if", "for body in referral.waiting if"),
    ("asking", "if referral.asked_by is None:", "if False:"),
    ("asking", "return referral.but(asked_by=None)", "return referral"),
    ("commands", "if found.rejected is not None:", "if False:"),
    ("objecting", "if due.over(on.occurred_at):", "if False:"),
    ("objecting", "object_by=None)", "object_by=self.accept_by)"),
    ("objecting", "if referral.unsigned else None", "if False else None"),
    ("read_from_state", "if one.acknowledged_at and one.rejected is None:", "if body == referral.objected_by:"),
    ("running_out", "or due.day != self.day", ""),
    ("running_out", "or not due.fires(on.now):", ":"),
    ("running_out", "if silent and", "if self.clock.body and silent and"),
    ("running_out", "not over.evolve(referral, on.occurred_at).expected", "due.effect.value == 'lapse'"),
    ("taking_back", "if referral.stage is ReferralStage.ACCEPTED and (\n", "if False and (\n"),
    ("taking_back", "return referral.stage is ReferralStage.ACCEPTED and referral.moves_mediation", "return False"),
    ("taking_back", "and self.kind is referral.kind:", ":"),
    ("limits", "return TRANSFER_ACCEPT_COMPLEX if referral.complex else", "return"),
)
ESCALATION = (
    ("commands", "if above.level.rank <= below.level.rank or", "if"),
    ("commands", "or not on.lies_in(lower, above.area):", ":"),
    (
        "commands",
        "if above.kind not in TAKES_UP:",
        "if above.kind not in TAKES_UP and above.id != on.case_facts.holder:",
    ),
    ("commands", "and below.id != on.case_facts.holder:", ":"),
    ("escalation", "escalation.stage is EscalationStage.SUPERVISED and not escalation.reported", "False"),
    ("escalation", "and not escalation.reported", ""),
    ("escalation", "or due.key(EscalationClock.ANSWER) in escalation.run_out:", ":"),
    ("assigning_down", "if on.case_facts.holder != escalation.above:", "if False:"),
    ("assigning_down", "if on.case_facts.holder != on.body.id:", "if False:"),
    ("running_out", "or due.day != self.day", ""),
    ("running_out", "or not due.fires(on.now):", ":"),
    ("supervision", "if self.report_by <= on.day:", "if self.report_by < on.day:"),
    ("supervision", ", reported=False)", ")"),
    ("supervision", "return escalation.but(reported=True)", "return escalation"),
)


def mutants(context: str, table: tuple[tuple[str, str, str], ...]) -> list[Mutant]:
    return [
        Mutant(f"domain/{context}/{module}.py", said, instead, f"tests/{context}/test_lifecycle.py")
        for module, said, instead in table
    ]


MUTANTS = [*mutants("referral", REFERRAL), *mutants("escalation", ESCALATION)]
