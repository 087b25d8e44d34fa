"""Where the server listens: an address of either family, and with `::` both at once."""

from __future__ import annotations

import socket
from ipaddress import ip_address

BACKLOG = 2048
EVERYWHERE = {"::": "::1", "0.0.0.0": "127.0.0.1"}  # and how this machine reaches what listens everywhere


def is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def listener(host: str, port: int) -> socket.socket:
    """Raises OSError where somebody else listens there. `::` is both families, however the system is set."""
    if is_ipv6(host):
        both = host == "::" and socket.has_dualstack_ipv6()
        made = socket.create_server(
            (host, port), family=socket.AF_INET6, backlog=BACKLOG, dualstack_ipv6=both, reuse_port=False
        )
    else:
        made = socket.create_server((host, port), backlog=BACKLOG)
    made.set_inheritable(True)
    return made


def is_free(host: str, port: int) -> bool:
    try:
        listener(host, port).close()
    except OSError:
        return False
    return True


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((EVERYWHERE.get(host, host), port), timeout=1).close()
    except OSError:
        return False
    return True


def address(host: str, port: int, root: str = "") -> str:
    """As a browser takes it."""
    reached = EVERYWHERE.get(host, host)
    return f"http://{f'[{reached}]' if is_ipv6(reached) else reached}:{port}{root}/"
