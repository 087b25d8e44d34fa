"""Which papers there are, what they are called, and from which entries each is made.

A paper is made of the case as it was with the last entry that it tells of: a note that comes later changes none of it,
and the same events give the same paper for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from application.papers import ending, mediating, opening
from application.papers.blocks import Block
from application.papers.telling import Telling
from domain.case.kinds import Paper

ALWAYS = frozenset(
    {
        "registered",
        "party_added",
        "party_corrected",
        "party_succeeded",
        "party_withdrew",
        "entry_corrected",
        "entry_struck",
        "person_restricted",
        "person_erased",
        "narrative_erased",
    }
)
"""Who is in it, and what was put right of whatever is told."""


@dataclass(frozen=True)
class Form:
    title: str
    made_from: frozenset[str]
    blocks: Callable[[Telling], list[Block] | None]
    """None: there is nothing to tell yet."""
    per_mediation: bool = False


def _form(title: str, blocks: Callable[[Telling], list[Block] | None], *events: str, each: bool = False) -> Form:
    return Form(title, frozenset(events), blocks, each)


AGREED = ("agreement_reached", "agreement_amended", "agreement_signed", "agreement_signed_by_mediator")
FORMS: Mapping[str, Form] = {
    Paper.APPLICATION: _form("人民调解申请书", opening.application, "request_received", "party_represented"),
    Paper.ACCEPTANCE: _form("人民调解受理登记表", opening.acceptance, "accepted", "declined", "classified"),
    Paper.RIGHTS_NOTICE: _form("人民调解权利义务告知书", opening.rights_notice, "rights_told"),
    Paper.IDENTITY: _form("当事人身份核对表", opening.identity, "identity_checked"),
    Paper.AUTHORISATION: _form("授权委托登记表", opening.authorisation, "party_represented"),
    "summons": _form(
        "人民调解通知书", mediating.summons, "session_scheduled", "session_adjourned", "mediation_opened", each=True
    ),
    Paper.INVESTIGATION: _form("人民调解调查记录", mediating.investigation, "note_written"),
    Paper.EVIDENCE: _form("人民调解证据材料清单", mediating.evidence, "evidence_filed"),
    Paper.MEDIATION_RECORD: _form(
        "人民调解记录", mediating.mediation_record, "session_held", "participant_joined", each=True
    ),
    Paper.AGREEMENT: _form(
        "人民调解协议书", mediating.agreement, *AGREED, "agreement_sealed", "party_represented", each=True
    ),
    Paper.ORAL_AGREEMENT: _form(
        "人民调解口头协议登记表", mediating.oral_agreement, *AGREED, "agreement_sealed", "party_represented", each=True
    ),
    Paper.PERFORMANCE_PROOF: _form(
        "协议履行情况证明", ending.performance_proof, "agreement_reached", "obligation_performed", each=True
    ),
    Paper.FOLLOW_UP: _form("人民调解回访记录", ending.follow_up, "followed_up", "satisfaction_answered"),
    Paper.CONFIRMATION: _form(
        "司法确认申请书", ending.confirmation, *AGREED, "agreement_took_effect", "confirmation_applied", each=True
    ),
    "transfer": _form("纠纷移送函", ending.transfer, "offered"),
    "return": _form("纠纷退回函", ending.returned, "handed_over", "referral_came_back"),
    "closing-report": _form("人民调解结案报告", ending.closing_report, "closed", "classified"),
}
BOUND_ONCE: Mapping[str, str] = {Paper.CONFIRMATION: "confirmation_applied"}
"""What is printed for whoever may want it, and is in the file only once that was recorded."""
SIGNED_BY_HAND = frozenset(
    {
        Paper.APPLICATION,
        Paper.RIGHTS_NOTICE,
        Paper.AUTHORISATION,
        Paper.AGREEMENT,
        Paper.PERFORMANCE_PROOF,
        Paper.CONFIRMATION,
    }
)
"""What is printed for the ink, and filed as a scan: the record alone is not the paper."""
