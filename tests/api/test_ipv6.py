"""An address of IPv6 is one like any other: to listen on, to come from, to be counted by."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest
from starlette.datastructures import Headers

from api.origins import ForeignOrigin, check_origin
from api.processes.listening import address, answers, is_free, listener
from api.sessions import source_of


def free_port(host: str) -> int:
    with listener(host, 0) as made:
        return int(made.getsockname()[1])


@pytest.mark.parametrize("host", ["::1", "127.0.0.1", "localhost"])
def test_a_port_that_somebody_listens_on_is_not_free(host):
    with listener(host, 0) as taken:
        port = taken.getsockname()[1]

        assert not is_free(host, port)
        assert answers(host, port)
    assert is_free(host, port)
    assert not answers(host, port)


@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_who_listens_everywhere_is_reached_by_both_families(client):
    with listener("::", 0) as made:
        socket.create_connection((client, made.getsockname()[1]), timeout=5).close()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("::1", "http://[::1]:8000/x/"),
        ("::", "http://[::1]:8000/x/"),
        ("0.0.0.0", "http://127.0.0.1:8000/x/"),
        ("localhost", "http://localhost:8000/x/"),
    ],
)
def test_the_address_that_is_told_is_one_that_a_browser_takes(host, told):
    assert address(host, 8000, "/x") == told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_guesses_are_counted_by_the_network_of_ipv6_and_by_the_address_of_ipv4(one, other, same):
    told = [source_of(SimpleNamespace(client=SimpleNamespace(host=host))) for host in (one, other)]  # type: ignore[arg-type]

    assert (told[0] == told[1]) is same


@pytest.mark.parametrize("host", ["[::1]:8000", "[2001:db8::1]"])
def test_a_page_of_an_ipv6_address_is_ours_under_its_own_name_only(host):
    check_origin(Headers({"host": host, "origin": f"http://{host}"}), "", True)
    for foreign in ("http://[::2]:8000", "http://[::1]:8001", "http://[::1", "null"):
        with pytest.raises(ForeignOrigin):
            check_origin(Headers({"host": host, "origin": foreign}), "", True)
