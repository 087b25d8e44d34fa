"""尚缺 Lacking: who or what an agreement that was reached still waits for, before it takes effect."""

from __future__ import annotations

from typing import Any

from domain.case.case import DisputeCase
from domain.case.kinds import Mandate
from domain.case.laws import CONTENT
from domain.case.mediations import Mediation
from domain.shared.errors import Conflict

COURT_DOCUMENT, MEDIATOR, SEAL = SIGNS = ("court_document", "mediator", "seal")
"""What an agreement may wait for, beside the signatures of the parties."""


class SignaturesMissing(Conflict):
    """An agreement was reached that is not signed by all whose signature gives it effect (人民调解法 29)."""


def signatures_missing(case: DisputeCase, mediation: Mediation) -> SignaturesMissing:
    """Of an agreement that was reached."""
    return SignaturesMissing(mediation=mediation.number, **_unsigned(case, mediation), basis=str(CONTENT))


COURT_DOCUMENT, MEDIATOR, SEAL = SIGNS = ("court_document", "mediator", "seal")
"""What an agreement may wait for, beside the signatures of the parties."""


def _unsigned(case: DisputeCase, mediation: Mediation) -> dict[str, Any]:
    """Whose signature it waits for, and whether for the mediator's, the seal or the court's document."""
    agreement = mediation.reached
    if mediation.mandate is Mandate.ENTRUSTED:
        return {COURT_DOCUMENT: True}
    missing: dict[str, Any] = {"parties": sorted(case.present_parties - set(agreement.signed))}
    if mediation.mandate is Mandate.DELEGATED or mediation.on_platform:
        return missing
    return missing | {MEDIATOR: not agreement.mediator_signed_at, SEAL: not agreement.sealed_at}
