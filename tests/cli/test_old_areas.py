"""tiaojie import cases, where areas have changed since: an old case stays the same, and somebody holds it today."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.cli.test_import_cases import Office, line

TOWN, VILLAGE, OTHER, NEXT = "990101101", "990101101201", "990101101202", "990101101999"
HOLDER = """
    SELECT body.code FROM body
    JOIN stored_events e ON body.id::text = convert_from(e.state, 'UTF8')::json #>> '{event,holder}'
    WHERE e.topic = 'case.registered' AND convert_from(e.state, 'UTF8')::json #>> '{event,foreign_number}' = %s"""


@pytest.fixture
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(make_database(), tmp_path_factory.mktemp("state"))


def changed(office: Office, *arguments: str) -> None:
    code, output = office.run("area", *arguments)
    assert code == 0, output


def outcomes(office: Office, content: str) -> list[str]:
    return [row[2] for row in office.take(content)[0]]


def held_by(office: Office, number: str) -> str:
    with psycopg.connect(office.url) as connection:
        return str(connection.execute(HOLDER, [number]).fetchall()[0][0])


def test_a_case_is_the_same_under_the_old_code_of_its_area_and_under_the_new_one(office):
    assert outcomes(office, line("same", area=VILLAGE)) == ["imported"]
    changed(office, "recode", VILLAGE, NEXT, "--from", "2024-01-01")
    head = office.head()

    assert outcomes(office, line("same", area=NEXT) + line("same", area=VILLAGE)) == ["already-there"] * 2
    assert outcomes(office, line("same", area=NEXT, facts="别的事")) == ["conflict"]
    assert office.head() == head
    assert outcomes(office, line("later", area=NEXT) + line("later", area=VILLAGE)) == ["imported", "already-there"]
    changed(office, "recode", NEXT, "990101101998", "--from", "2025-01-01")
    assert outcomes(office, line("later", area="990101101998")) == ["already-there"]


def test_a_case_that_was_imported_under_a_later_code_is_found_under_each_of_them(office):
    changed(office, "recode", VILLAGE, NEXT, "--from", "2024-01-01")

    assert outcomes(office, line("late", area=NEXT)) == ["imported"]
    assert outcomes(office, line("late", area=VILLAGE) + line("late", area=NEXT)) == ["already-there"] * 2


def test_an_old_case_lies_where_it_happened_and_is_held_by_what_goes_on(office):
    changed(office, "merge", VILLAGE, "--into", OTHER, "--from", "2024-01-01")

    assert outcomes(office, line("merged", area=VILLAGE)) == ["imported"]
    assert held_by(office, "merged") == "SQ", "the village that goes on has a committee of its own"
    office.sound()


def test_a_committee_that_stands_sits_in_what_its_village_went_into(office):
    changed(office, "dissolve-body", "SQ", "--from", "2024-01-01")
    changed(office, "merge", VILLAGE, "--into", OTHER, "--from", "2024-01-01")

    assert outcomes(office, line("sits", area=OTHER)) == ["imported"]
    assert held_by(office, "sits") == "LW"


def test_without_a_body_of_its_own_what_goes_on_is_held_by_the_level_above(office):
    for body in ("LW", "SQ"):
        changed(office, "dissolve-body", body, "--from", "2024-01-01")
    changed(office, "merge", VILLAGE, "--into", OTHER, "--from", "2024-01-01")

    assert outcomes(office, line("above", area=VILLAGE)) == ["imported"]
    assert held_by(office, "above") == "HK"


@pytest.mark.parametrize("how", ["abolish", "split"])
def test_an_area_that_ended_without_one_that_goes_on_is_held_above(office, how):
    changed(office, "dissolve-body", "LW", "--from", "2024-01-01")
    parts = ("--into", OTHER, "--into", "990101102201") if how == "split" else ()
    changed(office, "abolish", f"{VILLAGE}001", "--from", "2024-01-01")
    changed(office, how, VILLAGE, *parts, "--from", "2024-01-01")

    assert outcomes(office, line("ended", area=VILLAGE)) == ["imported"]
    assert held_by(office, "ended") == "HK"


def test_a_code_means_the_area_that_had_it_on_the_day_of_the_registration(office):
    """Once it was that of a village, and now it is that of another one."""
    changed(office, "recode", VILLAGE, NEXT, "--from", "2022-01-01")
    changed(office, "recode", OTHER, VILLAGE, "--from", "2022-01-01")
    then, now = {"step": "registered", "at": "2021-03-01"}, {"step": "registered", "at": "2023-03-01"}

    assert outcomes(office, line("then", then, area=VILLAGE) + line("now", now, area=VILLAGE)) == ["imported"] * 2
    with psycopg.connect(office.url) as connection:
        places = connection.execute(
            "SELECT DISTINCT convert_from(state, 'UTF8')::json #>> '{event,place}' FROM stored_events"
            " WHERE topic = 'case.registered'"
        ).fetchall()
    assert len(places) == 2
