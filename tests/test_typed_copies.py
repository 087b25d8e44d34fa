"""A copy of a state or of a value with a field that does not exist, or with a wrong type, fails `make check`."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from mypy import api

from domain.case.case import DisputeCase, Party
from domain.case.mediations import Mediator
from domain.case.opening.classification import AmountStated

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
from domain.case.case import DisputeCase, Status
from domain.case.opening.classification import AmountStated
from domain.referral.referral import Referral, ReferralStage

def copies(case: DisputeCase, stated: AmountStated, referral: Referral) -> None:
    case.but(status=Status.OPEN, bounces=1)
    case.but(statsu=Status.OPEN)  # wrong
    case.but(bounces="many")  # wrong
    case.but(status="open")  # wrong
    case.with_party(next(iter(case.parties)), rights_told=True)
    case.with_party(next(iter(case.parties)), moved_on=None)  # wrong
    case.with_mediation(1, on_platform=True)
    case.with_mediation(1, on_plattform=True)  # wrong
    case.entered(Status.OPEN, stated.model_fields_set)  # wrong
    referral.entered(ReferralStage.OFFERED, case.since or case.registered_at, outcom=None)  # wrong
    stated.but(amount=5)
    stated.but(amuont=5)  # wrong
    AmountStated.trusted(amount=5, people=1)
    AmountStated.trusted(amount="five", people=1)  # wrong
    AmountStated.trusted(people=1, sum=5)  # wrong
"""


def test_mypy_refuses_every_copy_that_names_no_field_or_another_type(tmp_path, monkeypatch):
    sample = tmp_path / "copies.py"
    sample.write_text(SAMPLE)
    monkeypatch.chdir(ROOT)

    told, _, _ = api.run(["--no-error-summary", "--hide-error-context", str(sample)])

    found = {int(line.split(":")[1]) for line in told.splitlines() if ": error:" in line}
    assert found == {number for number, line in enumerate(SAMPLE.splitlines(), 1) if "# wrong" in line}, told


@pytest.mark.parametrize(
    "copy",
    [
        lambda: DisputeCase.blank(uuid4()).with_fields({"statsu": 1}),
        lambda: DisputeCase(id=uuid4(), statsu=1),
        lambda: DisputeCase(),
        lambda: Mediator().with_fields({"accepted": frozenset()}),
        lambda: Party.__new__(Party).with_fields({"name": ""}),
        lambda: AmountStated(amount=1, people=1).with_fields({"amuont": 1}),
        lambda: AmountStated.trusted_with({"amount": 1, "people": 1, "amuont": 1}),
        lambda: AmountStated.trusted_with({}),
    ],
)
def test_a_copy_that_mypy_did_not_see_is_refused_when_it_is_made(copy):
    with pytest.raises(TypeError, match="no such field"):
        copy()
