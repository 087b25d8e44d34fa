"""Seeded mutants: each one guard or term of the law, said wrongly; and the tests that are there to notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.oracle.mutants_of_handover import MOVING


@dataclass(frozen=True)
class Mutant:
    """`said` occurs once in the module; `instead` is put in its place; `noticed_by`: the rules that fail then."""

    module: str
    said: str
    instead: str
    noticed_by: str

    @property
    def name(self) -> str:
        return f"{self.module}: {' '.join(self.said.split())} -> {' '.join(self.instead.split())}"


CASE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "acceptance": (
        ("if self.on_platform and self.mandate not in", "if False and self.mandate not in", "agreement"),
        ("if going_on := case.active_mediation:", "if (going_on := None):", "acceptance"),
        ("if missing := case.missing_sides():", "if missing := []:", "acceptance"),
        ("not case.came_apart:", "case.came_apart:", "acceptance"),
        ("if refused := case.refused_in(channel):", "if refused := []:", "acceptance"),
        ("lifted_by(case, self.mandate))\n        opened", "LIFTED[Mandate.TRANSFERRED])\n        opened",
         "proceedings"),
        ("        refuse_on_its_way(case)\n", "", "acceptance"),
        ("        refuse_unreported(case)\n", "", "classification"),
        ("if not (channel := on.body.channel):",
         "if not (channel := on.body.channel or Channel.PEOPLE):", "acceptance"),
        ("if not self.remedies_told:", "if self.remedies_told:", "acceptance"),
        ("allowed_in = frozenset({Status.REGISTERED})", "allowed_in = UNTIL_CLOSED", "acceptance"),
        ("max(case.mediations, default=0) + 1", "len(case.mediations)", "acceptance"),
        ("if case.refused_in(self.channel):", "if False:", "rewriting"),
        (".but(resolved_at=None, seeing=seeing)", ".but(seeing=seeing)", "undoing"),
        ("        if self.referral is not None:\n            return True\n", "        return True\n", "rewriting"),
    ),
    "agreement": (
        ("one.due < on.day]", "one.due <= on.day]", "agreement"),
        ("if self.form is AgreementForm.ORAL and (article := written_form(case.category, mediation)):",
         "if article := None:", "agreement"),
        ("if category is Category.LABOUR:", "if False:", "agreement"),
        ("return MEDICAL_AGREEMENT if medical else None", "return None", "agreement"),
        ("if mediation.on_platform:", "if False:", "agreement"),
        ("if obligor not in case.present_parties:", "if obligor not in case.parties:", "agreement"),
        ("return self.form is AgreementForm.WRITTEN or not", "return True or not", "standing"),
        ("one.due < local_day(at) for", "False for", "rewriting"),
    ),
    "handover_letters": (
        ("if self.mandate is Mandate.OWN or", "if", "handover_letters"),
        ("    if not is_handed_over(case, mandate):\n", "    if False:\n", "handover_letters"),
        ("if letters and all(", "if letters and not all(", "handover_letters"),
        ("self.mandate is Mandate.DELEGATED and self.sender is None:", "False:", "handover_letters"),
        ("if self.sender and not _is_of(", "if self.sender and not on or (", "handover_letters"),
        ("frozenset(Mandate) - {Mandate.OWN}", "frozenset({Mandate.ENTRUSTED, Mandate.TRANSFERRED})",
         "handover_letters"),
        ("one.referral in case.handed and one.mandate is mandate", "one.referral in case.handed", "handover_letters"),
    ),
    "begun": (
        ("if ground not in WITHOUT_AGREEMENT:", "if False:", "starts"),
        ("if channel is Channel.PEOPLE and case.category", "if case.category", "starts"),
        ("case.category is not Category.TRAFFIC:", "False:", "starts"),
        ("if on.body.kind is BodyKind.COURT else", "if False else", "starts"),
        ("CONTRACT_LIMITATION.code: lambda case, due: case.resolved_at is None,",
         "CONTRACT_LIMITATION.code: lambda case, due: True,", "starts"),
        ("return not (case.offers or case.handed or case.mediations)", "return True", "starts"),
        ("return not (case.offers or case.handed) and case", "return case", "starts"),
        ("one.opened_at <= due.since for", "True for", "starts"),
        ("receipt.requested_at and limitation:", "limitation:", "starts"),
        ("LIMITATIONS.get(category, CONTRACT_LIMITATION)", "CONTRACT_LIMITATION", "starts"),
        ("and receipt.asked_of is Channel.PEOPLE:", ":", "starts"),
        ("due.clock not in {one.clock for one in active.also}", "True", "starts"),
        ("() if PSB_SECOND_MED.code in case.begun else", "() if False else", "starts"),
        ("due.since if due and on.body.kind is BodyKind.POLICE and", "due.since if due and", "starts"),
    ),
    "case": (
        ("return self.mediations[max(self.mediations)] if", "return self.mediations[1] if", "acceptance"),
        ("return breached or last.agreement.confirmation in (Confirmation.DISMISSED, Confirmation.REVOKED)",
         "return breached", "confirmation"),
    ),
    "category": (
        ("if found := only_in_writing(case, self.category):", "if found := []:", "agreement"),
        ("return not only_in_writing(case, self.category)", "return True", "standing"),
    ),
    "classification": (
        ("if proposal.by == on.by:", "if proposal.by != on.by:", "classification"),
        ("if self.difficulty.rank > (", "if self.difficulty.rank < (", "classification"),
    ),
    "closing": (
        ("if not (active := case.active_mediation):", "if not (active := None):", "closing"),
        ("if case.possible_crime and not case.risk_reported:", "if False:", "closing"),
        ("if case.offers or case.handed or requested:", "if case.offers or requested:", "closing"),
        ("if case.offers or case.handed or requested:", "if case.handed or requested:", "closing"),
        ("if case.offers or case.handed or requested:", "if case.offers or case.handed:", "closing"),
        ("if mediation.remedies_due:", "if False:", "closing"),
        ("if mediation.ground is EndGround.TO_COURT else RemediesFirst", "if False else RemediesFirst", "proceedings"),
        ("    if active.stage is Stage.AGREED:\n", "    if False:\n", "closing"),
        ("if last.ground in PASSED_ON:", "if False:", "closing"),
        ("if mediation.stage is not Stage.IN_EFFECT:", "if mediation.stage is Stage.IN_EFFECT:", "closing"),
        ("if result not in (fitting := fitting_results(case)):", "if not (fitting := [self.result]):", "closing"),
        ("if missing := missing_papers(case):", "if missing := []:", "closing"),
        ("result=None, resolved_at=None)", "result=None)", "closing"),
        ("allowed_in = frozenset({Status.CLOSED})", "allowed_in = frozenset({Status.OPEN, Status.CLOSED})", "closing"),
        ("return self.result in fitting_results(case)", "return True", "standing"),
    ),
    "capacity": (
        ("years < OF_AGE and not", "False and not", "capacity"),
        ("years < OF_AGE and Capacity.GUARDIAN not in empowered:", "False:", "capacity"),
        ("is PartyKind.GROUP and not empowered:", "is PartyKind.GROUP and False:", "capacity"),
        ("party.representatives.values() if one.on_paper]", "party.representatives.values()]", "capacity"),
        ("(agreed if years >= OF_SOME_CAPACITY else None)", "agreed", "capacity"),
        ("party.representatives[asked].capacity is Capacity.GUARDIAN", "True", "capacity"),
        ("known is not None and known.on_paper", "known is not None", "capacity"),
        ("PartyKind.GROUP and by is None:", "PartyKind.GROUP and False:", "capacity"),
        ("- ((day.month, day.day) < (born.month, born.day))", "", "capacity"),
    ),
    "commands": (
        ("if state.status is not Status.OPEN:", "if state.status is Status.MERGED:", "closing"),
        ("if mediation.stage is Stage.AGREED and Stage.IN_EFFECT in cls.allowed_in:", "if False:", "performance"),
        ("IN_ORDER.index(mediation.stage) < IN_ORDER.index(one)", "True", "mediation"),
        ("return refusal if refusal.details.get(\"parties\") else None", "return None", "mediation"),
        ("return StageSince(case.status, case.last_step)", "return StageSince(case.status, case.since)", "moments"),
        ("if id not in case.present_parties:", "if id not in case.parties:", "parties"),
    ),
    "confirmation": (
        ("day > agreement.confirm_by", "day >= agreement.confirm_by", "confirmation"),
        ("- set(self.applicants)):", "- case.present_parties):", "confirmation"),
        ("mediation.agreement.confirmation is not None", "False", "confirmation"),
        ("is not Confirmation.APPLIED:", "is Confirmation.GRANTED:", "confirmation"),
        ("if mediation.mandate is Mandate.ENTRUSTED or", "if", "confirmation"),
        ("if mediation.reached.nature is not Nature.ORDINARY:", "if False:", "confirmation"),
        ("IN_EFFECT = frozenset({Stage.IN_EFFECT})", "IN_EFFECT = frozenset(Stage)", "confirmation"),
        ("return in_time and", "return", "standing"),
        ("whole and mediation.reached.taken_back and", "whole and False and", "undoing"),
        ("if mediation.sender and court != mediation.sender:", "if False:", "confirmation"),
        ("    if court is None:\n", "    if False:\n", "handover_letters"),
        ("if court and on.named_body(court).kind is not BodyKind.COURT:", "if False:", "confirmation"),
    ),
    "confirmation_time": (
        ("if not due.day < self.until <= last:", "if not due.day < self.until:", "confirmation_time"),
        ("mediation.agreement.decide is None:", "False:", "confirmation_time"),
        ("if mediation.agreement and mediation.agreement.decide_extended:", "if False:", "confirmation_time"),
        ("return ends_later(self.decide_by.day, due.day if due else None)", "return True", "confirmation_time"),
    ),
    "consent": (
        ("refusals=case.refusals - {(self.party, channel)}", "refusals=case.refusals", "consent acceptance"),
        ("return opened_at if opened_at and at < opened_at else None", "return None", "consent"),
        ("return not isinstance(self.subject, ToMediation) or not", "return True or not", "rewriting"),
        ("max(mediation.since, at) if mediation.stage is Stage.OPENED else mediation.since", "at", "decided_consents"),
        ("        return self.but(counts_in=_counted_in(case, self.subject), since=", "        return self.but(since=",
         "decided_consents"),
        ("and (self.counts_in is None or self.counts_in in state.mediations)", "and True", "decided_consents"),
        ("if not self._given(case):", "if False:", "consent"),
    ),
    "unanimous": (
        ("sorted(case.present_parties - parties)", "[]", "mediation mediators"),
    ),
    "read_from_state": (
        ("return max(case.highest, level", "return min(case.highest, level", "holder"),
        ("case.seeing if body in case.given else case.seeing | {body}", "case.seeing | {body}", "handover"),
        ("return last.since if last and last.stage is Stage.IN_EFFECT else None", "return at", "undoing"),
        ("at if agreement.extent is Extent.ALL_CLAIMS else case.resolved_at", "at", "agreement closing"),
    ),
    "consent_outcomes": (
        ("mediation.stage is not Stage.OPENED or not present <= consents:",
         "mediation.stage is not Stage.OPENED:", "consent"),
        ("mediation.stage is not Stage.OPENED or not", "not", "decided_consents"),
        ("known.consents - {self.party}", "known.consents", "consent"),
        ("since=max(mediation.since, at))", "since=at)", "decided_consents"),
        ("party=party, since=max(active.since, at)", "party=party, since=at", "consent"),
    ),
    "refusal": (
        ("active if active and active.channel is channel and active.stage is Stage.AGREED else None",
         "None", "consent"),
    ),
    "correction": (
        ("if moment > on.now:", "if moment < on.now:", "correction"),
        ("event.derived or event.immutable", "False", "correction"),
        ("if missing := sorted(history.state.present_parties", "if missing := sorted(set()", "signed_agreements"),
        ("one.version > min(reached)", "True", "signed_agreements"),
        ("BINDING = (AgreementSigned, AgreementTookEffect)", "BINDING = AgreementSigned", "signed_agreements"),
        ("for one in history.entries if one.version >", "for one in standing(history.entries) if one.version >",
         "signed_agreements"),
        ("or any(isinstance(one, AgreementTookEffect) for one in newly)):", "):", "signed_agreements"),
        ("if event == old.event and moment == old.occurred_at:", "if False:", "correction"),
        ("and one.event.merged == merged", "", "joining"),
        ("if apart := _torn_apart(history, struck):", "if apart := []:", "standing"),
    ),
    "effect": (
        ("return (max(present), basis)", "return (min(present), basis)", "agreement"),
        ("if present and len(present) == len(moments)", "if present", "agreement"),
        ("if mediation.mandate is Mandate.DELEGATED:", "if False:", "agreement"),
        ("if mediation.on_platform:", "if False:", "agreement"),
        ("and mediation.reached.nature is Nature.ORDINARY", "", "confirmation"),
    ),
    "preconditions": (
        ("            reading.following.append(awaited)\n", "", "decided_consents"),
        ("        reading.newly.append(awaited.event)\n", "", "decided_consents"),
        ("== (entry.event, entry.occurred_at):", "!= ():", "decided_consents"),
        ("if entry and event.vanishes_from(state)", "if False", "provisional"),
        ("and not (ground.since and at < ground.since)", "", "correction"),
        ("(old.version in firm and not has_footing(entry, state)) or (", "(", "correction"),
        ("return allowed and event.fits(case, entry.occurred_at)", "return allowed", "standing"),
    ),
    "intake": (
        ("if self.requested_at > on.occurred_at:", "if False:", "intake"),
        ("if on.body.level is not Level.GRID:", "if False:", "intake"),
        ("if self.place != old.place:", "if False:", "rewriting"),
        ("if not any({body.area, *body.also} & facts.within for body in bodies):", "if False:", "intake"),
        ("[on.body, on.named_body(on.body.answers_for)]", "[on.body]", "intake"),
        ("if not self.how.text.strip():", "if False:", "rewriting"),
        ("self.but(due=counted_as(self.due, at, on)) if self.due", "self if self.due", "rewriting"),
    ),
    "inheritance": (
        ("history.state.refusals & {key for key in refusals if key[0] in ids}",
         "{key for key in refusals if key[0] in ids}", "joining"),
        (".but(party=ids[key[0]], moves_stage=False)", "", "joining"),
        (", moves_stage=False)", ")", "decided_consents"),
        ("if matter.blocks]", "if not matter.over]", "joining"),
        ("due=None if matter.over else matter.due", "due=matter.due", "joining"),
        ("yield from rated[-1:] if case.possible_crime else ()", "yield from ()", "joining"),
        ("case.possible_crime and case.risk_reported else ()", "case.possible_crime else ()", "joining"),
    ),
    "undoing": (
        ("return last.since if last and last.ground is EndGround.SELF_SETTLED else at", "return at", "closing"),
        ("    if mediation.reached.is_broken:\n", "    if False:\n", "undoing"),
        ("return max([mediation.since, *mended])", "return mediation.since", "undoing"),
        ("if mediation.reached.taken_back and mediation.reached.confirmation is not Confirmation.GRANTED:", "if False:",
         "undoing"),
        ("case.resolved_at is not None and mediation == max(case.mediations)", "False", "undoing"),
        ("case.but(resolved_at=None, held_until=held) if", "case.but(resolved_at=None) if", "undoing"),
    ),
    "amendment": (
        ("if missing := sorted(", "if missing := set() and sorted(", "amendment"),
        ("        refuse_unreported(case)\n", "", "classification"),
        ("        refuse_unaccepted(case, mediation, self.mediator)\n", "", "amendment"),
        ("not in (None, Confirmation.DISMISSED):", "in ():", "amendment"),
        ("for number, one in known.items() if one.is_owed)", "for number in known)", "amendment"),
        ("whole and case.resolved_at is None", "False", "amendment"),
    ),
    "court_remedies": (
        ("mediation.agreement.remedy is not None:", "False:", "court_remedies"),
        ("mediation.agreement.remedy is None:", "False:", "court_remedies"),
        ("case.category is not Category.LABOUR:", "False:", "court_remedies"),
        ("if agreement.confirmation is not Confirmation.GRANTED:", "if False:", "court_remedies"),
        ("agreement.enforce.over(on.occurred_at):", "False:", "court_remedies"),
        ("any(one.is_owed for one in mediation.agreement.obligations.values())", "True", "court_remedies"),
    ),
    "confirmation_undone": (
        ("confirmation=None, admit=None, decide=None, decide_extended=False)", "confirmation=None)",
         "confirmation_time"),
        ("if mediation.agreement and mediation.agreement.confirmation is not Confirmation.GRANTED:", "if False:",
         "undoing"),
    ),
    "joining": (
        ("default=None),\n        bounces_of_it=was.bounces", "default=None),\n        bounces_of_it=0", "joining"),
        ("(other.highest, was.highest) if one]", "(other.highest,) if one]", "joining"),
        ("moves_of_it=moves + was.moves_taken_in", "moves_of_it=moves", "joining"),
        ("max(other.risk, was.risk, key", "min(other.risk, was.risk, key", "joining"),
        ("was.dispute_until.since < other.dispute_until.since)", "True)", "joining"),
        ("        refuse_unreported(case)\n", "", "classification"),
        ("    of = (MergeCase,)\n    immutable = True", "    of = (MergeCase,)", "joining"),
        ("    of = (SplitCase,)\n    immutable = True", "    of = (SplitCase,)", "joining"),
        ("            highest=case.highest,\n            registered_by", "            registered_by", "joining"),
        ("holder=case.holder", "holder=numbering.id", "joining"),
        ("if active := case.active_mediation:", "if active := None:", "joining"),
        ("if self.into == case.id:", "if False:", "joining"),
        ("if self.leave and not _both_sides(case, self.parties):", "if False:", "joining"),
        ("if other.status not in UNTIL_CLOSED:", "if False:", "joining"),
        ("if self.leave and case.active_mediation:", "if False:", "joining"),
    ),
    "limits": (
        ('code="JC_APPLY",\n    length=30', 'code="JC_APPLY",\n    length=31', "confirmation"),
        ('code="PM_CONCLUDE",\n    length=1', 'code="PM_CONCLUDE",\n    length=2', "acceptance mediation"),
        ('code="COURT_PREFILE_MED",\n    length=30',
         'code="COURT_PREFILE_MED",\n    length=29', "mediation acceptance"),
    ),
    "proceeding_extension": (
        ("if not due.day < self.until <= last:", "if not due.day < self.until:", "proceedings"),
        ("not in LONGEST or matter.extended:", "not in LONGEST or False:", "proceedings"),
        ("is OrganKind.PETITION and not self.reasons_told", "is OrganKind.PETITION and False", "proceedings"),
        ("return ends_later(self.due.day, matter.due.day if matter.due else None)", "return True", "proceedings"),
    ),
    "mediation_extension": (
        ("if self.until <= (", "if self.until < (", "mediation"),
        ("if limit and limit.extended_by is not", "if False and limit.extended_by is not", "clocks"),
        ("return ends_later(self.until,", "return True or ends_later(self.until,", "mediation"),
    ),
    "mediation": (
        ("if missing := case.parties_without_consent(mediation):", "if missing := []:", "mediators"),
        ("if not mediation.accepted_mediators(case.present_parties):", "if False:", "mediators"),
        ("rights.\"\"\"\n    refuse_unreported(case)\n", "rights.\"\"\"\n", "classification"),
        ("        refuse_unreported(case)\n", "        return\n", "classification"),
        ("if not case.parties[id].rights_told):", "if False):", "mediation"),
        ("if pause_basis(case, mediation) is None:", "if False:", "mediation"),
        ("if _lacks_remedies(self.because, self.remedies_told):", "if False:", "mediation"),
        ("if self.because in FOLLOWS:", "if False:", "mediation"),
        ("(self.follows or self.ground in FOLLOWS):", "self.follows:", "rewriting"),
        ("(self.follows or self.ground in FOLLOWS):", "self.ground in FOLLOWS:", "proceedings"),
        ("if not mediation.remedies_due:", "if False:", "closing"),
        ("self.follows and self.ground not in PASSED_ON", "self.follows", "levels"),
        ("remedies_told=False, follows=True, ", "remedies_told=True, follows=True, ", "clocks"),
        ("due.without(local_day(mediation.since), on.day, on.calendar) if due", "due if due", "clocks"),
        ("allowed_in = ACTIVE", "allowed_in = frozenset(Stage)", "mediation"),
    ),
    "mediators": (
        ("if mediator in mediation.recused:", "if False:", "mediators"),
        ("if mediator in mediation.mediators:", "if False:", "mediators"),
        ("if mediator not in on.body.members:", "if False:", "mediators"),
        ("recused=mediation.recused | {self.mediator}", "recused=mediation.recused", "mediators"),
        ("{**staying, self.successor: Mediator()}",
         "{**staying, self.successor: mediators[self.mediator]}", "mediators"),
    ),
    "parties": (
        ("if active.stage is Stage.AGREED:", "if False:", "parties"),
        ("if side is not Side.THIRD and side not in remaining:", "if False:", "parties"),
        ("return self.party.person in state.parties", "return True", "standing"),
    ),
    "performance": (
        ("if state.done_at:", "if False:", "performance"),
        ("if self.amount > state.left:", "if self.amount >= state.left:", "performance"),
        ("local_day(at) > state.due", "local_day(at) >= state.due", "performance"),
        ("day > state.due\n", "day >= state.due\n", "performance"),
        ("mediation.agreement.reached_at if mediation.agreement else",
         "mediation.opened_at if True else", "performance"),
    ),
    "rewriting": (
        ("if strange := sorted(", "if strange := set() and sorted(", "correction rewriting"),
        ("            asked.validate_python(value)\n", "            pass\n", "rewriting"),
        ("if not _is_narrative(event, name):", "if not _is_narrative(event, name) or isinstance(value, dict):",
         "rewriting"),
        ("    new.check_rewritten(event, on)\n", "", "rewriting"),
        ("if name in marked(event, CORRECTABLE)]", "]", "rewriting"),
    ),
    "signing": (
        ("    refuse_unreported(case)\n    refuse_oral", "    refuse_oral", "classification"),
        ("        refuse_unreported(case)\n", "        return\n", "classification"),
        ("if oral and mediation.mandate not in COURT_MANDATES:", "if oral:", "agreement"),
        ("mediation.mediators[mediator].accepted_by):", "case.present_parties):", "agreement"),
        ("if party in mediation.reached.signed:", "if False:", "agreement"),
        ("if mediation.agreement and mediation.agreement.mediator_signed_at:", "if False:", "agreement"),
        ("if mediation.agreement and mediation.agreement.sealed_at:", "if False:", "agreement"),
        ("mediation.agreement.form is AgreementForm.ORAL\n", "mediation.agreement.form is None\n", "agreement"),
    ),
    "starting": (
        ("allowed_in = frozenset({Stage.CONSENTED})", "allowed_in = frozenset(Stage)", "mediation"),
    ),
    "sessions": (
        ("    refuse_unreported(case)\n", "", "classification"),
        ("return self.at >= at", "return True", "rewriting"),
        ("return self.to >= at", "return True", "rewriting"),
        ("return not self.public or not", "return True or not", "rewriting"),
        ("mediation.closed_doors & case.present_parties:", "False:", "sessions"),
        ("mediation.sessions.get(session) is SessionState.HELD:", "False:", "sessions"),
        ("if self.at < on.occurred_at:", "if False:", "sessions"),
        ("if refused := mediation.withdrawn & case.present_parties:", "if refused := []:", "consent sessions"),
        ("if self.to < on.occurred_at:", "if False:", "sessions"),
    ),
    "risk_reports": (
        ("        elif self._has_desk(on):\n", "        elif False:\n", "starts"),
        ("kinds != _OTHERS and", "", "starts"),
        ("or found.answered or", "or", "starts"),
        ("found.to != on.body.id", "False", "starts"),
        ("if desk.id == on.body.id:", "if False:", "starts"),
        ("if desk.kind not in DESKS[self.recipient]:", "if False:", "starts"),
        ("if self.in_part:", "if False:", "turns"),
        ("        if not self.ends_turn:\n", "        if True:\n", "turns"),
    ),
    "succession": (
        ("withdrawn=True, succeeded_by=self.successor.person", "succeeded_by=self.successor.person", "parties"),
    ),
}  # fmt: skip
DECIDER = (
    ("if ground.stage not in command.allowed_in:", "if False:", "mediation"),
    ("if on.occurred_at > on.now:", "if on.occurred_at >= on.now:", "moments"),
    ("if on.occurred_at < since:", "if False:", "moments"),
    ("    command.guard(history.state)\n", "", "closing"),
    ("    command.guard_occasion(history.state, on)\n", "", "capacity"),
)
ROOT = Path(__file__).resolve().parents[2]


def found(module: str) -> str:
    """The path of a module of the case, in whichever of its folders it is."""
    (path,) = (ROOT / "domain" / "case").rglob(f"{module}.py")
    return str(path.relative_to(ROOT))


MUTANTS = (
    *(Mutant(found(module), *said) for module, table in (CASE | MOVING).items() for said in table),
    *(Mutant("domain/shared/decider.py", *said) for said in DECIDER),
)
