"""A county as it runs: registers imported by the command line, a server and a worker, a client that signs in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT / os.environ.get("REAL_DATA", "../shared/data")


class Service:
    """`tiaojie serve` and `tiaojie work` on a database of their own."""

    def __init__(self, url: str, state: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._clients: list[httpx2.Client] = []
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "TIAOJIE_STATE": str(state),
            "TIAOJIE_PORT": str(self.port),
        }

    def tiaojie(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api.cli.main", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done

    @contextmanager
    def running(self) -> Iterator[None]:
        started = [
            subprocess.Popen([sys.executable, "-m", "api.cli.main", verb], env=self.environment, cwd=ROOT)
            for verb in ("serve", "work")
        ]
        try:
            self._wait()
            yield
        finally:
            for client in self._clients:
                client.close()
            for process in started:
                process.terminate()
            for process in started:
                process.wait(PATIENCE)

    def _wait(self) -> None:
        for _ in range(round(PATIENCE / 0.1)):
            try:
                if httpx2.get(f"{self.address}/health/ready", verify=False).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def sign_in(self, login: str, password: str) -> Client:
        client = httpx2.Client(base_url=self.address, timeout=PATIENCE, verify=False)
        self._clients.append(client)
        told = client.post("/api/session", json={"login": login, "password": password})
        assert told.status_code == 200, told.text
        client.headers["Authorization"] = f"Bearer {told.json()['token']}"
        return Client(client)


class Client:
    """One officer at their desk: every command carries a key, and the version that was seen."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.position = 0

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params={name: value for name, value in query.items() if value is not None})
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def search(self, **wanted: Any) -> list[dict[str, Any]]:
        answer = self.http.post("/api/cases/search", json={**wanted, "limit": 200})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["cases"])

    def open(self, **content: Any) -> tuple[str, int]:
        answer = self._post("/api/cases/register-case", content, {})
        return answer.json()["id"], answer.json()["version"]

    def act(self, case: str, version: int, command: str, **content: Any) -> int:
        """The version after it."""
        answer = self._post(f"/api/cases/{case}/{command}", content, {"If-Match": f'"{version}"'})
        return int(answer.json()["version"])

    def _post(self, path: str, content: Any, headers: dict[str, str]) -> httpx2.Response:
        answer = self.http.post(path, json=content, headers={"Idempotency-Key": uuid4().hex, **headers})
        assert answer.status_code in (200, 201), (path, content, answer.status_code, answer.text)
        self.position = int(answer.headers["X-Position"])
        return answer


@pytest.fixture(scope="module")
def service(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(make_database(), tmp_path_factory.mktemp("state"))


def passwords(sheet: Path) -> dict[str, str]:
    lines = sheet.read_text(encoding="utf-8").splitlines()[1:]
    return dict(re.fullmatch(r"([^,]+),(.+)", line).groups() for line in lines)  # type: ignore[union-attr,misc]
