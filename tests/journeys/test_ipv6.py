"""`tiaojie serve` on an address of IPv6: a browser signs in there, with one process and with several."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress

import httpx2
import pytest

from api.processes.listening import address, listener
from tests.journeys.conftest import ROOT
from tests.patience import PATIENCE


@pytest.mark.parametrize(("host", "how_many"), [("::1", "1"), ("::", "2")])
def test_a_browser_signs_in_at_an_ipv6_address(postgres_url, tmp_path, host, how_many):
    with listener(host, 0) as free:
        port = free.getsockname()[1]
    told = {"DATABASE_URL": postgres_url, "TIAOJIE_STATE": str(tmp_path.parent / "state"), "TIAOJIE_HOST": host}
    told |= {"TIAOJIE_PORT": str(port), "TIAOJIE_PROCESSES": how_many}
    command = [sys.executable, "-P", "-m", "api.cli.main", "serve"]
    serving = subprocess.Popen(command, env={**os.environ, **told}, cwd=ROOT)
    try:
        at = address(host, port).rstrip("/")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{at}/health/live", verify=False).status_code == 200:
                    break
            time.sleep(0.1)
        own, foreign = {"Origin": at, "Accept": "text/html"}, {"Origin": "http://[::2]:1", "Accept": "text/html"}
        sent = {"login": "nobody", "password": "wrong password"}

        assert httpx2.post(f"{at}/login", data=sent, headers=own).status_code == 401
        assert httpx2.post(f"{at}/login", data=sent, headers=foreign).status_code == 403
    finally:
        serving.terminate()
        serving.wait(PATIENCE)
