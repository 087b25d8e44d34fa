"""POST /api/areas/…, /api/bodies/…: administrators alone change the registers, from a day on."""

from __future__ import annotations

import pytest


def asked(desk, path, **content):
    return desk.post(path, **content)


@pytest.mark.parametrize("login", ["li.ming", "leader", "auditor"])
def test_only_an_administrator_changes_areas(county, login):
    area = county.area("990101101202")

    told = asked(county.as_(login), f"/api/areas/{area}/rename-area", in_force_from="2026-03-01", area_name="石桥社区")

    assert told.status_code == 403


def test_an_administrator_founds_splits_and_ends_areas(county):
    admin, day = county.as_("admin"), "2026-03-01"
    town = str(county.area("990101102"))
    made = [
        asked(
            admin, "/api/areas/found-area", in_force_from=day, code=code, area_name=name, level="village", parent=town
        )
        for code, name in (("990101102301", "东村"), ("990101102302", "西村"))
    ]
    assert [one.status_code for one in made] == [201, 201]
    old = county.area("990101102201")

    split = asked(admin, f"/api/areas/{old}/split-area", in_force_from=day, into=[one.json()["id"] for one in made])
    again = asked(admin, f"/api/areas/{old}/abolish-area", in_force_from=day)

    assert split.status_code == 200, split.text
    assert again.status_code == 409
    county.parts.projector.catch_up()
    names = [one["name"] for one in admin.get("/api/areas", parent=town).json()["areas"]]
    assert {"东村", "西村"} <= set(names)


def test_a_body_is_dissolved_once(county):
    admin = county.as_("admin")
    (body,) = [one for one in admin.get(f"/api/areas/{county.area('990101101202')}/bodies").json()["bodies"]]

    first = asked(admin, f"/api/bodies/{body['id']}/dissolve-body")
    second = asked(admin, f"/api/bodies/{body['id']}/dissolve-body")

    assert (first.status_code, second.status_code) == (200, 409), first.text
