from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

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
        (2, "203.0.113.9", "192.0.2.7"),  # it came past one of the two
        (1, "6.6.6.6, not an address", "192.0.2.7"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
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
        (1, "203.0.113.9, 192.0.2.8", "203.0.113.9"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # anybody's, who wrote the first entry
        (1, "203.0.113.9, 192.0.2.8, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_an_application_is_believed_by_its_address(settings, count, forwarded, client):
    settings.TRUSTED_PROXY_COUNT = count
    settings.APPLICATION_PROXIES = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]
    assert _ip("192.0.2.7", forwarded) == client


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
    with pytest.raises(ImproperlyConfigured, match="APPLICATION_PROXIES"):
        read_proxies([text])
