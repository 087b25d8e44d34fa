"""历史案件导入 Importing: what is recorded of a case that another system kept, and the rules its history breaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.case.case import DisputeCase
from domain.case.commands import CaseEvent, MediationEvent
from domain.case.kinds import OrganKind, Result
from domain.case.laws import APPLY_OR_OWN_MOTION, COMMITTEE_RULES, PERFORMANCE, RIGHTS
from domain.shared.law import Citation
from domain.shared.values import Channel, Composed, Day, Level, Line, Narrative, Sha256, Value


class StepKind(StrEnum):
    """A dated step of a history, as a file tells it."""

    REGISTERED = "registered"  # 登记
    ACCEPTED = "accepted"  # 受理
    CONSENTED = "consented"  # 同意
    SESSION = "session"  # 调解
    ESCALATED = "escalated"  # 上行
    RETURNED_DOWN = "returned-down"  # 退回下级
    REFERRED = "referred"  # 转办
    RETURNED = "returned"  # 反馈
    AGREED = "agreed"  # 达成协议
    FAILED = "failed"  # 调解不成
    WITHDRAWN = "withdrawn"  # 撤回
    PERFORMED = "performed"  # 履行
    ORGAN_TOOK_IT = "organ-took-it"  # 其他机关受理
    ORGAN_ENDED = "organ-ended"  # 其他机关办结
    CLOSED = "closed"  # 结案
    CALLED_UP = "called-up"  # 提级
    ASSIGNED_DOWN = "assigned-down"  # 交办
    SUPERVISED = "supervised"  # 督办
    URGED = "urged"  # 催办
    REPORTED = "reported"  # 报告督办情况
    SUPERVISION_ENDED = "supervision-ended"  # 结束督办
    REOPENED = "reopened"  # 重新办理
    NOTED = "noted"  # 记事


class Breach(StrEnum):
    """A rule that an imported history breaks: it is kept as it was told, and flagged with the rule."""

    NOT_REGISTERED = "not-registered"  # 没有登记
    REGISTERED_TWICE = "registered-twice"  # 重复登记
    BEFORE_REGISTRATION = "before-registration"  # 早于登记
    IN_THE_FUTURE = "in-the-future"  # 日期在将来
    AFTER_CLOSING = "after-closing"  # 结案之后
    BOTH_SIDES_NEEDED = "both-sides-needed"  # 缺少一方当事人
    MEDIATION_GOES_ON = "mediation-goes-on"  # 已有调解在进行
    ALREADY_RESOLVED = "already-resolved"  # 已经化解
    TAKEN_BY_ANOTHER_ORGAN = "taken-by-another-organ"  # 其他机关已受理
    NO_MEDIATION = "no-mediation"  # 没有受理
    WITHOUT_SESSION_OR_CONSENT = "without-session-or-consent"  # 没有调解也没有同意
    NOT_AGREED = "not-agreed"  # 没有协议
    TWO_HOLDERS = "two-holders"  # 两个责任单位
    NOT_ABOVE = "not-above"  # 不是上级
    NO_GROUND = "no-ground"  # 没有上行理由
    NOT_ESCALATED = "not-escalated"  # 没有上行
    NOT_COMPETENT = "not-competent"  # 无权转办
    NOT_REFERRED = "not-referred"  # 没有转办
    NOT_CONCLUDED = "not-concluded"  # 调解未结束
    OUTCOME_DOES_NOT_FIT = "outcome-does-not-fit"  # 反馈不符
    STILL_MEDIATED = "still-mediated"  # 调解仍在进行
    STILL_ON_ITS_WAY = "still-on-its-way"  # 转办未反馈
    NO_RESULT = "no-result"  # 没有结果
    RESULT_DOES_NOT_FIT = "result-does-not-fit"  # 结果不符
    NO_SUCH_MATTER = "no-such-matter"  # 其他机关没有受理
    NO_SUCH_BODY = "no-such-body"  # 没有这样的机构
    UNFIT_IDENTITY_NUMBER = "unfit-identity-number"  # 证件号码有误
    UNFIT_PHONE = "unfit-phone"  # 电话号码有误
    SEVERAL_NAMES = "several-names"  # 一格几个姓名
    DAY_IN_A_NOTE = "day-in-a-note"  # 说明中另有日期
    NOT_BELOW = "not-below"  # 不是下级
    TAKES_NOTHING_UP = "takes-nothing-up"  # 不承办
    NOT_SUPERVISED = "not-supervised"  # 没有督办
    NOT_CLOSED = "not-closed"  # 没有结案
    DAY_IS_OVER = "day-is-over"  # 期限已过
    KEPT_DOES_NOT_FIT = "kept-does-not-fit"  # 是否按期不符


BASES: Mapping[Breach, Citation] = {
    Breach.TAKEN_BY_ANOTHER_ORGAN: COMMITTEE_RULES,
    Breach.WITHOUT_SESSION_OR_CONSENT: RIGHTS,
    Breach.NO_MEDIATION: APPLY_OR_OWN_MOTION,
    Breach.NOT_AGREED: PERFORMANCE,
}
"""The article of a rule, where one stands behind it; the others are rules of the record itself."""


class Flag(Value):
    """A rule that the history breaks, and by which of its steps; None: by all of it."""

    step: int | None
    rule: Breach
    basis: Composed

    @classmethod
    def of(cls, rule: Breach, step: int | None) -> Flag:
        basis = BASES.get(rule)
        return cls(step=step, rule=rule, basis=str(basis) if basis else "")


class CaseImported(CaseEvent):
    """The beginning of an imported history: from which row of which file, under which number."""

    name: ClassVar = "case.imported"
    immutable = True
    system: Line
    """Which system had kept it."""
    number: Line
    """Its number there."""
    file: Sha256
    row: int
    content: Sha256
    """A keyed hash of all that the row says: the same row is known again, and another one with its number is not."""
    steps: int

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class ImportFlagged(CaseEvent):
    """The rules that the imported history breaks. Nothing of it was changed for that."""

    name: ClassVar = "case.import_flagged"
    immutable = True
    flags: tuple[Flag, ...]

    @property
    def rules(self) -> list[Breach]:
        return list(dict.fromkeys(flag.rule for flag in self.flags))

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class StepTold(CaseEvent):
    """A step that the file tells and that nothing it told before leads to: kept in its words, it moves nothing."""

    name: ClassVar = "case.step_told"
    immutable = True
    step: StepKind
    body: Line = ""
    """The body's code, as the file tells it."""
    level: Level | None = None
    channel: Channel | None = None
    organ: OrganKind | None = None
    result: Result | None = None
    note: Narrative | None = None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class DeadlineTold(CaseEvent):
    """The day until which something was due, as the file tells it, and whether it says that the day was kept. Where a
    clock of ours has a place for the day, that one runs out by itself; this stays as it was told."""

    name: ClassVar = "case.deadline_told"
    immutable = True
    step: StepKind
    """The step with which the day was set."""
    due: Day | None
    """None: only that it was kept, or was not, is told."""
    kept: bool | None
    """None: the file does not say."""

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case


class PerformanceTold(MediationEvent):
    """All that was agreed is done: a file does not tell the promises one by one."""

    name: ClassVar = "case.performance_told"

    def has_place_in(self, state: DisputeCase) -> bool:
        mediation = state.mediations.get(self.mediation)
        return mediation is not None and mediation.agreement is not None

    def evolve(self, case: DisputeCase, at: datetime) -> DisputeCase:
        return case.but(performed=True)
