"""A lean HTTP client in a process of its own: a job comes in as JSON, latencies go out."""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import cycle
from time import perf_counter
from typing import Any
from uuid import uuid4

HEAD = "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
SENT = (
    'Content-Type: application/json\r\nContent-Length: {length}\r\nIf-Match: "{version}"\r\nIdempotency-Key: {key}\r\n'
)


class Job:
    """`targets`: for each connection, the paths that it asks for in turn, each with the version that it knows."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.port: int = asked["port"]
        self.method: str = asked["method"]
        self.token: str = asked["token"]
        self.body: bytes = json.dumps(asked["body"]).encode() if asked["body"] is not None else b""
        self.targets: list[list[list[Any]]] = asked["targets"]
        self.warm_up: float = asked["warm_up"]
        self.seconds: float = asked["seconds"]
        self.least: int = asked["least"]
        """Of each connection: so many answers are counted, also where that takes longer."""

    def request(self, path: str, version: int) -> bytes:
        head = HEAD.format(method=self.method, path=path, token=self.token)
        if self.body:
            head += SENT.format(length=len(self.body), version=version, key=uuid4().hex)
        return f"{head}\r\n".encode() + self.body


async def connection(job: Job, number: int, begun: float) -> list[float]:
    """Seconds of each request that began after the warm-up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", job.port)
    taken: list[float] = []
    for target in cycle(job.targets[number]):
        start = perf_counter()
        if start > begun + job.warm_up + job.seconds and len(taken) >= job.least:
            break
        writer.write(job.request(target[0], target[1]))
        target[1] = await _answer(reader, target)
        if start > begun + job.warm_up:
            taken.append(perf_counter() - start)
    writer.close()
    return taken


async def _answer(reader: asyncio.StreamReader, target: list[Any]) -> int:
    """The version after it. A refusal ends the measurement: it would count as a fast answer."""
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    content = await reader.readexactly(int(headers["content-length"]))
    if status.split(" ")[1] not in ("200", "201"):
        raise RuntimeError(f"{target}: {status} {content[:500]!r}")
    tag = headers.get("etag", "").strip('"').partition(".")[0]
    return int(tag) if tag else target[1]


async def carry_out(job: Job) -> dict[str, Any]:
    begun = perf_counter()
    taken = await asyncio.gather(*(connection(job, number, begun) for number in range(len(job.targets))))
    seconds = perf_counter() - begun - job.warm_up
    return {"taken": [one for each in taken for one in each], "seconds": seconds}


def main() -> None:
    job = Job(json.load(sys.stdin))
    json.dump(asyncio.run(carry_out(job)), sys.stdout)


if __name__ == "__main__":
    main()
