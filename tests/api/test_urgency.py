"""How urgent a dispute is, is asked of every mediator: it is shown, listed and filtered."""

from __future__ import annotations


def test_an_urgent_dispute_is_found_and_shown_as_urgent(county):
    mediator = county.as_("li.ming")
    urgent, ordinary = mediator.register(urgency="urgent"), mediator.register()
    county.parts.projector.catch_up()

    listed = {one["id"]: one["urgency"] for one in mediator.get("/api/cases", urgency="urgent").json()["cases"]}

    assert listed.get(urgent.id) == "urgent"
    assert ordinary.id not in listed
    assert mediator.get(f"/api/cases/{urgent.id}").json()["urgency"] == "urgent"
    assert mediator.get("/api/cases", urgency="soon").status_code == 422
