"""The words of a referral: grounds of an answer, outcomes of a return, and who may refer to whom."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from domain.shared.law import Citation
from domain.shared.values import BodyId, BodyKind, Channel, Level, ReferralKind, Value
from domain.shared.vocabulary import Outcome
from domain.statutes import (
    COMMITTEES_REGULATION,
    INVITED_MEDIATION_RULES,
    MEDIATION_WORK_RULES,
    NINGBO_REGULATION,
    PETITIONS_REGULATION,
    SHENZHEN_REGULATION,
)


class RejectGround(StrEnum):
    """Why a receiver does not take it (在线调解规则 12; 宁波条例 19)."""

    OUT_OF_SCOPE = "out-of-scope"  # 不属于受理范围或者专业领域
    NOT_MEDIABLE = "not-mediable"  # 依法不能调解
    PARTY_REFUSES = "party-refuses"  # 当事人明确拒绝
    CONFLICT_OF_INTEREST = "conflict-of-interest"  # 有利害关系需要回避
    MATERIAL_MISSING = "material-missing"  # 材料不全
    WRONG_CHANNEL = "wrong-channel"  # 渠道不当
    OTHER = "other"  # 其他


RESOLVED = frozenset({Outcome.AGREEMENT, Outcome.SELF_SETTLED})


class Consenting(StrEnum):
    """Whose consent an offer needs."""

    NOBODY = "nobody"  # 无须同意: an organ's duty
    APPLICANTS = "applicants"  # 申请人
    PARTIES = "parties"  # 各方当事人


class Desk(Protocol):
    """What decides who may refer to whom: the body as the register knows it, or its row in a list."""

    @property
    def id(self) -> BodyId: ...
    @property
    def kind(self) -> BodyKind: ...
    @property
    def channel(self) -> Channel | None: ...
    @property
    def level(self) -> Level: ...


class Way(Value):
    """From whom to whom a kind of referral goes, with the article that allows it."""

    senders: frozenset[BodyKind]
    sending_channels: frozenset[Channel | None] | None = None
    """The channels that the sender may have; None: any, or none."""
    receiving_channels: frozenset[Channel]
    consenting: Consenting
    basis: Citation
    among_committees: bool = False
    """Only to another committee."""
    sideways: bool = False
    """Only to a committee of the same level: upwards a matter is asked for, and not passed on."""

    def leads(self, sender: Desk, receiver: Desk) -> bool:
        beside = (receiver.kind, receiver.level) == (BodyKind.COMMITTEE, sender.level)
        if (self.sideways and not beside) or (self.among_committees and receiver.kind is not BodyKind.COMMITTEE):
            return False
        sends = self.sending_channels is None or sender.channel in self.sending_channels
        return sends and sender.kind in self.senders and receiver.channel in self.receiving_channels


_INVITED = INVITED_MEDIATION_RULES["第十一条"]
_ROUTED = PETITIONS_REGULATION["第二十二条"]
_MEDIATED_PETITIONS = PETITIONS_REGULATION["第三十三条"]
_NINGBO = NINGBO_REGULATION["第十九条"]
_SHENZHEN = SHENZHEN_REGULATION["第四十五条"]
_WHERE_IT_AROSE = MEDIATION_WORK_RULES["第二十一条"]
_OF_SEVERAL_PLACES = COMMITTEES_REGULATION["第七条"]
_JOINTLY = SHENZHEN_REGULATION["第四十七条、第六十五条"]

_OUTSIDE_COURT = frozenset({Channel.PEOPLE, Channel.ADMINISTRATIVE})
_PEOPLE = frozenset({Channel.PEOPLE})
_ADMINISTRATIVE = frozenset({Channel.ADMINISTRATIVE})
_ORGANS = frozenset({BodyKind.ORGAN, BodyKind.CENTRE})
_MEDIATING = frozenset(BodyKind) - {BodyKind.GRID, BodyKind.PETITION}


def _duty(senders: frozenset[BodyKind], basis: Citation) -> Way:
    """To the competent organ, within its days and whatever the parties say: nobody is mediated by that alone."""
    return Way(senders=senders, receiving_channels=_ADMINISTRATIVE, consenting=Consenting.NOBODY, basis=basis)


def _court(consenting: Consenting) -> Way:
    return Way(
        senders=frozenset({BodyKind.COURT}),
        receiving_channels=_OUTSIDE_COURT,
        consenting=consenting,
        basis=_INVITED,
    )


def _transfer(
    senders: frozenset[BodyKind],
    receiving: frozenset[Channel],
    basis: Citation,
    sending: frozenset[Channel | None] | None,
) -> Way:
    return Way(
        senders=senders,
        sending_channels=sending,
        receiving_channels=receiving,
        consenting=Consenting.PARTIES,
        basis=basis,
    )


_SIDEWAYS = Way(
    senders=frozenset({BodyKind.COMMITTEE}),
    receiving_channels=_PEOPLE,
    consenting=Consenting.PARTIES,
    basis=_WHERE_IT_AROSE,
    sideways=True,
)

WAYS: Mapping[ReferralKind, tuple[Way, ...]] = {
    ReferralKind.GUIDE: (),
    ReferralKind.DELEGATE: (_court(Consenting.APPLICANTS),),
    ReferralKind.ENTRUST: (_court(Consenting.PARTIES),),
    ReferralKind.TRANSFER: (
        _transfer(_ORGANS, _PEOPLE, _NINGBO, _ADMINISTRATIVE | {None}),
        _transfer(frozenset({BodyKind.COMMITTEE, BodyKind.CENTRE}), _ADMINISTRATIVE, _SHENZHEN, _PEOPLE),
        _SIDEWAYS,
        _transfer(frozenset({BodyKind.POLICE}), _PEOPLE, _NINGBO, None),
        _duty(frozenset({BodyKind.PETITION}), _ROUTED),
        _duty(frozenset({BodyKind.ORGAN, BodyKind.POLICE}), _SHENZHEN),
        _transfer(frozenset({BodyKind.PETITION}), _PEOPLE, _MEDIATED_PETITIONS, None),
    ),
    ReferralKind.INVITE: (
        Way(
            senders=frozenset({BodyKind.COMMITTEE}),
            sending_channels=_PEOPLE,
            receiving_channels=_PEOPLE,
            consenting=Consenting.PARTIES,
            basis=_OF_SEVERAL_PLACES,
            among_committees=True,
        ),
        Way(
            senders=_MEDIATING,
            sending_channels=frozenset(Channel),
            receiving_channels=frozenset(Channel),
            consenting=Consenting.PARTIES,
            basis=_JOINTLY,
        ),
    ),
}


def way(kind: ReferralKind, sender: Desk, receiver: Desk) -> Way | None:
    """The article that lets this body refer so to that one; None: none does."""
    if sender.id == receiver.id:
        return None
    return next((one for one in WAYS[kind] if one.leads(sender, receiver)), None)
