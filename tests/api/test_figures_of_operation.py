"""What /metrics tells of the service: counted by route and class, in rows that have an end, enough for every alert."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event

import psycopg
import yaml
from fastapi.routing import iter_route_contexts
from prometheus_client.parser import text_string_to_metric_families

from api.measured import templates
from api.processes import worker
from tests.api.conftest import County

ALERTS = Path(__file__).resolve().parents[2] / "deploy" / "prometheus" / "alerts.yml"


def samples(county: County) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    told = county.http.get("/metrics").text
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(told)
        for one in family.samples
    }


def requests(county: County, **labels: str) -> float:
    return samples(county).get(("tiaojie_http_requests_total", tuple(sorted(labels.items()))), 0.0)


def test_requests_are_counted_by_route_method_and_class(county: County, mediator):
    case = mediator.register()
    read = {"route": "/api/cases/{id}", "method": "GET", "status": "2xx"}
    decided = {"route": "/api/cases/{id}/accept-case", "method": "POST", "status": "4xx"}
    before = requests(county, **read), requests(county, **decided)

    mediator.get(f"/api/cases/{case.id}")
    mediator.get(f"/api/cases/{case.id}")
    mediator.post(f"/api/cases/{case.id}/accept-case")

    assert (requests(county, **read), requests(county, **decided)) == (before[0] + 2, before[1] + 1)
    assert samples(county)["tiaojie_http_requests_in_flight", ()] == 1.0, "the one that asks"
    seconds = ("tiaojie_http_request_duration_seconds_count", (("route", "/api/cases/{id}"),))
    assert samples(county)[seconds] >= 2


def test_no_address_that_somebody_makes_up_and_no_id_makes_another_row(county: County, mediator):
    case = mediator.register()
    for path in (f"/api/cases/{case.id}", "/api/made-up/1", "/made-up/2", "/static/made-up", "/api/cases/no-id"):
        mediator.get(path)
        county.http.request("BREW", path)
    known = set(templates(county.http.app.routes).values()) | {"none"}

    told = [dict(labels) for (name, labels) in samples(county) if name == "tiaojie_http_requests_total"]

    assert {one["route"] for one in told} <= known
    assert {one["method"] for one in told} <= {"GET", "HEAD", "POST", "OPTIONS", "other"}
    assert {one["status"] for one in told} <= {"2xx", "3xx", "4xx", "5xx", "none"}
    assert all(case.id not in str(one) for one in told)


def test_every_route_has_one_name_in_the_figures(county: County):
    paths = [one.path for one in iter_route_contexts(county.http.app.routes) if one.endpoint and one.path]

    assert set(paths) <= set(templates(county.http.app.routes).values())


def test_seals_erasures_room_pools_and_the_program_are_told(county: County, mediator):
    mediator.register()
    county.parts.proof.seal()
    sealed = samples(county)
    mediator.register()
    told = samples(county)

    head = float(county.events())
    assert sealed["tiaojie_sealed_position", ()] == sealed["tiaojie_feed_head", ()]
    assert sealed["tiaojie_seal_wait_seconds", ()] == 0.0
    assert told["tiaojie_sealed_position", ()] < head == told["tiaojie_feed_head", ()]
    assert told["tiaojie_erasures_waiting", ()] == 0.0
    assert told["tiaojie_vault_free_bytes", ()] > 0
    assert told["tiaojie_pool_most", (("pool", "readers"),)] >= 1
    assert told["tiaojie_pool_connections", (("pool", "ledger"), ("state", "idle"))] >= 0
    assert told["tiaojie_build_info", (("version", "0.1.0"),)] == 1.0


def test_what_is_not_sealed_tells_how_long_it_waits(county: County, mediator):
    mediator.register()
    with psycopg.connect(county.url) as connection:
        ((age,),) = connection.execute(
            "SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float FROM stored_events"
            " WHERE notification_id = (SELECT size + 1 FROM proof_head)"
        ).fetchall()

    assert samples(county)["tiaojie_seal_wait_seconds", ()] >= age


def test_a_part_of_the_worker_that_looks_in_vain_is_counted_and_goes_on(county: County, monkeypatch):
    stop, looks = Event(), iter([True] * 3)
    beats = county.parts.beats
    monkeypatch.setattr(worker, "SEAL", 0.01)
    monkeypatch.setattr("infrastructure.beats.EVERY", 0.0)

    def seal() -> int:
        if next(looks, False):
            raise psycopg.OperationalError("away")
        beats.beat("seals")
        stop.set()
        return 0

    worker.keep_sealing(seal, stop, beats)

    assert samples(county)["tiaojie_worker_failures_total", (("part", "seals"),)] == 3.0
    beats.beat("seals")
    assert samples(county)["tiaojie_worker_failures_total", (("part", "seals"),)] == 3.0, "each is told once"


def test_every_figure_that_an_alert_asks_for_is_told(county: County, mediator):
    """By its name and its labels: an alert on a figure that there is not is silent for ever."""
    mediator.register()
    county.parts.beats.beat("clocks")
    rules = [one for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for one in group["rules"]]
    told = samples(county)
    labels = {name: {label for (one, marks) in told if one == name for label, _ in marks} for name, _ in told}

    assert len(rules) >= 14
    for rule in rules:
        asked = re.findall(r"([a-z_]+)(?:\{([^}]*)\})?", re.sub(r"\[\w+\]|\"[^\"]*\"", "", rule["expr"]))
        names = [(name, marks) for name, marks in asked if name.startswith("tiaojie_")]
        assert names or rule["alert"] == "TiaojieDown", rule["alert"]
        for name, marks in names:
            assert name in labels, f"{rule['alert']}: there is no {name}"
            assert set(re.findall(r"(\w+)\s*!?=", marks)) <= labels[name], f"{rule['alert']}: {name}"
        assert rule["annotations"]["summary"].count(" / ") == 1, "in two languages"
