"""Copies of the embedded cluster: taken while it works, and put back in its place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from infrastructure.postgres.archive import Recovery
from infrastructure.postgres.connecting import connect
from infrastructure.postgres.embedded import DidNotStart, EmbeddedPostgres
from infrastructure.postgres.place import ClusterFolders

DATA, PASSWORD = "database", "database.password"
RECOVER_FOR = 3600.0


class CopyFailed(RuntimeError):
    """The copy was not made, or is not whole; the text says why."""


def copy_cluster(url: str, place: ClusterFolders, folder: Path) -> None:
    """With all of the log that it needs, while others go on recording. Raises CopyFailed."""
    info = conninfo_to_dict(url)
    options = ["--pgdata", str(folder / DATA), "--wal-method=stream", "--checkpoint=fast", "--no-password"]
    options += ["--host", str(info["host"]), "--port", str(info["port"]), "--username", str(info["user"])]
    options += ["--manifest-checksums=SHA256"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C", "PGPASSWORD": str(info["password"])}
    done = subprocess.run([place.programs / "pg_basebackup", *options], env=environment, capture_output=True)
    if done.returncode:
        raise CopyFailed(f"pg_basebackup: {done.returncode}: {done.stderr.decode(errors='replace')[-1000:]}")
    shutil.copyfile(place.password, folder / PASSWORD)
    (folder / PASSWORD).chmod(0o600)
    check_copy(folder)


def check_copy(folder: Path) -> None:
    """Every file against the checksums that were taken with it; records of the log carry their own.

    By ourselves: the wheel's pg_verifybackup crashes. Raises CopyFailed."""
    data = folder / DATA
    try:
        told = (data / "backup_manifest").read_bytes()
        manifest = json.loads(told)
        whole = sha256(told[: told.rindex(b'"Manifest-Checksum"')]).hexdigest() == manifest["Manifest-Checksum"]
        spoilt = [one["Path"] for one in manifest["Files"] if _sum(data / one["Path"]) != one["Checksum"]]
    except (OSError, ValueError, KeyError) as fault:
        raise CopyFailed(f"the copy is not whole: {fault}") from None
    if spoilt or not whole:
        raise CopyFailed(f"the copy is spoilt: {', '.join(spoilt[:5]) or 'its manifest'}")


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def put_back(server: EmbeddedPostgres, folder: Path, to: str | None, archive: Path | None) -> str:
    """Starts the cluster of the copy, brought up to a moment of the log. Its URL. The one before is kept beside it.

    Always on a line of its own: segments of the log that others have archived are never written again.
    Raises CopyFailed, NoSuchMoment and DidNotStart."""
    place = server.place
    if server.runs:
        raise CopyFailed("it runs: end it first")
    check_copy(folder)
    place.make()
    earlier = place.data if place.data.exists() else None
    aside = place.root / f"data.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    settings = Recovery(to, archive.resolve() if archive else None, aside if earlier else None).settings()
    _put_into(place, folder, settings)
    if earlier:
        earlier.rename(aside)
    place.restored.rename(place.data)
    return _recovered(server, settings)


def _put_into(place: ClusterFolders, folder: Path, settings: Mapping[str, str]) -> None:
    draft = place.restored
    place.clear(draft)
    shutil.copytree(folder / DATA, draft, symlinks=True)
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    with (draft / "postgresql.auto.conf").open("a") as written:
        written.writelines(lines)
    (draft / "recovery.signal").touch()
    place.hand_over_all(draft)
    place.write_private(place.password, (folder / PASSWORD).read_text())


def _recovered(server: EmbeddedPostgres, settings: Mapping[str, str]) -> str:
    url, until = server.start(), time.monotonic() + RECOVER_FOR
    while _recovers(url):
        if time.monotonic() > until:
            raise DidNotStart("it still reads the log")
        time.sleep(0.1)
    with connect(url, autocommit=True) as connection:
        for name in settings:
            connection.execute(f"ALTER SYSTEM RESET {name}")
    return url


def _recovers(url: str) -> bool:
    """Also while it does not answer: at the end of the log it turns everybody away for a moment."""
    try:
        with connect(url, connect_timeout=3) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchall() == [(True,)]
    except psycopg.OperationalError:
        return True
