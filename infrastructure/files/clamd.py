"""clamd looks into each file before it is kept: its command INSTREAM, over TCP or a socket of this machine."""

from __future__ import annotations

import socket
from struct import pack

from application.files import FileInfected, ScannerAway

PATIENCE = 30.0
"""Seconds for one file."""
PART = 1 << 16


class Clamd:
    """`application.files.Scanner`. `address`: `host:port`, or the path of its socket."""

    def __init__(self, address: str) -> None:
        self._address = address

    def look(self, content: bytes) -> None:
        try:
            answer = self._asked(content)
        except (OSError, ValueError):  # ValueError: its address is none
            raise ScannerAway from None
        if answer.endswith("FOUND"):
            raise FileInfected
        if not answer.endswith("OK"):
            raise ScannerAway

    def _asked(self, content: bytes) -> str:
        with self._connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PART):
                part = content[start : start + PART]
                line.sendall(pack("!I", len(part)) + part)
            line.sendall(pack("!I", 0))
            answer = b""
            while more := line.recv(1024):
                answer += more
        return answer.decode(errors="replace").strip("\0\n ")

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(PATIENCE)
            try:
                line.connect(self._address)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), PATIENCE)


class NoScanner:
    """Where none is set."""

    def look(self, content: bytes) -> None:
        return
