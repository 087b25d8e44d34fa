"""A way to PostgreSQL on which everything may be lost: confirmed and never answered, or not even confirmed."""

from __future__ import annotations

import ctypes
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo

ATTACH_FILTER, DETACH_FILTER = 26, 27
NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
"""A packet filter of one instruction: let nothing in."""
FILTER = struct.pack("HxxxxxxP", 1, ctypes.addressof(NOTHING))


def filters_packets() -> bool:
    """Whether whoever asks may filter here: newer kernels let only root, some containers say yes and let all in."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as says:
        hears, _ = listener.accept()
        with hears:
            hears.settimeout(0.2)
            try:
                hears.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, FILTER)
                says.sendall(b"?")
                hears.recv(1)
            except TimeoutError:
                return True
            except OSError:
                return False
            return False


class Link:
    """One connection: what it hears is passed on, unless it is lost."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.lost_up = self.lost_down = False
        for one in (self._up, self._down):
            Thread(target=one, daemon=True).start()

    def _up(self) -> None:
        with suppress(OSError):
            while heard := self.client.recv(65536):
                if not self.lost_up:
                    self.server.sendall(heard)
        self.end()

    def _down(self) -> None:
        with suppress(OSError):
            while heard := self.server.recv(65536):
                if not self.lost_down:
                    self.client.sendall(heard)
        self.end()

    def end(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Way:
    def __init__(self, url: str) -> None:
        info = conninfo_to_dict(url)
        self._there = (str(info["host"]), int(info["port"] or 0))
        self._links = list[Link]()
        self._swallows = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = make_conninfo(url, host="127.0.0.1", port=self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._links.append(link := Link(client, socket.create_connection(self._there)))
                link.lost_up = link.lost_down = self._swallows

    def swallow(self) -> None:
        """Everything is confirmed, and goes nowhere: a hung machine, or a proxy before a dead one."""
        self._swallows = True
        for one in self._links:
            one.lost_up = one.lost_down = True

    def silence(self) -> None:
        """The connections that there are hear no answer any more; what they ask arrives, and new ones are well."""
        for one in self._links:
            one.lost_down = True

    def vanish(self) -> None:
        """Nothing is confirmed any more: a machine without power, or a cut cable."""
        for one in (self._listener, *(link.client for link in self._links)):
            with suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, FILTER)

    def come_back(self) -> None:
        """As after a start of that machine: it knows nothing of the old connections."""
        for one in self._links:
            one.end()
        self._links.clear()
        self._swallows = False
        with suppress(OSError):  # there is none
            self._listener.setsockopt(socket.SOL_SOCKET, DETACH_FILTER, 0)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.come_back()


@contextmanager
def way_to(url: str) -> Iterator[Way]:
    way = Way(url)
    try:
        yield way
    finally:
        way.close()
