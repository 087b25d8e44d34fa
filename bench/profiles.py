"""`python -m bench --profile`: what bounds the figures, each in one process that is sampled while it works."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg
import uvicorn

from api.main import create_app
from api.wiring import wired, workshop
from bench import commands, legacy, web
from bench.county import AMOUNT, Desk, Server, desk, server, settle
from bench.sampling import Sampled, sampling
from infrastructure.projection import parking

GROUND, DEMO, TAKEN = "profile_ground", "profile_demo", "profile_taken"
SECONDS, AT_ONCE, CONNECTIONS, CASES, ROWS = 5.0, 64, 16, 300, 4_000
LAST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True)
class Profile:
    title: str
    unit: str
    count: float
    sampled: Sampled

    @property
    def each(self) -> float:
        """Microseconds on a processor."""
        return self.sampled.spent / self.count * 1e6


def run(folder: Path, tell: Callable[[str], None]) -> Iterator[Profile]:
    with server(folder) as made:
        for name, disputes in ((DEMO, True), (GROUND, False)):
            tell(f"the county, {name}")
            made.create(name)
            settle(made.settings(name), disputes=disputes)
        made.create(TAKEN, like=GROUND)
        for part in (_commands, _over_http, _rebuild, _import):
            tell(part.__name__[1:])
            yield part(made)


def _commands(made: Server) -> Profile:
    with desk(made.settings(GROUND)) as worked:
        cases = worked.register(CASES)
        commands.in_turns(worked, cases, AMOUNT, AT_ONCE, 1.0)
        with sampling() as sampled:
            began = time.perf_counter()
            rate = commands.in_turns(worked, cases, AMOUNT, AT_ONCE, SECONDS)
            count = rate * (time.perf_counter() - began)
    return Profile(f"Commands, {AT_ONCE} at once", "command", count, sampled)


def _over_http(made: Server) -> Profile:
    with desk(made.settings(GROUND)) as worked:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        app = create_app(worked.parts.system, made.settings(GROUND))
        serving = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
        answered: list[web.Answered] = []
        asking = threading.Thread(target=_ask, args=(serving, worked, port, answered))
        asking.start()
        with sampling() as sampled:
            serving.run()
        asking.join()
    return Profile(f"Commands over HTTP, {CONNECTIONS} connections", "command", answered[0].rate * SECONDS, sampled)


def _ask(serving: uvicorn.Server, worked: Desk, port: int, answered: list[web.Answered]) -> None:
    while not serving.started:
        time.sleep(0.05)
    site = web.signed_in(web.Site(port))
    answered.append(web.commands(site, worked, worked.register(CONNECTIONS * 4), CONNECTIONS, SECONDS))
    serving.should_exit = True


def _rebuild(made: Server) -> Profile:
    """Into tables that are never committed."""
    settings, url, count = made.settings(DEMO), made.database(DEMO), 0
    with workshop(settings, url) as bench, psycopg.connect(url) as into, into.cursor() as cursor:
        cursor.execute("CREATE SCHEMA profiled; SET search_path TO profiled, public")
        models = [one for one in bench.read_models if one.by_stream]
        for one in models:
            cursor.execute(one.schema.encode())
        contexts = [name for one in models for name in one.contexts]
        with sampling() as sampled:
            for page in bench.streams.whole(contexts, UUID(int=0), LAST, 1 << 60):
                for one in models:
                    parking.apply(one, page, cursor)
                count += len(page)
        into.rollback()
    return Profile("Rebuild of the read models, in one process", "event", count, sampled)


def _import(made: Server) -> Profile:
    """Without a desk of its own: reading, checking, encoding and appending in this process."""
    file = made.state / "profile.ndjson"
    legacy.write(file, legacy.villages(made, TAKEN), ROWS)
    with wired(made.settings(TAKEN), made.database(TAKEN)) as parts:
        run = replace(legacy.running(parts, file), desks=0)
        with sampling() as sampled:
            tally = parts.legacy.run(run, lambda one: None, lambda done, of: None)
    return Profile("Import of legacy cases, in one process", "event", tally.events, sampled)
