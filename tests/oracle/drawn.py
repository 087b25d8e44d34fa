"""A strategy for each command of a case: each field that must be given is drawn by its type.

`UNLIKE` says only what a type cannot: which words are frequent, which fields that may be left out are worth drawing.
A new command is drawn the day that it is written.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import AwareDatetime

from domain.case import clocks
from domain.case.beside import hearing, proceeding_extension, proceedings
from domain.case.ending import closing, court_remedies, performance
from domain.case.kinds import (
    AgreementForm,
    Category,
    CourtRemedy,
    EndGround,
    Extent,
    Mandate,
    MatterStep,
    Nature,
    OrganKind,
)
from domain.case.lists import COMMANDS
from domain.case.mediating import (
    agreement,
    amendment,
    confirmation,
    consent,
    mediation,
    mediators,
    refusal,
    sessions,
    starting,
)
from domain.case.opening import (
    acceptance,
    category,
    classification,
    guidance,
    handover_letters,
    intake,
    parties,
    risk_reports,
)
from domain.case.record import correction, joining, papers
from domain.shared.references import Refers
from domain.shared.values import AreaId, BodyId, CaseId, Channel, Money, OfficerId, Personal, Sha256
from tests.case.histories import COMMITTEE, COURT, HASH, LI, VILLAGE, WANG, ZHOU, id_of
from tests.oracle.drawing import (
    NEW_PARTY,
    OFTEN,
    SELDOM,
    STRANGER,
    TOLD,
    TWO_SIDES,
    Drawn,
    Seen,
    correction_of,
    matter,
    promise,
    result,
    running,
    some,
    striking,
    subject,
)

Drawing = Callable[[Seen], Drawn]
POINTED_AT: Mapping[str, Drawing] = {
    "party": lambda seen: seen.party,
    "mediation": lambda seen: seen.mediation,
    "mediator": lambda seen: seen.mediator,
    "session": lambda seen: seen.session,
    "obligation": lambda seen: seen.obligation,
    "participant": lambda seen: st.sampled_from([*(seen.talks.participants if seen.talks else ()), STRANGER]),
    "representative": lambda seen: st.sampled_from([*seen.account.represented_by.values(), STRANGER]),
    "entry": lambda seen: st.sampled_from([*seen.record, 999]),
}
BY_TYPE: Mapping[Any, Drawing] = {
    AreaId: lambda _: st.sampled_from([VILLAGE] * 8 + [STRANGER]),
    BodyId: lambda _: st.sampled_from([COMMITTEE.id, COURT.id, STRANGER]),
    CaseId: lambda _: st.sampled_from([id_of("other case")] * 3 + [id_of("case")]),
    OfficerId: lambda _: st.sampled_from([LI, LI, WANG, WANG, ZHOU]),
    bool: lambda _: SELDOM,
    int: lambda _: st.integers(1, 9),
    date: lambda seen: seen.day,
    AwareDatetime: lambda seen: seen.later,
    str: lambda _: TOLD,
}


def by_type(hint: Any, seen: Seen) -> Drawn:
    """Raises TypeError for a type that nothing is known of: it is named in `UNLIKE`."""
    marks, core, many = unwrapped(hint)
    pointed = next((mark.to for mark in marks if isinstance(mark, Refers)), None)
    if pointed == "party" and many:
        return seen.everybody
    if pointed:
        return POINTED_AT[pointed](seen).map(lambda one: (one,)) if many else POINTED_AT[pointed](seen)
    if any(isinstance(mark, Personal) for mark in marks):
        return st.just("钱七")
    if any(isinstance(mark, Money) for mark in marks):
        return st.sampled_from([0, 100, 50_000])
    if isinstance(core, type) and issubclass(core, StrEnum):
        return some(core)
    if any(mark in get_args(Sha256)[1:] for mark in marks):
        return st.just(HASH)
    if core not in BY_TYPE:
        raise TypeError(f"nothing is known of how to draw {hint}: say it in UNLIKE")
    return BY_TYPE[core](seen)


def unwrapped(hint: Any) -> tuple[list[Any], Any, bool]:
    marks: list[Any] = []
    many = False
    while get_origin(hint) in {Annotated, Union, types.UnionType, tuple}:
        many |= get_origin(hint) is tuple
        marks += get_args(hint)[1:] if get_origin(hint) is Annotated else []
        hint = next(one for one in get_args(hint) if one is not type(None))
    return marks, hint, many


def always(strategy: Drawn) -> Drawing:
    return lambda _: strategy


def maybe(drawing: Drawing) -> Drawing:
    return lambda seen: st.one_of(st.none(), drawing(seen))


UNLIKE: dict[type[Any], dict[str, Drawing]] = {
    intake.RegisterCase: {
        "category": always(some(Category, Category.NEIGHBOURS, Category.MEDICAL)),
        "parties": always(st.one_of(TWO_SIDES, TWO_SIDES, TWO_SIDES, st.tuples(), st.tuples(NEW_PARTY))),
        "requested_at": lambda seen: st.sampled_from(
            [None] * 6 + [seen.now + timedelta(days=days) for days in (-2, 1)]
        ),
        "settled_on_the_spot": always(st.sampled_from(["", "", "", "当场和好"])),
    },
    acceptance.AcceptCase: {"mandate": always(some(Mandate, Mandate.OWN)), "on_platform": always(SELDOM)},
    handover_letters.FileHandoverLetter: {
        "mandate": always(some(Mandate, Mandate.DELEGATED, Mandate.ENTRUSTED, Mandate.TRANSFERRED)),
        "organ": always(some(OrganKind, OrganKind.COURT, OrganKind.POLICE)),
        "sender": always(st.sampled_from([None, COURT.id, COURT.id, id_of("police"), COMMITTEE.id, STRANGER])),
    },
    confirmation.ApplyForConfirmation: {
        "court_body": always(st.sampled_from([None, COURT.id, COURT.id, COMMITTEE.id]))
    },
    acceptance.DeclineCase: {"remedies_told": always(OFTEN)},
    parties.CorrectParty: {"name": always(st.just("张三丰"))},
    category.ClassifyCase: {"category": always(some(Category, Category.MEDICAL))},
    classification.ConfirmDifficulty: {"agreed": always(OFTEN)},
    risk_reports.ReportRisk: {
        "recipient_body": always(st.sampled_from([None, None, id_of("police"), COMMITTEE.id, COURT.id, STRANGER]))
    },
    classification.RateRisk: {"possible_crime": always(SELDOM)},
    proceedings.NoteProceedings: {
        "organ": always(some(OrganKind, OrganKind.COURT, OrganKind.POLICE)),
        "step": always(st.one_of(st.none(), st.none(), some(MatterStep, MatterStep.SUIT_RECEIVED))),
        "settled": always(SELDOM),
    },
    proceedings.EndProceedings: {"matter": matter},
    hearing.RecordHearing: {"matter": matter},
    starting.StartMediation: {"harm_settled_on": lambda seen: st.one_of(st.none(), st.none(), st.none(), seen.day)},
    proceeding_extension.ExtendMatter: {"matter": matter, "reasons_told": always(st.booleans())},
    guidance.GuideParties: {"to": always(st.sampled_from([None, COMMITTEE.id, COURT.id, STRANGER]))},
    consent.GiveConsent: {"subject": always(subject())},
    refusal.RefuseMediation: {"channel": always(some(Channel, Channel.PEOPLE))},
    consent.WithdrawConsent: {"subject": always(subject())},
    mediators.ProposeMediator: {"mediator": BY_TYPE[OfficerId]},
    mediators.RecuseMediator: {"requested_by": maybe(POINTED_AT["party"])},
    mediators.JoinParticipant: {"consented": lambda seen: seen.everybody},
    mediation.EndMediation: {"because": always(some(EndGround)), "remedies_told": always(OFTEN)},
    sessions.HoldSession: {
        "session": maybe(POINTED_AT["session"]),
        "participants": lambda seen: st.sampled_from(
            [(), tuple(seen.talks.participants) if seen.talks else (), (STRANGER,)]
        ),
        "public": always(SELDOM),
    },
    papers.FileEvidence: {"party": maybe(POINTED_AT["party"])},
    papers.FilePaper: {"mediation": maybe(POINTED_AT["mediation"])},
    agreement.ReachAgreement: {
        "form": always(some(AgreementForm, AgreementForm.WRITTEN)),
        "extent": always(some(Extent)),
        "nature": always(some(Nature, Nature.ORDINARY)),
        "obligations": lambda seen: st.lists(promise(seen), max_size=2).map(tuple),
    },
    amendment.AmendAgreement: {"obligations": lambda seen: st.lists(promise(seen), max_size=2).map(tuple)},
    performance.PerformObligation: {"amount": always(st.sampled_from([None, None, 50, 40_000]))},
    court_remedies.SeekRemedy: {"remedy": always(some(CourtRemedy, CourtRemedy.ENFORCEMENT))},
    closing.CloseCase: {"result": result},
    joining.SplitCase: {
        "parties": lambda seen: st.one_of(seen.everybody, seen.party.map(lambda one: (one,))),
        "leave": always(st.booleans()),
    },
}
WHOLE: dict[type[Any], Drawing] = {
    clocks.LetClockRunOut: lambda seen: running(seen).map(
        lambda clock: clocks.LetClockRunOut(clock=clock[0], day=clock[1])
    ),
    clocks.FixDue: lambda seen: running(seen).map(lambda clock: clocks.FixDue(clock=clock[0])),
    correction.CorrectEntry: correction_of,
    correction.StrikeEntry: striking,
}
"""Commands whose fields hang together."""


def drawing(command: type[Any]) -> Drawing:
    """Every field that must be given, and those that may be left out where `UNLIKE` or the kind of thing says so."""
    hints = get_type_hints(command, include_extras=True)
    unlike = UNLIKE.get(command, {})
    needed = [name for name, field in command.model_fields.items() if field.is_required() and name not in unlike]

    def draw(seen: Seen) -> Drawn:
        fields = {name: by_type(hints[name], seen) for name in needed}
        return st.builds(command, **fields, **{name: told(seen) for name, told in unlike.items()})

    return draw


DRAWN: dict[type[Any], Drawing] = {one: WHOLE.get(one) or drawing(one) for one in COMMANDS if not one.by_operator}
