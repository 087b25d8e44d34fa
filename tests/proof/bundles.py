"""Bundles as others hold them: exported, spoilt, and verified without us."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

from domain.proof.notes import joined
from infrastructure.proof.bundle_check import verify_file
from tests.patience import PATIENCE

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify.py"


def stand_alone() -> ModuleType:
    """docs/verify.py as a module: it is part of no package."""
    spec = importlib.util.spec_from_file_location("stand_alone_verify", SCRIPT)
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def by_script(file: Path, key: str, checkpoints: Path | None = None) -> tuple[int, str]:
    """In a process of its own, which sees nothing of this project."""
    more = ["--checkpoints", str(checkpoints)] if checkpoints else []
    command = [sys.executable, "-I", str(SCRIPT), str(file), "--key", key, *more]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=PATIENCE)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


@dataclass
class Bundle:
    """What is in a bundle of a whole ledger, to be changed and written again."""

    about: dict[str, Any]
    checkpoints: str
    entries: list[bytes]
    rest: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Bundle:
        with ZipFile(file) as bundle:
            told = {name: bundle.read(name) for name in bundle.namelist()}
        raw, entries = told.pop("entries"), list[bytes]()
        while raw:
            length = int.from_bytes(raw[:4])
            entries.append(raw[4 : 4 + length])
            raw = raw[4 + length :]
        return cls(json.loads(told.pop("bundle.json")), told.pop("checkpoints").decode(), entries, told)

    def write(self, file: Path) -> Path:
        with ZipFile(file, "w") as bundle:
            bundle.writestr("bundle.json", json.dumps(self.about))
            bundle.writestr("checkpoints", self.checkpoints)
            bundle.writestr("entries", b"".join(len(one).to_bytes(4) + one for one in self.entries))
            for name, content in self.rest.items():
                bundle.writestr(name, content)
        return file


def both_find(file: Path, vkey: str, key: Any, kept: list[str]) -> tuple[bool, bool]:
    """Whether the script and `tiaojie verify --bundle` find something wrong."""
    own = None
    if kept:
        own = file.with_suffix(".kept")
        own.write_text(joined(kept))
    return by_script(file, vkey, own)[0] == 1, verify_file(file, key, kept, None).outcome == 1


Change = Callable[[Bundle], None]
