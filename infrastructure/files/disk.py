"""A folder of files: written beside, made durable, then moved to their name, so that a name is whole or absent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from application.files import FilesAway


class Disk:
    """`infrastructure.files.sealed.FilePlace`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        try:
            self._put(self._file(name), content)
        except OSError:
            raise FilesAway from None

    def _put(self, file: Path, content: bytes) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = file.with_name(f".{uuid4().hex}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                to.write(content)
                to.flush()
                os.fsync(to.fileno())
            beside.replace(file)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        for folder in (file.parent, self._folder, self._folder.parent):
            _make_durable(folder)

    def get(self, name: str) -> bytes | None:
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise FilesAway from None

    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    def names(self, before: datetime) -> Iterator[str]:
        """What broke off while it was written is swept here."""
        for file in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):  # somebody else swept it
                if datetime.fromtimestamp(file.stat().st_mtime, UTC) >= before:
                    continue
                if file.name.startswith("."):
                    file.unlink()
                else:
                    yield file.name

    def _file(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _make_durable(folder: Path) -> None:
    """That a name stands in it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
