"""照片与扫描件 outside: a scanner that says no or is away, a bucket, a folder that is copied; traps for who draws."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from PIL import Image

from application.files import FileInfected, FilesAway, NoPicture, ScannerAway
from infrastructure.files.bucket import Bucket
from infrastructure.files.clamd import Clamd
from infrastructure.files.copies import copy_files, files_put_back
from infrastructure.files.disk import Disk
from infrastructure.files.pictures import DrawnAnew

NAME = "ab" * 16
LATER = datetime.now(UTC) + timedelta(days=1)


class FakeClamd(Thread):
    """Reads one stream, and finds what has the word in it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self.start()

    def run(self) -> None:
        line, _ = self._door.accept()
        with self._door, line, line.makefile("rb") as told:
            assert told.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(told.read(4), "big"):
                content += told.read(size)
            line.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")


def test_what_clamd_finds_is_refused_and_the_rest_is_taken():
    Clamd(FakeClamd().address).look(b"x" * 200_000)
    with pytest.raises(FileInfected):
        Clamd(FakeClamd().address).look(b"x" * 100_000 + b"EICAR")


def test_while_clamd_is_away_nothing_is_taken(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as door:
        gone = f"127.0.0.1:{door.getsockname()[1]}"
    for address in (gone, str(tmp_path / "no.socket")):
        with pytest.raises(ScannerAway):
            Clamd(address).look(b"x")


class FakeS3(BaseHTTPRequestHandler):
    kept: dict[str, bytes]

    def do_PUT(self) -> None:
        self.kept[urlsplit(self.path).path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if "list-type" in asked.query:
            self._answer(200, self._listed())
        elif found := self.kept.get(asked.path):
            self._answer(200, found)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815

    def do_DELETE(self) -> None:
        self.kept.pop(urlsplit(self.path).path, None)
        self._answer(204, b"")

    def _listed(self) -> bytes:
        one = "<Contents><Key>{}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>"
        keys = "".join(one.format(path.removeprefix("/files/")) for path in self.kept)
        told = "<Name>files</Name><Prefix>tiaojie/</Prefix><IsTruncated>false</IsTruncated>"
        return f'<ListBucketResult xmlns="s3">{told}{keys}</ListBucketResult>'.encode()

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        marks = {"Content-Length": str(len(content)), "ETag": '"x"', "Content-Type": "application/xml"}
        for name, value in marks.items():
            self.send_header(name, value)
        self.send_header("Last-Modified", "Wed, 01 Jan 2020 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *told: object) -> None:
        return


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    handler = type("Kept", (FakeS3,), {"kept": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Bucket(f"s3+http://key:secret@127.0.0.1:{server.server_port}/files/tiaojie")
        server.shutdown()


@pytest.mark.parametrize("kind", ["disk", "bucket"])
def test_a_place_gives_back_what_was_put_there_and_forgets_what_was_removed(kind, request, tmp_path):
    place = Disk(tmp_path / "files") if kind == "disk" else request.getfixturevalue("bucket")
    assert place.get(NAME) is None
    assert not place.has(NAME)

    place.put(NAME, b"sealed")
    assert place.get(NAME) == b"sealed"
    assert place.has(NAME)
    assert list(place.names(LATER)) == [NAME]

    place.remove(NAME)
    assert place.get(NAME) is None


def test_a_bucket_that_does_not_answer_is_away_and_a_full_disk_likewise(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as door:
        gone = door.getsockname()[1]
    (tmp_path / "files").write_text("no folder")
    for place in (Bucket(f"s3+http://key:secret@127.0.0.1:{gone}/files"), Disk(tmp_path / "files")):
        with pytest.raises(FilesAway):
            place.put(NAME, b"sealed")


def test_what_broke_off_while_it_was_written_is_no_file_and_is_swept(tmp_path):
    place = Disk(tmp_path)
    place.put(NAME, b"sealed")
    half = tmp_path / NAME[:2] / ".half"
    half.write_bytes(b"sea")

    assert list(place.names(LATER)) == [NAME]
    assert not half.exists()


def test_a_backup_has_the_files_and_a_restore_puts_back_those_that_are_missing(tmp_path):
    state, copy = tmp_path / "state", tmp_path / "copy"
    Disk(state / "files").put(NAME, b"sealed")
    copy_files(state, copy)
    Disk(state / "files").remove(NAME)

    files_put_back(state, copy)

    assert Disk(state / "files").get(NAME) == b"sealed"


def bomb() -> bytes:
    """A picture of a few bytes that would fill the memory."""
    made = BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")
    return made.getvalue()


BROKEN = {"jpeg": b"\xff\xd8\xffbroken", "pdf": b"%PDF-broken", "png": b"\x89PNG\r\n\x1a\nbroken", "bomb": bomb()}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_picture_that_cannot_be_drawn_is_no_picture_and_nothing_worse(content):
    with pytest.raises(NoPicture):
        DrawnAnew().thumbnail(content)


def test_a_thumbnail_has_nothing_of_the_photo_but_the_picture():
    brought = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "who was there"
    Image.new("RGB", (800, 600), "red").save(brought, "JPEG", exif=exif)

    small = DrawnAnew().thumbnail(brought.getvalue())

    assert b"who was there" in brought.getvalue()
    assert b"who was there" not in small
    assert not Image.open(BytesIO(small)).getexif()
