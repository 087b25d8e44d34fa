"""Copies of the folder of files, for a backup and back: ciphertext, whose keys are copied with the others."""

from __future__ import annotations

import shutil
from pathlib import Path

FILES = "files"
"""Its name in the state folder, and in a backup."""


def copy_files(state: Path, folder: Path) -> None:
    """After the database and the keys: what an event names was there before it."""
    _copy(state / FILES, folder / FILES)


def files_put_back(state: Path, folder: Path) -> None:
    """Those that are not there; what was erased since the copy opens no more."""
    _copy(folder / FILES, state / FILES)


def remove_files(state: Path) -> None:
    shutil.rmtree(state / FILES, ignore_errors=True)


def _copy(known: Path, to: Path) -> None:
    for file in known.glob("*/*"):
        copy = to / file.parent.name / file.name
        if file.name.startswith(".") or copy.exists():
            continue
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = copy.with_name(f".{file.name}")
        try:
            shutil.copyfile(file, beside)
        except FileNotFoundError:  # it was swept meanwhile
            continue
        beside.chmod(0o600)
        beside.replace(copy)
