"""How each clock and each guard was read against its article: by hand, and compared with the code by a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ClockReading(NamedTuple):
    """What the table of a clock cannot say by itself."""

    begun_by: str
    """The entry that starts it."""
    unlike: str
    """What does not count, and who makes it longer, in the words of the article; `–`: nothing, nobody."""
    consent: str
    """Whose consent or approval the article asks for."""


_NONE = "–"
_ALL = "all parties"
CLOCKS: Mapping[str, ClockReading] = {
    "PM_CONCLUDE": ClockReading("mediation_opened", "延长: 双方当事人要求 (宁波条例 27; 令75: text not at hand)", _ALL),
    "PM_MED_CONCLUDE": ClockReading("mediation_opened", "鉴定时间不计入; 约定延长", _ALL),
    "ADM_MED_ACCEPT": ClockReading("registered, from the request where it came before", _NONE, _NONE),
    "ADM_MED_CONCLUDE": ClockReading("mediation_opened", "鉴定时间不计入", _NONE),
    "ADM_ACCEPT_DEFAULT": ClockReading("registered, from the request where it came before", _NONE, _NONE),
    "ADM_CONCLUDE_DEFAULT": ClockReading("mediation_opened", "当事人同意延期", _ALL),
    "SAMR_ACCEPT": ClockReading("registered, from the request where it came before", _NONE, _NONE),
    "SAMR_CONCLUDE": ClockReading("mediation_opened", "检定、检验、检测、鉴定所需时间不计算 (20)", _NONE),
    "LABOUR_MED": ClockReading(
        "registered, classified: from the request, or else the registration; of own motion: mediation_opened",
        _NONE,
        _NONE,
    ),
    "TRAFFIC_CONCLUDE": ClockReading(
        "mediation_opened; mediation_started with the day on which the harm was settled, if later", _NONE, _NONE
    ),
    "TRAFFIC_APPLY": ClockReading("accident_finding_received", _NONE, "一致书面申请: all parties"),
    "TRAFFIC_AFTER_PM": ClockReading("mediation_ended by a committee", _NONE, "一致书面申请: all parties"),
    "PSB_SECOND_MED": ClockReading(
        "mediation_ended by the police; the second runs in it, and no third begins", _NONE, _NONE
    ),
    "COURT_PREFILE_MED": ClockReading("mediation_opened", "鉴定评估期限不计入 (在线 26); 双方同意延长", _ALL),
    "COURT_ONTRIAL_MED_ORD": ClockReading("mediation_opened", "双方同意延长, 不计入审限; no pause is given", _ALL),
    "COURT_ONTRIAL_MED_SUM": ClockReading("mediation_opened", "双方同意延长, 不计入审限; no pause is given", _ALL),
    "COUNTERPARTY_CONSENT": ClockReading("mediation_opened", _NONE, "the other party is asked"),
    "COURT_ASSIGN": ClockReading("request_received by a court", _NONE, _NONE),
    "COURT_JOINT_PICK": ClockReading("online_mediation_agreed", _NONE, "both choose together"),
    "JC_APPLY": ClockReading("agreement_took_effect", "not extended", "共同: all parties"),
    "JC_ACCEPT": ClockReading("confirmation_applied", _NONE, _NONE),
    "JC_DECIDE": ClockReading("confirmation_admitted", "经本院院长批准，可以延长十日", "the president of the court"),
    "ENFORCE_APPLY": ClockReading(
        "confirmation_granted, from the last day of the last instalment, else from the ruling", "中止、中断", _NONE
    ),
    "CONTRACT_LIMITATION": ClockReading(
        "request_received, request_dated; registered, classified: not for 婚姻家庭 (民法典 196 III)",
        "中断 anew with each request",
        _NONE,
    ),
    "LABOUR_LIMITATION": ClockReading(
        "registered, classified: from the request",
        "中断 anew with each request; 拖欠劳动报酬 while employed (27 IV): not told",
        _NONE,
    ),
    "LAND_LIMITATION": ClockReading(
        "registered, classified (山林土地): from the request",
        "no category is just land contracts: the shorter time warns",
        _NONE,
    ),
    "CASE_FILING": ClockReading("proceedings_noted", _NONE, _NONE),
    "TRIAL_ORD": ClockReading("proceedings_noted", "六个月", "院长批准"),
    "TRIAL_SUM": ClockReading("proceedings_noted", "一个月", "院长批准"),
    "TRIAL_SMALL": ClockReading("proceedings_noted", "一个月", "院长批准"),
    "PETITION_ROUTE": ClockReading("proceedings_noted", _NONE, "nobody's: a duty"),
    "PETITION_CONCLUDE": ClockReading("proceedings_noted", "三十日, 告知理由", "本机关负责人批准"),
    "PETITION_REVIEW_APPLY": ClockReading("proceedings_noted", _NONE, _NONE),
    "PETITION_REVIEW_DECIDE": ClockReading("proceedings_noted", "听证所需时间不计算 (36, only of 复核)", _NONE),
    "PSB_CASE": ClockReading("proceedings_noted", "鉴定期间不计入 (no command); 三十日", "上一级公安机关批准"),
    "SLA_SIMPLE": ClockReading("registered, holder_changed; the dispute's own: registered", _NONE, _NONE),
    "SLA_ORDINARY": ClockReading("registered, holder_changed; the dispute's own: registered", _NONE, _NONE),
    "SLA_COMPLEX": ClockReading("registered, holder_changed; the dispute's own: registered", _NONE, _NONE),
    "RISK_ANSWER": ClockReading("risk_reported to a desk here", _NONE, _NONE),
    "FILE_KEPT": ClockReading("closed, archived", _NONE, _NONE),
    "MEDIATOR_ACK": ClockReading("referral.offered", _NONE, "特邀 11: of the parties"),
    "TRANSFER_ACK": ClockReading("referral.offered", _NONE, _NONE),
    "TRANSFER_ACCEPT": ClockReading("referral.acknowledged", _NONE, _NONE),
    "TRANSFER_ACCEPT_COMPLEX": ClockReading("referral.acknowledged", _NONE, _NONE),
    "ADM_TRANSFER": ClockReading("found_out_of_office", _NONE, "nobody's: a duty"),
    "PETITION_OBJECT": ClockReading("referral.acknowledged by an organ", _NONE, _NONE),
    "PETITION_NOTIFY": ClockReading("referral.acknowledged by an organ", _NONE, _NONE),
    "SLA_NONPOLICE_FEEDBACK": ClockReading("referral.acknowledged, from the police", _NONE, _NONE),
    "ESCALATION_ANSWER": ClockReading("escalation.requested", _NONE, _NONE),
}


class GuardReading(NamedTuple):
    guard: str
    """The refusals that enforce it."""
    form: str
    consent: str
    article: str
    reading: str


READ, NOT_AT_HAND = "read", "text not at hand"
GUARDS: tuple[GuardReading, ...] = (
    GuardReading("RefusalStands, RefusedByParty, ConsentNeeded", "any", _ALL, "人民调解法 17, 23: read",
                 "One refusal stops mediation in that channel."),
    GuardReading("MediatorNotAccepted, NoMediatorAccepted", "any", _ALL, "人民调解法 19, 23: read",
                 "Who signs for the mediation is one whom every party chose or accepted."),
    GuardReading("RightsNotTold", "oral or written", _NONE, f"令75 30: {NOT_AT_HAND}; 特邀 14: read",
                 "Before the mediation starts, and for who joins later before it goes on."),
    GuardReading("RiskNotReported", _NONE, _NONE, "人民调解法 25: read",
                 "及时: before the mediation goes on (start, session and its appointment, agreement, "
                 "each signature, seal, document and change), and before the case is left. To the police, a court or "
                 "the petition office by their desk, where they have one here (DeskToBeNamed)."),
    GuardReading("WrittenFormNeeded", "written", _NONE, "劳动争议 14, 医疗 39, 在线 19: read",
                 "应当制作. 农村土地承包调解仲裁法 10 asks the same of land contracts: no category of "
                 "ours is just these,"
                 " so it is not enforced."),
    GuardReading("OralIsNotSigned", "oral", _NONE, "人民调解法 30; 特邀 23, 24: read",
                 "What a court delegated may be oral, and binds with the parties' signatures in the record (24 III)."),
    GuardReading("ConsentMissing, of an amendment", _NONE, _ALL, "人民调解法 29: read",
                 "What was signed, and what would bind only by the amendment, is changed by the will of all."),
    GuardReading("SignaturesMissing, effect", "签名、盖章或者按指印", _ALL, "人民调解法 29; 特邀 20, 24; 在线 19: read",
                 "Who has not signed is told by name on the page, and by id over the API."),
    GuardReading("GuardianNeeded", _NONE, "guardian", "民法典 19, 20: read",
                 "By the identity number, in every command that tells a party's will. Consent and signature name the "
                 "guardian; elsewhere one on record with the paper acts. "
                 "Own labour at 16 (民法典 18 II) is not recorded."),
    GuardReading("SpokespersonNeeded, NotEmpowered", "授权委托书、推选材料", "of the represented", "宁波条例 20: read",
                 "A group acts by whom it chose, named where it consents and signs, else on record; nobody acts for "
                 "another without the paper. 推选五名以下 is not counted."),
    GuardReading("HandoverNotOnFile, DelegatingCourtNotNamed, SecondOfficerAccepts, TakenByAnotherOrgan",
                 "委托函、移送函", "令75: parties",
                 f"令75 22: {NOT_AT_HAND}; 宁波 19: read",
                 "A title, a delegation too, stands on its referral or letter, and lifts only that organ. "
                 "Title and platform are not corrected: the acceptance is struck and recorded anew."),
    GuardReading("NotBesideAnotherOrgan", _NONE, _NONE, "医疗 40; 投诉 15 (2): read",
                 "Of these categories, whichever organ mediates; 处理过 is read as settled there. A committee that "
                 "mediates already is in the way of every other mediation."),
    GuardReading("ConsentOfWhom", "written or in the record", "applicants, parties, or nobody",
                 "特邀 11; 宁波 19; 信访 22, 33; 深圳 45: read",
                 "转送 and 移送 to the competent organ are duties: nobody consents. To a committee both do (信访 33)."),
    GuardReading("BothApplyTogether, TooLateToConfirm, CourtNotNamed, OtherCourt, NotConfirmable",
                 "written or oral", _ALL,
                 "民诉法 205; 法释〔2011〕5号 2, 4; 民诉解释 355: read",
                 "特邀 19 names the court of the committee's seat as well; the later and higher 民诉法 205(1) leads."),
    GuardReading("withdrawal of the application", _NONE, "one party is enough", "法释〔2011〕5号 5 II: read",
                 "The agreement binds without the court (人民调解法 31), and may be applied for again. The dispute "
                 "is not resolved from that day on, until the court confirms it or the case is closed as agreed."),
    GuardReading("RemediesNotTold, RemediesFirst, RemediesFirstAfterSuit", "recorded", _NONE, "人民调解法 26: read",
                 "The refusal tells whether time or a suit ended it."),
    GuardReading("two remedies at a time", _NONE, _NONE, "行政复议法 29: read",
                 "An appeal to the organ above beside a suit: noticed on the bridge, the case's page and over "
                 "the API, and not refused, for it happens before others."),
    GuardReading("breach, dismissal, withdrawal, setting aside, reopening", _NONE, _NONE, "人民调解法 31, 33 III: read",
                 "They undo a resolution from their day on; what was breached and then "
                 "done is resolved when it was done."),
    GuardReading("merger", _NONE, _NONE, "–",
                 "The case that takes in goes on with the higher level and risk, the bounces, the moves, and "
                 "the whole time of the one that was registered first."),
    GuardReading("PauseNotProvided", _NONE, _NONE, "医疗 38, 40; 投诉 20; 在线 26: read",
                 "A pause adds in the unit of its limit, from the day before that is moved off a holiday."),
)  # fmt: skip
