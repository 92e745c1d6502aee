from ipaddress import ip_network

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from config import client_cookie
from config.clients import client_ip, client_network, read_proxies


def _ip(peer, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return client_ip(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


def test_the_peer_is_the_client():
    assert _ip("192.0.2.7") == "192.0.2.7"


def test_what_was_forwarded_counts_for_nothing_without_a_proxy():
    assert _ip("192.0.2.7", "203.0.113.9") == "192.0.2.7"


@pytest.mark.parametrize(
    ("count", "forwarded", "client"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),  # it passed only one of our two proxies
        (1, "6.6.6.6, not an address", "192.0.2.7"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "203.0.113.9:51234", "203.0.113.9"),
        (1, "6.6.6.6:80, 203.0.113.9:51234", "203.0.113.9"),
        (2, "6.6.6.6, [2001:db8::7]:443 , 10.0.0.2:8080", "2001:db8::7"),
        (1, "[2001:db8::7]", "2001:db8::7"),
        (1, "[::ffff:203.0.113.9]:443", "203.0.113.9"),
        (1, "64:ff9b::203.0.113.9", "203.0.113.9"),
        (1, "[fe80::7%eth0]:443", "fe80::7"),
        (1, "fe80::7%eth0", "fe80::7"),
    ],
)
def test_each_proxy_of_ours_adds_one_entry_at_the_right(settings, count, forwarded, client):
    settings.TRUSTED_PROXY_COUNT = count
    assert _ip("192.0.2.7", forwarded) == client


@pytest.mark.parametrize(
    ("count", "forwarded", "client"),
    [
        (0, "203.0.113.9", "203.0.113.9"),
        (0, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (0, "6.6.6.6, 203.0.113.9, 192.0.2.99", "203.0.113.9"),  # one application behind another
        (0, None, "192.0.2.7"),
        (0, "not an address", "192.0.2.7"),
        (0, "6.6.6.6, not an address", "192.0.2.7"),  # the application named no address
        (1, "6.6.6.6, not an address, 192.0.2.8", "192.0.2.8"),
        (1, "6.6.6.6, not an address", "192.0.2.7"),
        (0, "203.0.113.9:51234", "203.0.113.9"),
        (1, "203.0.113.9, 192.0.2.8", "203.0.113.9"),
        (
            1,
            "203.0.113.9, 198.51.100.1",
            "198.51.100.1",
        ),  # no proxy of ours: the first entry may be forged
        (1, "203.0.113.9, 192.0.2.8, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_an_application_is_believed_by_its_address(settings, count, forwarded, client):
    settings.TRUSTED_PROXY_COUNT = count
    settings.APPLICATION_PROXIES = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]
    assert _ip("192.0.2.7", forwarded) == client


@pytest.mark.parametrize(
    ("forwarded", "entry"),
    [
        ("203.0.113.9, unknown", " unknown"),
        ("203.0.113.9,", ""),
        ("203.0.113.9:port", "203.0.113.9:port"),
        ("[2001:db8::7", "[2001:db8::7"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_an_entry_that_cannot_be_read_is_one_warning(settings, forwarded, entry):
    settings.TRUSTED_PROXY_COUNT = 1
    headers = {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.7")
    with structlog.testing.capture_logs() as lines:
        assert [client_ip(request), client_network(request)] == ["192.0.2.7", "192.0.2.7"]
    [line] = lines
    assert (line["event"], line["log_level"]) == ("client_unreadable", "warning")
    assert line["entry"] == entry


@pytest.mark.parametrize("forwarded", ["not an address, 203.0.113.9", "", None])
def test_what_anybody_may_write_and_what_is_not_there_is_none(settings, forwarded):
    settings.TRUSTED_PROXY_COUNT = 1
    with structlog.testing.capture_logs() as lines:
        _ip("192.0.2.7", forwarded)
    assert lines == []


@pytest.mark.django_db
@pytest.mark.usefixtures("still_windows")
def test_visitors_behind_a_proxy_that_adds_ports_count_each_for_themselves(settings, client):
    settings.TRUSTED_PROXY_COUNT = 1

    def ask(address):
        headers = {"Authorization": "Bearer x", "X-Forwarded-For": address}
        return client.get("/v1/users", headers=headers).status_code

    for start in ("203.0.113.9:{}", "[2001:db8::{}]:443"):
        statuses = [ask(start.format(number)) for number in range(1, 22)]
        assert statuses == [*([401] * 20), 429]
    assert [ask("203.0.113.10:51234"), ask("[2001:db8:0:1::7]:443")] == [401, 401]


def test_a_browser_with_a_cookie_of_ours_has_an_address_too():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    request.COOKIES[client_cookie.NAME] = "secret"
    client_cookie.read(request)
    assert client_ip(request) == "192.0.2.7"
    assert request.META[client_cookie.SECRET] == "secret"


def test_a_unix_socket_has_no_address():
    assert _ip("") == ""


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_limits_count_the_network_that_a_customer_has(peer, counted):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=peer)) == counted


def test_networks_are_read_as_people_write_them():
    assert read_proxies(["10.0.0.2", " 192.0.2.0/24 "]) == [
        ip_network("10.0.0.2/32"),
        ip_network("192.0.2.0/24"),
    ]


@pytest.mark.parametrize("text", ["", "app.example.com", "10.0.0.2/24", "10.0.0.2:80"])
def test_what_is_no_network_is_named(text):
    with pytest.raises(ImproperlyConfigured, match="APPLICATION_PROXIES") as refused:
        read_proxies([text])
    assert not text or text not in str(refused.value)
