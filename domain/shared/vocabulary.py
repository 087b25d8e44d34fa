"""Codes that two contexts speak: a case and its referral, a case and its escalation, name the same thing alike."""

from __future__ import annotations

from enum import Enum, StrEnum


class OfferEnding(StrEnum):
    """How an offer ended that nobody took."""

    REJECTED = "rejected"  # 未被接受
    UPHELD = "upheld"  # 异议成立
    LAPSED = "lapsed"  # 逾期未答
    WITHDRAWN = "withdrawn"  # 已撤回
    REROUTED = "rerouted"  # 已改派


class EscalationEnding(StrEnum):
    """How an escalation, or a supervision, came to its end."""

    SENT_BACK = "sent-back"  # 退回
    WITHDRAWN = "withdrawn"  # 已撤回
    RETURNED_DOWN = "returned-down"  # 退回下级
    RESOLVED = "resolved"  # 上级化解
    ENDED = "ended"  # 督办结束


class Outcome(StrEnum):
    """What a referral came back with."""

    AGREEMENT = "agreement"  # 达成协议
    PARTIAL_AGREEMENT = "partial-agreement"  # 达成部分协议
    SELF_SETTLED = "self-settled"  # 自行和解
    FAILED = "failed"  # 调解不成
    REFUSED = "refused"  # 当事人拒绝
    OUT_OF_CONTACT = "out-of-contact"  # 无法联系
    WITHDRAWN = "withdrawn"  # 撤回申请


class Asker(Enum):
    """Whose officers may ask for a command of a referral or of an escalation."""

    SENDER = "sender"  # 移送方
    RECEIVER = "receiver"  # 接收方
    ACCEPTOR = "acceptor"  # 已接受的接收方
    BELOW = "below"  # 下级(责任单位)
    ABOVE = "above"  # 上级
    CLOCK = "clock"  # 系统(期限届满)
    OPERATOR = "operator"  # 系统管理员(命令行)


OF_PEOPLE = frozenset(set(Asker) - {Asker.CLOCK, Asker.OPERATOR})
"""Only they are asked over the web."""
