"""Whatever any desk asks, in any order, while days pass and processes die: one truth about each case."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.effort import times
from tests.handover.offices_at_work import DesksAtWork


def test_whatever_is_asked_a_case_has_one_holder_one_mediation_and_no_offer_without_an_end(county):
    DesksAtWork.county = county
    DesksAtWork.done.clear()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    slow = {"deadline": None, "suppress_health_check": checks}

    run_state_machine_as_test(
        DesksAtWork,
        settings=settings(max_examples=times(test=15, soak=80), stateful_step_count=30, derandomize=True, **slow),
    )

    wanted = {
        *("AcceptCase", "EndMediation", "offer transfer", "offer invite", "fired", "Mishap"),
        *("AcknowledgeReferral", "AcceptReferral", "RejectReferral", "WithdrawReferral", "RerouteReferral"),
        *("ReturnReferral", "RequestEscalation", "AcceptEscalation", "SendBackEscalation", "ReturnDown"),
        *("CallUpCase", "AssignCaseDown"),
    }
    assert len(wanted & DesksAtWork.done.keys()) >= len(wanted) * times(test=3, soak=4) // 4, DesksAtWork.done
