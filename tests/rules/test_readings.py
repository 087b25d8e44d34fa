"""Every clock was read against its article, and what the guards refuse stands in the code."""

import re

import domain
from api.reference.readings import CLOCKS as READ
from api.reference.readings import GUARDS
from application.rules import CLOCKS
from domain.case.lists import EVENTS
from domain.shared.errors import DomainError
from tests.test_labels import ours


def test_every_clock_was_read_and_no_reading_is_of_a_clock_that_there_is_not():
    assert set(READ) == set(CLOCKS)


def test_each_is_started_by_an_entry_that_there_is():
    known = {one.name.removeprefix("case.") for one in EVENTS}
    named = {word for one in READ.values() for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", one.begun_by)}

    assert named <= known


def test_a_guard_names_refusals_that_there_are():
    known = {one.__name__ for one in ours(DomainError, domain)}
    named = {word for one in GUARDS for word in re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", one.guard)}

    assert named <= known
