"""Every refusal of a case is provoked somewhere in its tests."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import domain.case
from domain.shared.errors import DomainError

for module in pkgutil.walk_packages(domain.case.__path__, "domain.case."):
    importlib.import_module(module.name)


def below(kind):
    return {kind, *(one for child in kind.__subclasses__() for one in below(child))}


REFUSALS = sorted(one.__name__ for one in below(DomainError) if one.__module__.startswith("domain.case."))
FOLDERS = (Path(__file__).parent, Path(__file__).parents[1] / "privacy")
TOLD = "\n".join(path.read_text("utf-8") for folder in FOLDERS for path in folder.glob("test_*.py"))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_is_provoked_by_a_test(refusal):
    ways = (f"raises({refusal})", f"{refusal})", f'match="{refusal}"')

    assert any(way in TOLD for way in ways)
