"""What a real server logs, in development and in production: secrets are masked, and queries are left out."""

import pytest

from tests.faults.servers import exchange, server_processes

SECRETS = ["olt_abcdefgh", "sk_live_abcdefgh", "sk_test_abcdefgh", "osu_abcdefgh"]
QUERY = "email_address=ada@example.com&query=ada%40example.com"
PATH = "/".join(SECRETS)
ASKED = [
    f"GET /{PATH}",
    f"GET /v1/{PATH}",
    f"POST /__clerk/v1/{PATH}",
    f"POST /back-room/accounts/user/{PATH}",
]


@pytest.mark.parametrize("debug", ["true", "false"], ids=["development", "production"])
def test_paths_are_masked_and_queries_left_out(world, debug):
    with server_processes(world, processes=1, DEBUG=debug) as (port,):
        for line in ASKED:
            exchange(port, f"{line}?{QUERY} HTTP/1.1", "Host: localhost", "Content-Length: 0")
    for line in ASKED:
        assert line.replace(PATH, "olt_***/sk_live_***/sk_test_***/osu_***") in world.logs
    assert [each for each in (*SECRETS, "ada@", "ada%40") if each in world.logs] == []


@pytest.mark.parametrize("debug", ["true", "false"], ids=["development", "production"])
def test_what_is_sent_begins_no_line_and_moves_no_cursor(world, debug):
    with server_processes(world, processes=1, DEBUG=debug) as (port,):
        for path in ("/a%0D%0AFORGED", "/v1/a%0AFORGED", "/__clerk/v1/a%0AFORGED"):
            exchange(port, f"GET {path} HTTP/1.1", "Host: localhost", "User-Agent: a\x9b2J")
    assert r"\u009b2J" in world.logs
    lines = world.logs.split("\n")
    assert [each for each in lines if each.startswith("FORGED") or not each.isprintable()] == []
