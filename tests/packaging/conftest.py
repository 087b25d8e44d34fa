"""The wheel, built with what is locked and installed where no checkout is."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installed:
    folder: Path
    packages: Path

    def tool(self, name: str) -> Path:
        return self.folder / "bin" / name


@pytest.fixture(scope="session")
def wheel(processes: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From a copy of what git knows: what lies about in a checkout is in no wheel."""
    source, into = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    known = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, known.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    done = subprocess.run([*pip, "--wheel-dir", into, source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = into.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Installed]:
    """What it needs comes from here, by a path that does not lead to this checkout; nothing is fetched."""

    def made(without: str | None = None) -> Installed:
        folder = tmp_path_factory.mktemp("elsewhere") / "venv"
        venv.create(folder, with_pip=False)
        packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
        pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--no-index", wheel], check=True, capture_output=True)
        (packages / "needed.pth").write_text(str(needed(folder.parent, without)))
        return Installed(folder, packages)

    return made


def needed(folder: Path, without: str | None) -> Path:
    """All that is installed here, but for one package."""
    here = Path(sysconfig.get_path("purelib"))
    if without is None:
        return here
    apart = folder / "needed"
    apart.mkdir()
    for one in here.iterdir():
        if not one.name.startswith(without):
            (apart / one.name).symlink_to(one)
    return apart
