"""What the judge and the state say of the same case, side by side."""

from __future__ import annotations

from typing import Any

from domain.case.case import DisputeCase
from domain.case.clocks import running
from tests.oracle.account import Account


def known(account: Account) -> dict[str, Any]:
    return {
        "status": (account.status, account.since, account.result),
        "resolved": account.resolved_at,
        "present": account.present,
        "refusals": account.refusals,
        "disclosed": account.disclosed,
        "papers": account.papers,
        "difficulty": account.difficulty,
        "held": (account.holder, account.level or None, account.highest or None, account.bounces),
        "moving": (account.offers, account.handed, account.escalations),
        "matters": [(one.organ, one.settled, one.over) for one in account.matters.values()],
        "clocks": {name: (one.day, one.provisional) for name, one in account.clocks().items()},
        "talks": {number: _known_of(one) for number, one in account.talks.items()},
    }


def _known_of(talks: Any) -> Any:
    accepted = {id: set(by) for id, by in talks.mediators.items()}
    told = (talks.stage, talks.since, talks.conclude_by, set(talks.consents), accepted, talks.sessions, talks.ground)
    deal = talks.deal
    if deal is None:
        return told, None
    promises = {number: (one.paid, one.done_at, one.breached) for number, one in deal.promises.items()}
    signed = (deal.signed, deal.mediator_signed, deal.sealed, deal.document)
    return told, (deal.form, deal.extent, promises, signed, deal.court, talks.last_day_for_the_court())


def stated(case: DisputeCase) -> dict[str, Any]:
    return {
        "status": (case.status, case.since, case.result or ""),
        "resolved": case.resolved_at,
        "present": set(case.present_parties),
        "refusals": set(case.refusals),
        "disclosed": set(case.disclosures),
        "papers": set(case.papers),
        "difficulty": case.difficulty or "",
        "held": (case.holder, case.level, case.highest, case.bounces),
        "moving": (dict(case.offers), set(case.handed), dict(case.escalations)),
        "matters": [(one.organ, one.settled, one.over) for one in case.proceedings],
        "clocks": {str(name): (due.day, due.provisional) for name, due in running(case).items()},
        "talks": {number: _stated_of(one) for number, one in case.mediations.items()},
    }


def _stated_of(mediation: Any) -> Any:
    accepted = {id: set(one.accepted_by) for id, one in mediation.mediators.items()}
    told = (mediation.stage, mediation.since, mediation.conclude_by, set(mediation.consents), accepted)
    rest = (dict(mediation.sessions), mediation.ground or "")
    deal = mediation.agreement
    if deal is None:
        return (*told, *rest), None
    promises = {number: (one.paid, one.done_at, one.breached) for number, one in deal.obligations.items()}
    signed = (dict(deal.signed), deal.mediator_signed_at, deal.sealed_at, deal.court_document_at)
    return (*told, *rest), (deal.form, deal.extent, promises, signed, deal.confirmation or "", deal.confirm_by)
