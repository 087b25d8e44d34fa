"""A case that a read model could not take in: its own page is up to date and says so, everybody else's go on."""

from __future__ import annotations

import re

from tests.api.conftest import County


def test_a_parked_case_says_so_and_the_figures_of_the_operator_count_it(county, mediator):
    case, other = mediator.register(), mediator.register()
    county.parts.projector.catch_up()
    assert mediator.get(f"/api/cases/{case.id}").json()["parked"] is False
    tables = next(one for one in county.parts.projector._read_models if one.name == "case")
    apply, fails = tables.apply, iter([True] * 30)

    def failing(page, to):
        if any(str(entry.stream) == str(case.id) for entry in page) and next(fails, False):
            raise KeyError("facts")
        apply(page, to)

    tables.apply = failing
    case.act("accept-case")
    other.act("accept-case")
    county.parts.projector.catch_up()

    assert mediator.get(f"/api/cases/{case.id}").json()["parked"] is True
    assert mediator.get(f"/api/cases/{case.id}").json()["state"]["status"] == "open"
    assert mediator.get(f"/api/cases/{other.id}").json()["parked"] is False
    assert listed(mediator)[str(case.id)] == "registered"
    assert listed(mediator)[str(other.id)] == "open"
    text = county.http.get("/metrics").text
    assert 'tiaojie_parked{projection="case"} 1.0' in text
    assert 'tiaojie_projection_gap_events{projection="case"} 0.0' in text
    tables.apply = apply
    assert county.parts.projector.retry() == (1, 0)
    assert listed(mediator)[str(case.id)] == "open"


def listed(mediator) -> dict[str, str]:
    return {card["id"]: card["status"] for card in mediator.get("/api/cases").json()["cases"]}


def test_the_operator_reads_how_recording_goes(county: County, mediator):
    mediator.register()

    text = county.http.get("/metrics").text

    for name in (
        *("tiaojie_append_duration_seconds_count", "tiaojie_batch_size_count", "tiaojie_conflicts_total"),
        *("tiaojie_unknown_outcomes_total", "tiaojie_oldest_parked_seconds", "tiaojie_deadlines_overdue"),
        *('tiaojie_projection_gap_seconds{projection="case"}', "tiaojie_feed_head"),
    ):
        assert re.search(rf"^{re.escape(name)} [\d.]+", text, re.MULTILINE), name
    assert f"tiaojie_feed_head {float(county.parts.ledger.head())}" in text
