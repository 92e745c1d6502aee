"""Which client address the real server finds, for raw headers as proxies and attackers write them."""

import re

import pytest

from tests.faults.servers import exchange, server_processes

PROXY = "127.0.0.1"  # the only known address if the proxy adds no entry
ADA = "X-Forwarded-For: 203.0.113.9"


@pytest.fixture
def client_of(world):
    """`client_of(*headers)`: the address that is logged for a request through one proxy."""
    with server_processes(world, processes=1, TRUSTED_PROXY_COUNT="1") as (port,):

        def ask(*headers):
            before = world.logs
            exchange(port, "GET /v1/nothing HTTP/1.1", "Host: localhost", *headers)
            (ip,) = re.findall(r" ip=(\S+)", world.logs.removeprefix(before))
            return ip

        yield ask


def test_an_entry_may_have_a_port_and_brackets(client_of):
    assert client_of("X-Forwarded-For: 203.0.113.9:51234") == "203.0.113.9"
    assert client_of("X-Forwarded-For: 6.6.6.6:1, [2001:db8::7]:443") == "2001:db8::7"


def test_several_lines_are_one_list(client_of):
    assert client_of("X-Forwarded-For: 6.6.6.6", ADA) == "203.0.113.9"
    assert client_of("x-forwarded-for: 6.6.6.6", ADA, "X-FORWARDED-FOR: 7.7.7.7, ") == PROXY


@pytest.mark.parametrize("name", ["X_Forwarded_For", "X_Forwarded-For", "x-forwarded_for"])
def test_a_name_with_underscores_is_nobodys_header(client_of, name):
    forged = f"{name}: 6.6.6.6"
    assert client_of(forged) == PROXY
    assert client_of(ADA, forged) == "203.0.113.9"
    assert client_of(forged, ADA) == "203.0.113.9"
