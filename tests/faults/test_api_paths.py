"""For every path below an API's address, the response has the form of that API."""

import json

from tests.faults.servers import exchange, server_processes

PATHS = [
    "/v1",
    "/v1/",
    "//v1/invitations",
    "///v1//invitations",
    "/%2Fv1/users",
    "/v1//users",
    "/v1/../sign-in",
    "/v1/%00",
    "/v1/%ff%fe",
    "/v1/%E2%80%8B?x=%",
    "/v1/users;x=1",
    "//__clerk/v1/client",
    "/__clerk/%ff",
    "http://localhost//v1/users",
]


def test_every_path_of_an_api_is_answered_in_json(world):
    with server_processes(world, processes=1) as (port,):
        for path in PATHS:
            for method in ("GET", "POST", "OPTIONS"):
                head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Content-Length: 0"]
                headers, _blank, body = exchange(port, *head).partition("\r\n\r\n")
                assert " 404 " in headers.partition("\r\n")[0], (method, path)
                assert json.loads(body)["errors"][0]["code"] == "resource_not_found"
