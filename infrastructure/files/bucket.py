"""A bucket of any store that speaks S3: `s3+https://key:secret@host/bucket/prefix`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from urllib.parse import unquote, urlsplit

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from application.files import FilesAway

FAULTS = (MinioException, HTTPError, OSError, ValueError)
"""ValueError: the answer was no answer of S3."""


class Bucket:
    """`infrastructure.files.sealed.FilePlace`. A store that answers has made it durable."""

    def __init__(self, url: str) -> None:
        asked = urlsplit(url)
        bucket, _, prefix = asked.path.strip("/").partition("/")
        host = f"{asked.hostname}:{asked.port}" if asked.port else f"{asked.hostname}"
        self._bucket, self._prefix = bucket, f"{prefix.rstrip('/')}/" if prefix else ""
        self._client = Minio(
            host,
            access_key=unquote(asked.username or ""),
            secret_key=unquote(asked.password or ""),
            secure=asked.scheme == "s3+https",
            region="us-east-1",
            http_client=PoolManager(timeout=Timeout(connect=5, read=30), retries=Retry(total=2, backoff_factor=0.2)),
        )

    def put(self, name: str, content: bytes) -> None:
        try:
            self._client.put_object(self._bucket, self._prefix + name, BytesIO(content), len(content))
        except FAULTS:
            raise FilesAway from None

    def get(self, name: str) -> bytes | None:
        answer = None
        try:
            answer = self._client.get_object(self._bucket, self._prefix + name)
            return answer.read()
        except FAULTS as fault:
            _absent(fault)
            return None
        finally:
            if answer is not None:
                answer.close()
                answer.release_conn()

    def has(self, name: str) -> bool:
        try:
            self._client.stat_object(self._bucket, self._prefix + name)
        except FAULTS as fault:
            _absent(fault)
            return False
        return True

    def remove(self, name: str) -> None:
        try:
            self._client.remove_object(self._bucket, self._prefix + name)
        except FAULTS:
            raise FilesAway from None

    def names(self, before: datetime) -> Iterator[str]:
        try:
            for one in self._client.list_objects(self._bucket, self._prefix):
                if one.object_name and one.last_modified and one.last_modified < before:
                    yield one.object_name.removeprefix(self._prefix)
        except FAULTS:
            raise FilesAway from None


def _absent(fault: Exception) -> None:
    """Raises FilesAway of anything but an answer that there is no such thing."""
    if getattr(fault, "code", "") not in {"NoSuchKey", "NoSuchObject"}:
        raise FilesAway from None
