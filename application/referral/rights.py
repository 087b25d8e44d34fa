"""Who offers, answers and sees a referral."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from application.handover.rights import check_refers, check_stage, possible
from application.rights import NotYourBody, NotYourRight, Viewer
from domain.case.case import DisputeCase
from domain.referral.commands import NotOfferedToYou, ReferralCommand
from domain.referral.lists import COMMANDS
from domain.referral.offering import OfferReferral
from domain.referral.referral import Referral
from domain.shared.errors import DomainError
from domain.shared.values import BodyId
from domain.shared.vocabulary import OF_PEOPLE, Asker

ANSWERS: tuple[type[ReferralCommand], ...] = tuple(
    one for one in COMMANDS if one is not OfferReferral and one.asker in OF_PEOPLE
)
"""What people ask of a referral that was offered."""


def check_may_offer(viewer: Viewer, case: DisputeCase) -> None:
    """Raises NotYourRight, NotYourBody: whoever holds or mediates it refers it."""
    check_refers(viewer)
    active = case.active_mediation
    if viewer.body not in {case.holder, active.body if active else case.holder}:
        raise NotYourBody(body=case.holder)


def check_may_answer(viewer: Viewer, command: ReferralCommand, referral: Referral, case: DisputeCase) -> None:
    """Raises NotYourRight, NotYourBody, NotOfferedToYou."""
    check_refers(viewer)
    check_asker(viewer, command.asker, referral, case.holder)


def possible_answers(
    viewer: Viewer, referral: Referral, case: DisputeCase
) -> Iterator[tuple[type[ReferralCommand], DomainError | None]]:
    """Every command that people ask of it, with the reason why this viewer cannot now, or None."""

    def check(command: type[ReferralCommand]) -> None:
        check_refers(viewer)
        check_asker(viewer, command.asker, referral, case.holder)
        check_stage(command, referral.stage)
        command.guard_referral(referral)

    return possible(ANSWERS, check)


def check_asker(viewer: Viewer, asker: Asker, referral: Referral, holder: BodyId | None) -> None:
    match asker:
        case Asker.SENDER:
            if viewer.body not in {referral.sender, holder} or viewer.body in referral.receptions:
                raise NotYourBody(body=referral.sender)
        case Asker.RECEIVER:
            if viewer.body not in referral.receptions:
                raise NotOfferedToYou(body=viewer.body)
        case Asker.ACCEPTOR:
            if viewer.body != referral.accepted_by:
                raise NotYourBody(body=referral.accepted_by)
        case _:
            raise NotYourRight(role=viewer.role)


def sees_referral(viewer: Viewer, referral: Referral, sees_case: Callable[[], bool]) -> bool:
    """Its sender, its receivers, and whoever sees all of the case."""
    return is_side(viewer, referral) or sees_case()


def is_side(viewer: Viewer, referral: Referral) -> bool:
    return bool(viewer.scope.bodies & {referral.sender, *referral.receptions})
