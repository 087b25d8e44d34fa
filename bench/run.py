"""One run: the ground is made once, then rounds in which ours and its peers take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from bench import commands, legacy, library, loads, machine, peers, plain, replay, web
from bench.county import AMOUNT, Desk, Server, desk, server, settle
from bench.figures import Figures
from bench.sizes import Sizes
from domain.shared.values import CaseId

READ, GROWN, PLAIN, GROUND = "bench_read", "bench_grown", "bench_plain", "bench_ground"
"""The ledger that is read and stays as it is, its copy that grows with every round, the plain table, and a county
without disputes, into whose copies a file is imported."""
EACH = 4
"""Cases of one connection: so few that the new server knows all their histories after the warm-up."""
LEGACY = "legacy.ndjson"
LIBRARY, DCB, MESSAGE_DB, EMMETT = "bench_library", "bench_dcb", "bench_message_db", "bench_emmett"
FOLLOWED_WITHIN = 120.0

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    sizes: Sizes
    server: Server
    read: Desk
    grown: Desk
    cases: list[CaseId]
    short: CaseId
    long: CaseId
    row: int
    """Bytes that the peers insert: as many as a plain event of ours has."""
    pgbench: Path | None
    packages: Path | None
    """Where the peers are that npm has brought."""
    figures: Figures
    machine: dict[str, str]


def run(sizes: Sizes, folder: Path, tell: Tell) -> Bench:
    with ExitStack() as opened:
        bench = opened.enter_context(_prepared(sizes, folder, tell))
        for number in range(1, sizes.rounds + 1):
            for part in (_commands, _web, _loads, _replay, _legacy):
                tell(f"round {number}: {part.__name__[1:]}")
                part(bench)
        return bench


@contextmanager
def _prepared(sizes: Sizes, folder: Path, tell: Tell) -> Iterator[Bench]:
    with server(folder) as made, ExitStack() as opened:
        told = machine.described(made.url)
        tell("the county")
        made.create(READ)
        settle(made.settings(READ), disputes=sizes.demo)
        with desk(made.settings(READ)) as filled:
            short, long = filled.long_case(sizes.short), filled.long_case(sizes.long)
        made.create(GROWN, like=READ)
        plain.prepare(made.create(PLAIN))
        made.create(LIBRARY)
        made.create(DCB)
        packages = _peers(made, folder) if sizes.npm else None
        made.create(GROUND)
        settle(made.settings(GROUND), disputes=False)
        legacy.write(folder / LEGACY, legacy.villages(made, GROUND), sizes.legacy)
        read, grown = (opened.enter_context(desk(made.settings(name))) for name in (READ, GROWN))
        cases = grown.register(sizes.cases)
        commands.changes(grown, cases, AMOUNT, 1, sizes.seconds / 2)
        size = commands.stored_size(made.database(GROWN), cases[0])
        facts = {"row": size, "events": read.parts.ledger.head(), "short": sizes.short, "long": sizes.long}
        facts |= {"connections": sizes.connections, "each": EACH}
        figures = Figures(
            facts={
                **facts,
                "cases": sizes.cases,
                "rounds": sizes.rounds,
                "seconds": sizes.seconds,
                "legacy": sizes.legacy,
            }
        )
        found = plain.find_pgbench(made.programs)
        told["pgbench"] = plain.version(found) if found else "not found: the psycopg insert alone is the peer"
        yield Bench(sizes, made, read, grown, cases, short, long, size, found, packages, figures, told)


def _peers(made: Server, folder: Path) -> Path | None:
    """Where npm has put them, if it has."""
    for name in (MESSAGE_DB, EMMETT):
        made.create(name)
    if packages := peers.fetched(folder / "npm"):
        peers.prepare_message_db(made.database(MESSAGE_DB), packages)
    return packages


def _commands(bench: Bench) -> None:
    seconds, url = bench.sizes.seconds, bench.server.database(PLAIN)
    for clients in bench.sizes.clients:
        at_once = commands.in_turns(bench.grown, bench.cases, AMOUNT, clients, seconds)
        ours = commands.changes(bench.grown, bench.cases, AMOUNT, clients, seconds)
        bench.figures.add({f"turns.{clients}": at_once, f"change.{clients}": ours})
        _stores(bench, clients)
        if bench.pgbench:
            inserted = plain.pgbench(bench.pgbench, url, clients, seconds, bench.row, bench.server.state)
            bench.figures.add({f"pgbench.{clients}": inserted})
        bench.figures.add({f"threads.{clients}": plain.threads(url, clients, seconds, bench.row)})
    most = bench.sizes.clients[-1]
    noted = commands.changes(bench.grown, bench.cases, commands.NOTED, most, seconds)
    bench.figures.add({f"note.{most}": noted, f"open.{most}": commands.openings(bench.grown, most, seconds)})


def _stores(bench: Bench, clients: int) -> None:
    seconds, row, server = bench.sizes.seconds, bench.row, bench.server
    as_it_comes = peers.library(server.database(LIBRARY), clients, seconds, row)
    by_tags = library.dcb(server.database(DCB), clients, seconds, row)
    bench.figures.add({f"library.{clients}": as_it_comes, f"dcb.{clients}": by_tags})
    if bench.packages:
        message_db = peers.message_db(server.database(MESSAGE_DB), clients, seconds, row)
        emmett = peers.emmett(server.database(EMMETT), bench.packages, clients, seconds, row)
        bench.figures.add({f"message_db.{clients}": message_db, f"emmett.{clients}": emmett})


def _web(bench: Bench) -> None:
    sizes, cases = bench.sizes, bench.cases[: bench.sizes.connections * EACH]
    told = {"BENCH_SIZE": str(bench.row)}
    with web.running(bench.server, PLAIN, "bench.bare", **told) as bare:
        _answered(bench, "bare", web.bare(bare, "/answer", cases, sizes.connections, sizes.seconds))
        _answered(bench, "insert", web.bare(bare, "/insert/{id}", cases, sizes.connections, sizes.seconds))
        _answered(bench, "alone", web.bare(bare, "/answer", cases, 1, sizes.seconds / 2))
        _answered(bench, "lone_insert", web.bare(bare, "/insert/{id}", cases, 1, sizes.seconds / 2))
    with web.running(bench.server, GROWN, "api.cli.main", "serve") as site:
        ours = web.signed_in(site)
        _answered(bench, "http", web.commands(ours, bench.grown, cases, sizes.connections, sizes.seconds))
        _answered(bench, "single", web.commands(ours, bench.grown, cases, 1, sizes.seconds / 2))
        _pages(bench, ours)
        with web.process(bench.server, GROWN, "api.cli.main", "work"):
            _caught_up(bench)
            _answered(bench, "worker", web.commands(ours, bench.grown, cases, sizes.connections, sizes.seconds))
    with web.running(bench.server, GROWN, "api.cli.main", "serve", TIAOJIE_PROCESSES="2") as site:
        ours = web.signed_in(site)
        _answered(bench, "two", web.commands(ours, bench.grown, cases, sizes.connections, sizes.seconds))


def _answered(bench: Bench, name: str, answered: web.Answered) -> None:
    bench.figures.add({f"{name}.rate": answered.rate, f"{name}.p50": answered.p50, f"{name}.p95": answered.p95})


def _pages(bench: Bench, site: web.Site) -> None:
    """The first request makes the server's own code warm: it is for another case."""
    site.get(f"/api/cases/{bench.cases[0]}")
    for name, case in (("short", bench.short), ("long", bench.long)):
        bench.figures.add({f"page.{name}.first": site.get(f"/api/cases/{case}")})
        answered = web.page(site, case, bench.sizes.seconds / 2)
        bench.figures.add({f"page.{name}.p50": answered.p50, f"page.{name}.p95": answered.p95})


def _caught_up(bench: Bench) -> None:
    """The worker first reads what was recorded while there was none."""
    until = monotonic() + FOLLOWED_WITHIN
    while any(one.behind for one in bench.grown.parts.system.standing.status()):
        if monotonic() > until:
            raise TimeoutError("the worker does not catch up")
        sleep(0.1)


def _loads(bench: Bench) -> None:
    settings, url = bench.server.settings(READ), bench.server.database(READ)
    repeats = bench.sizes.repeats
    for name, case, times in (("short", bench.short, repeats), ("long", bench.long, max(2, repeats // 4))):
        measured = loads.measure(settings, url, case, times)
        bench.figures.add({f"load.{name}.{kind}": value for kind, value in measured.items()})


def _replay(bench: Bench) -> None:
    parts, url = bench.read.parts, bench.server.database(READ)
    ours = library.read_ours(url, bench.server.settings(READ))
    bench.figures.add({f"read.{kind}": value for kind, value in ours.items()})
    bench.figures.add({"read.library": library.read_library(bench.server.database(LIBRARY))})
    bench.figures.add({"read.dcb": library.read_dcb(bench.server.database(DCB))})
    bench.figures.add({f"replay.{kind}": value for kind, value in replay.replayed(parts).items()})
    bench.figures.add({"replay.plain": replay.read_plainly(url)})
    bench.figures.add({"rebuild": replay.rebuilt(parts), "rebuild.plain": replay.copied_plainly(url)})


def _legacy(bench: Bench) -> None:
    """Each round into a fresh copy: what is there already would only be looked up."""
    number = len(bench.figures.samples.get("legacy", ())) + 1
    bench.figures.add(legacy.measure(bench.server, GROUND, bench.server.state / LEGACY, number))
