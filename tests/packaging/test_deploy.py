"""What deploy/ says is what the program knows: settings, verbs, paths and sizes; what the SBOM lists is locked."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from api.cli.main import app
from api.limits import LARGEST_WITH_FILE
from api.settings import Settings
from tests.packaging.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if name in {"serve", "work"}}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}


def known_settings() -> set[str]:
    return {f"TIAOJIE_{name.upper()}" for name in Settings.model_fields} | {"DATABASE_URL"} | OF_UVICORN


def verbs() -> set[str]:
    return set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_of_compose_sets_what_there_is_and_runs_a_verb_that_there_is(name):
    assert set(OURS[name]["environment"]) <= known_settings()
    assert OURS[name]["command"][0] in verbs()
    assert OURS[name]["read_only"] is True
    assert [one for one in OURS[name]["volumes"] if one.endswith(":/var/lib/tiaojie")]


def test_nobody_outside_reaches_the_database_or_the_server_past_the_proxy():
    assert {name for name, one in COMPOSE["services"].items() if "ports" in one} == {"caddy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert COMPOSE["services"]["postgres"]["networks"] == ["inside"]


def test_the_file_of_secrets_has_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    told = {line.partition("=")[0] for line in (DEPLOY / ".env.example").read_text().splitlines() if "=" in line}

    assert asked == told


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.stem)
def test_a_unit_runs_a_verb_that_there_is_under_a_user_without_rights(unit):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(unit.read_text("utf-8"))
    service = read["Service"]

    assert service["ExecStart"].split()[-1] in verbs()
    assert service["Environment"].partition("=")[0] in known_settings()
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("tiaojie", "yes", "strict")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_reads_every_unit_without_a_word(processes, tmp_path):
    for one in (DEPLOY / "systemd").iterdir():
        text = one.read_text("utf-8").replace("/opt/tiaojie/bin/tiaojie", sys.executable)
        (tmp_path / one.name).write_text(text)
    files = sorted(str(one) for one in tmp_path.iterdir())

    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)

    said = [line for line in (done.stdout + done.stderr).splitlines() if "tiaojie" in line]
    assert said == []


@pytest.mark.parametrize("proxy", ["nginx/tiaojie.conf", "caddy/Caddyfile"])
def test_a_proxy_lets_through_what_the_service_takes_and_keeps_its_figures_inside(proxy):
    text = (DEPLOY / proxy).read_text("utf-8")
    (most,) = re.findall(r"(?:max_size|client_max_body_size) (\d+)m", text, re.IGNORECASE)

    assert int(most) * 1_000_000 >= LARGEST_WITH_FILE
    (inside,) = re.findall(r"\(\^\|/\)\S+", text)
    hidden = [one for root in ("", "/tiaojie") for one in (f"{root}/metrics", f"{root}/health/ready")]
    assert all(re.search(inside, one) for one in hidden)
    assert not any(re.search(inside, one) for one in ("/", "/cases", "/static/style.css", "/api/cases/1/write-note"))


def test_the_sbom_lists_what_is_locked_and_nothing_else(processes, tmp_path):
    lock = ROOT / "requirements" / "server.lock"
    locked = dict(re.findall(r"^([a-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE))
    command = [Path(sys.executable).with_name("cyclonedx-py"), "requirements", lock, "--output-reproducible"]
    made = tmp_path / "sbom.json"

    subprocess.run([*command, "--of", "JSON", "-o", made], check=True, capture_output=True)

    told = json.loads(made.read_text("utf-8"))
    assert told["bomFormat"] == "CycloneDX"
    assert {one["name"]: one["version"] for one in told["components"]} == locked
    assert len(locked) > 30
    for one in told["components"]:
        assert one["purl"].startswith("pkg:pypi/")
        assert any(ref.get("hashes") for ref in one["externalReferences"])


def test_who_brings_a_database_installs_no_other_one():
    assert "pixeltable" in (ROOT / "requirements" / "run.lock").read_text("utf-8")
    assert "pixeltable" not in (ROOT / "requirements" / "server.lock").read_text("utf-8")
