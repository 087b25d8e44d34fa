"""What is reported: each figure with its unit, its peer, and a sentence on what it measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.figures import Figures

PEERS = (
    ("plain eventsourcing", "library"),
    ("its DCB recorder", "dcb"),
    ("message-db", "message_db"),
    ("emmett", "emmett"),
    ("pgbench insert", "pgbench"),
)


@dataclass(frozen=True)
class Line:
    title: str
    unit: str
    key: str
    peer_title: str
    peer: str


@dataclass(frozen=True)
class Section:
    title: str
    what: str
    lines: tuple[Line, ...]


def sections(figures: Figures) -> tuple[Section, ...]:
    return (
        Section("Commands through the application", _commands_are(figures), tuple(_commands(figures))),
        Section("Commands over HTTP", _web_is(figures), tuple(_web(figures))),
        Section("Loading a case", _loads_are(figures), tuple(_loads(figures))),
        Section("Read with the eventsourcing library", _library_is(), tuple(_library())),
        Section("The whole ledger again", _replay_is(figures), tuple(_replay())),
        Section("Import of legacy cases", _legacy_is(figures), tuple(_legacy())),
    )


def clients(figures: Figures) -> list[int]:
    return sorted(int(key.split(".")[1]) for key in figures.samples if key.startswith("change."))


def _commands_are(figures: Figures) -> str:
    fact = figures.facts
    return (
        f"`Cases.change` on {fact['cases']:.0f} cases that were registered before, each time with the version that is"
        " expected: load, check rights, decide, append, commit durably. *Plain* states an amount (one event of"
        f" {fact['row']:.0f} bytes without personal text); a *note* has personal text, whose new key is made durable in"
        " the vault before the event; a *registration* is a case with two parties: several events, three keys, a case"
        " code. *At once*: on one event loop, as the web server asks; *threads*: each with its own. Event stores at the"
        " same work, load, decide, append: the eventsourcing library as it comes and its DCB recorder (read by a"
        " tag, append unless the tag has more by then), message-db's functions from psycopg,"
        " emmett in Node.js. And one row of as many bytes as a plain event, inserted and committed, with nothing loaded"
        " or decided: pgbench, which is C, and a loop of psycopg in as many Python threads."
        + ("" if any(key.startswith("pgbench.") for key in figures.samples) else " **There was no pgbench here.**")
    )


def _commands(figures: Figures) -> Iterator[Line]:
    for count in clients(figures):
        for peer_title, peer in PEERS:
            if figures.samples.get(f"{peer}.{count}"):
                yield Line(f"plain, {count} at once", "/s", f"turns.{count}", peer_title, f"{peer}.{count}")
    for count in clients(figures):
        threads = f"{count} thread{'s' if count > 1 else ''}"
        if figures.samples.get(f"pgbench.{count}"):
            yield Line(f"plain, {threads}", "/s", f"change.{count}", "pgbench insert", f"pgbench.{count}")
        yield Line(f"plain, {threads}", "/s", f"change.{count}", "psycopg insert", f"threads.{count}")
    most = clients(figures)[-1]
    for key, title in (("note", "note"), ("open", "registration")):
        yield Line(f"{title}, {most} threads", "/s", f"{key}.{most}", "plain, as above", f"change.{most}")


def _web_is(figures: Figures) -> str:
    many = figures.facts["connections"] * figures.facts["each"]
    return (
        f"On {many:.0f} cases whose histories the server knows after the warm-up."
        " The plain command as `POST /api/cases/{id}/state-amount`, signed in, with `If-Match` and `Idempotency-Key`,"
        " from a client process of its own to one server process. *With the worker*: while `tiaojie work` follows on"
        " the same machine, as `tiaojie run` has it. *Two processes*: `TIAOJIE_PROCESSES=2`, on the cores that"
        " PostgreSQL and the client also have. *Bare answer*: a FastAPI `async def` that answers a small dict, in one"
        " process."
        " *One insert*: a FastAPI `def` that inserts one row of like size through a pool, durably: the least that any"
        " recording route does. Both get the same requests from the same client."
    )


def _web(figures: Figures) -> Iterator[Line]:
    many = f"{figures.facts['connections']:.0f} connections"
    kinds = (("1 connection", "single", "alone", "lone_insert"), (many, "http", "bare", "insert"))
    for title, key, bare, insert in kinds:
        for peer_title, peer in (("bare answer", bare), ("one insert", insert)):
            yield Line(title, "/s", f"{key}.rate", peer_title, f"{peer}.rate")
            yield Line(f"{title}, p50", "ms", f"{key}.p50", peer_title, f"{peer}.p50")
            yield Line(f"{title}, p95", "ms", f"{key}.p95", peer_title, f"{peer}.p95")
    yield Line(f"{many}, two processes", "/s", "two.rate", "bare answer", "bare.rate")
    yield Line(f"{many}, two processes, p95", "ms", "two.p95", "bare answer", "bare.p95")
    yield Line(f"{many}, with the worker", "/s", "worker.rate", "without", "http.rate")
    yield Line(f"{many}, with the worker, p95", "ms", "worker.p95", "without", "http.p95")


def _loads_are(figures: Figures) -> str:
    return (
        "*Cold* is `Ledger.history` in a ledger object that remembers neither histories nor keys (with an open"
        " connection), *warm* the same again: it asks for what is new and finds nothing. Peer: psycopg reads the same"
        " rows, and `json.loads` parses them. The *page* is `GET /api/cases/{id}` from one connection: first after the"
        " start of the server, then again and again. Peer: the bare answer, from one connection. In the long case every"
        " second event has personal text under a key of its own."
    )


def _loads(figures: Figures) -> Iterator[Line]:
    for name in ("short", "long"):
        events = f"{figures.facts[name]:,.0f} events"
        yield Line(f"{events}, cold", "ms", f"load.{name}.cold", "its rows and their JSON", f"load.{name}.plain")
        yield Line(f"{events}, warm", "ms", f"load.{name}.warm", "its rows and their JSON", f"load.{name}.plain")
        yield Line(f"{events}, page, first", "ms", f"page.{name}.first", "bare answer", "alone.p50")
        yield Line(f"{events}, page, p50", "ms", f"page.{name}.p50", "bare answer", "alone.p50")


def _library_is() -> str:
    return (
        "Notifications by pages of 500, as they are stored. *Ours* is `PERSISTENCE_MODULE=infrastructure.ledger` over"
        " the ledger from above; *marked*: with the master key, each event's mark looked at; *opened*: by the mapper,"
        " personal text too. Peers: the library's own recorders over what they recorded above, smaller events that"
        " nobody checks or opens."
    )


def _library() -> Iterator[Line]:
    for title, key in (("ours, without a key", "unmarked"), ("ours, marked", "marked"), ("ours, opened", "opened")):
        yield Line(title, "events/s", f"read.{key}", "plain eventsourcing", "read.library")
        yield Line(title, "events/s", f"read.{key}", "its DCB recorder", "read.dcb")


def _replay_is(figures: Figures) -> str:
    return (
        f"A ledger of {figures.facts['events']:,.0f} events: the demo county and the two cases from above."
        " *Decode* reads the whole feed, decrypts and validates; *fold* evolves every stream to its state; *replay* is"
        " both. Peer: the same pages read by psycopg, and their JSON parsed. *Rebuild* fills all read models"
        " anew beside the old ones, until they take their place. Peer: the same rows, copied as they are into another"
        " table page by page."
    )


def _replay() -> Iterator[Line]:
    yield Line("decode", "events/s", "replay.decode", "rows and their JSON", "replay.plain")
    yield Line("fold", "events/s", "replay.fold", "rows and their JSON", "replay.plain")
    yield Line("replay", "events/s", "replay.replay", "rows and their JSON", "replay.plain")
    yield Line("rebuild", "events/s", "rebuild", "rows copied", "rebuild.plain")


def _legacy_is(figures: Figures) -> str:
    return (
        f"`tiaojie import cases` of a file of {figures.facts['legacy']:,.0f} cases, four to eight events each, into a"
        " county without disputes: read, check, build, encode, encrypt, make the keys and append, by two processes and"
        " the one that records, from their start to the last commit. *Append alone*: the same rows once more, encoded"
        " before. Peer: the same rows as text into a like table with the same indexes, in pages of as many rows, by"
        " psycopg."
    )


def _legacy() -> Iterator[Line]:
    yield Line("whole import", "events/s", "legacy", "text COPY", "legacy.copy")
    yield Line("append alone", "events/s", "legacy.append", "text COPY", "legacy.copy")
