"""`tiaojie follow`: whatever is recorded, a line of JSON each, for other programs."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from api.cli.console import refuse
from api.settings import Settings
from api.wiring_ledgers import Hole, database, followed

After = Annotated[int, typer.Option(min=0, help="Go on behind this position; with --into the file itself says where.")]
Into = Annotated[Path | None, typer.Option(help="Add to this file, behind the last whole line that it has.")]
ToTheEnd = Annotated[bool, typer.Option("--to-the-end", help="End with what is recorded now, and wait for no more.")]
BLOCK = 64 * 1024


def follow(after: After = 0, into: Into = None, to_the_end: ToTheEnd = False) -> None:
    """A line of JSON for each event, as it is stored: personal text is ciphertext. Ctrl-C ends it; it can go on."""
    settings = Settings()
    with database(settings) as url, _opened(into) as file:
        begins, written = (position(file), file) if file else (after, sys.stdout.buffer)
        try:
            with closing(followed(settings, url, begins, to_the_end=to_the_end)) as lines:
                for one in lines:
                    written.write(one.text)
                    written.flush()
        except Hole as hole:
            refuse("hole", told=hole)


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO | None]:
    """One writer at a time: two would each write every line."""
    if path is None:
        yield None
        return
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse("written_by_another", file=path)
        yield file


def position(file: BinaryIO) -> int:
    """Of the last whole line. One that a kill has cut is taken away: it is written again as a whole."""
    end = file.seek(0, os.SEEK_END)
    tail, begins = b"", end
    while begins and tail.count(b"\n") < 2:
        begins = max(0, begins - BLOCK)
        file.seek(begins)
        tail = file.read(end - begins)
    whole = tail[: tail.rfind(b"\n") + 1]
    file.truncate(begins + len(whole))
    return int(json.loads(whole.splitlines()[-1])["position"]) if whole else 0
