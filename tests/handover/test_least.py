"""The matrix of rights asks every command: what it says fits the command, and so a right answers it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from api.labels.names import kebab
from application.escalation.rights import BEGINNING, STEPS
from application.referral.rights import ANSWERS
from domain.case.commands import MediationCommand
from domain.case.lists import COMMANDS
from domain.shared.decider import Command
from domain.shared.values import AS_TOLD
from tests.handover.matrix.addresses import around, contents
from tests.handover.matrix.least import least

ALL = {*COMMANDS, *ANSWERS, *STEPS, *BEGINNING}
ASKED = sorted((one for one in ALL if one not in COMMANDS or one.for_officers()), key=lambda one: one.__name__)


@pytest.mark.parametrize("command", ASKED, ids=lambda one: one.__name__)
def test_the_least_that_a_command_says_fits_it(command: type[Command[Any]]) -> None:
    case, first, second = (str(uuid4()) for _ in range(3))
    said = least(command, contents(case, first, second).get(kebab(command), {}), around(case, second))
    of_a_mediation = {"mediation": 1} if issubclass(command, MediationCommand) else {}

    assert command.model_validate_json(json.dumps(of_a_mediation | said), context=AS_TOLD)
