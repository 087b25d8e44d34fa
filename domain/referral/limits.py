"""期限: how long an offer may lie on a desk, and what its silence means."""

from __future__ import annotations

from collections.abc import Mapping

from domain.referral.referral import Referral
from domain.shared.law import Due, Effect, Footing, TimeLimit, Unit
from domain.shared.occasion import Occasion
from domain.shared.values import ReferralKind
from domain.statutes import ONLINE_MEDIATION_RULES, PETITIONS_REGULATION, SHENZHEN_REGULATION, YUSHUI_PRACTICE

MEDIATOR_ACK = TimeLimit(
    code="MEDIATOR_ACK",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=ONLINE_MEDIATION_RULES["第十二条"],
    starts="调解组织收到委派委托信息",
    effect=Effect.RE_APPOINTABLE,  # 超过规定期限未予确认的，可以重新指定
)
TRANSFER_ACK = TimeLimit(
    code="TRANSFER_ACK",
    length=3,
    counted_in=Unit.WORKING_DAYS,
    basis=SHENZHEN_REGULATION["参照第四十五条"],  # which gives three days to transfer, and none to sign for it
    starts="移交材料送达",
    effect=Effect.LAPSE,
    footing=Footing.EXAMPLE,
)
TRANSFER_ACCEPT = TimeLimit(
    code="TRANSFER_ACCEPT",
    length=5,
    counted_in=Unit.WORKING_DAYS,
    basis=SHENZHEN_REGULATION["参照第四十六条"],
    starts="签收移交",
    effect=Effect.LAPSE,
    footing=Footing.EXAMPLE,
)
TRANSFER_ACCEPT_COMPLEX = TimeLimit(
    code="TRANSFER_ACCEPT_COMPLEX",
    length=10,
    counted_in=Unit.WORKING_DAYS,
    basis=SHENZHEN_REGULATION["参照第四十六条"],
    starts="签收移交,法律关系复杂或者涉及多个机关",
    effect=Effect.LAPSE,
    footing=Footing.EXAMPLE,
)
PETITION_OBJECT = TimeLimit(
    code="PETITION_OBJECT",
    length=5,
    counted_in=Unit.WORKING_DAYS,
    basis=PETITIONS_REGULATION["第二十三条"],
    starts="收到转送、交办的信访事项",
    effect=Effect.LAPSE,  # 逾期不再提出异议
)
PETITION_NOTIFY = TimeLimit(
    code="PETITION_NOTIFY",
    length=15,
    counted_in=Unit.DAYS,
    basis=PETITIONS_REGULATION["第二十三条"],
    starts="有权处理的机关收到(转送)信访事项",
)
SLA_NONPOLICE_FEEDBACK = TimeLimit(
    code="SLA_NONPOLICE_FEEDBACK",
    length=24,
    counted_in=Unit.HOURS,
    basis=YUSHUI_PRACTICE["(示范)"],
    starts="接收公安机关分流的非警务纠纷",
    footing=Footing.EXAMPLE,
)


IN_TRANSIT: Mapping[ReferralKind, TimeLimit] = {
    ReferralKind.DELEGATE: MEDIATOR_ACK,
    ReferralKind.ENTRUST: MEDIATOR_ACK,
    ReferralKind.TRANSFER: TRANSFER_ACK,
}
"""The limit of an offer that nobody has answered; an invitation ends with the inviter's mediation."""


def answer_limit(kind: ReferralKind, on: Occasion) -> Due | None:
    """None: no rule sets a day."""
    return on.due(IN_TRANSIT[kind]) if kind in IN_TRANSIT else None


def accept_limit(referral: Referral) -> TimeLimit:
    return TRANSFER_ACCEPT_COMPLEX if referral.complex else TRANSFER_ACCEPT
