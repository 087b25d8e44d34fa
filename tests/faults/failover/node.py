"""One node: a member of etcd, Patroni, and the PostgreSQL that Patroni runs, all as a user without rights."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import RLock

import psutil

from infrastructure.postgres.place import find_place
from tests.faults.failover.settings import Passwords, Ports, name, of_etcd, of_patroni
from tests.patience import PATIENCE

AGAIN_AFTER = 1.0
"""Seconds until Patroni is started again where it died, as systemd does it (`Restart=always`, `RestartSec=1`)."""
VENV = Path(__file__).resolve().parents[3] / ".venv"
PACKAGES, PYTHON = VENV / "patroni" / "packages", VENV / "patroni" / "python"

INIT = """
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
subprocess.Popen(sys.argv[1:])
try:
    while os.wait():
        pass
except ChildProcessError:
    pass
"""
"""The server that Patroni starts is a child of nobody. Here it is a child of this process, which buries it: Patroni
waits for that, and not every machine has an init that does so. It ends when Patroni and PostgreSQL have."""


class Node:
    def __init__(self, number: int, folder: Path, all_ports: list[Ports], passwords: Passwords) -> None:
        self.name, self.ports = name(number), all_ports[number]
        self.place = find_place(folder / self.name, 18)
        self.place.make()
        self.place.password.write_text(passwords.owner)
        self._install()
        told = of_patroni(number, all_ports, self.place.root, self.place.programs, passwords)
        self.place.write_private(self.place.root / "patroni.yml", told)
        self._etcd_options = of_etcd(number, all_ports, self.place.root)
        self._etcd: subprocess.Popen[bytes] | None = None
        self._patroni: subprocess.Popen[bytes] | None = None
        self._off, self._hangs, self._died = True, False, 0.0
        self._one_at_a_time = RLock()

    def _install(self) -> None:
        """Beside the cluster: whoever runs it may not be able to enter the checkout."""
        packages = self.place.root / "packages"
        shutil.copytree(PACKAGES, packages)
        self.place.hand_over_all(packages)

    def switch_on(self) -> None:
        """Whatever had become of it. Where it hangs it is reset, as a watchdog does it."""
        with self._one_at_a_time:
            if self._hangs:
                self.switch_off()
            self._off = self._hangs = False
            self._keep()

    def keep(self) -> None:
        """What died is started again, but where the whole node is off."""
        with self._one_at_a_time:
            if not self._off:
                self._keep()

    def _keep(self) -> None:
        if self._etcd is None or self._etcd.poll() is not None:
            self._etcd = self._begun("etcd", str(shutil.which("etcd")), *self._etcd_options)
        if self._patroni is None:
            self._patroni = self._started_patroni()
        elif self._patroni.poll() is not None:
            self._died = self._died or time.monotonic()
            if time.monotonic() > self._died + AGAIN_AFTER:
                self._died, self._patroni = 0.0, self._started_patroni()

    def _started_patroni(self) -> subprocess.Popen[bytes]:
        python = str(PYTHON.resolve())
        patroni = (python, "-m", "patroni", str(self.place.root / "patroni.yml"))
        return self._begun("patroni", python, "-c", INIT, *patroni)

    def _begun(self, what: str, *command: str) -> subprocess.Popen[bytes]:
        dropped = self.place.drop()
        dropped["env"] |= {"PYTHONPATH": str(self.place.root / "packages"), "PYTHONDONTWRITEBYTECODE": "1"}
        with self.said(what).open("ab") as said:
            return subprocess.Popen(
                command, **dropped, cwd=self.place.root, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )

    def said(self, what: str) -> Path:
        return self.place.root / f"{what}.log"

    def kill(self) -> None:
        """Patroni and all of PostgreSQL die within the same moment. Patroni comes again after `AGAIN_AFTER`."""
        with self._one_at_a_time:
            assert self._patroni
            doomed = psutil.Process(self._patroni.pid).children(recursive=True)
            for deed in (psutil.Process.suspend, psutil.Process.kill):
                for one in doomed:
                    with suppress(psutil.NoSuchProcess):
                        deed(one)

    def hang(self) -> None:
        """It takes connections, and says nothing any more."""
        with self._one_at_a_time:
            assert self._etcd
            assert self._patroni
            self._hangs = True
            for one in [psutil.Process(self._etcd.pid), *psutil.Process(self._patroni.pid).children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    one.suspend()

    def switch_off(self) -> None:
        """As if somebody had pulled the plug: its member of etcd dies too, and nothing comes again."""
        with self._one_at_a_time:
            self._off = True
            if self._etcd:
                self._etcd.kill()
                self._etcd.wait(PATIENCE)
            if self._patroni:
                self.kill()
                self._patroni.wait(PATIENCE)
            self._etcd = self._patroni = None

    def remove(self) -> None:
        self.switch_off()
        self.place.remove()
