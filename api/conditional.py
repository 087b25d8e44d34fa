"""Versions of answers (ETag) as they come back: a proxy that packs an answer marks its version, and makes it weak."""

from __future__ import annotations

import re

PACKED = re.compile(r'(?:-{1,2}|;)(?:gzip|br|zstd|deflate)(?="|\s|,|$)')
"""Apache writes `"3-gzip"`, Jetty `"3--gzip"`, others `"3;br"`. No version of ours ends like that."""
TAG = re.compile(r'(?:W/)?("[^"]*")')


def unpacked(header: str) -> str:
    """The header as it was before a proxy marked it."""
    return PACKED.sub("", header)


def is_among(tag: str, header: str | None) -> bool:
    """Whether If-None-Match names this version, strong or weak alike, or any (`*`)."""
    if header is None:
        return False
    return header.strip() == "*" or (TAG.fullmatch(tag) is not None and _plain(tag) in map(_plain, TAG.findall(header)))


def _plain(tag: str) -> str:
    return tag.removeprefix("W/")
