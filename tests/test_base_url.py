"""BASE_URL: usable spellings are normalised as browsers do it; all others are refused with an error that says what to
write.
"""

import re

import pytest

from config import usable
from config.usable import Unusable


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://ollio.example.com", "https://ollio.example.com"),
        ("https://Ollio.Example.com/", "https://ollio.example.com"),
        ("https://ollio.example.com.", "https://ollio.example.com"),
        ("HTTPS://ollio.example.com:443", "https://ollio.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://192.0.2.7:8000", "http://192.0.2.7:8000"),
        ("https://[2001:db8::10]", "https://[2001:db8::10]"),
        ("https://[2001:DB8:0::10]:8443", "https://[2001:db8::10]:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://ollio.example.com/in/Vite/", "https://ollio.example.com/in/Vite"),
    ],
)
def test_what_can_be_used_is_written_as_browsers_do(said, meant):
    assert usable.base_url(said) == meant


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "must begin with https://"),
        ("ollio.example.com", "must begin with https://"),
        ("htps://ollio.example.com", "must begin with https://"),
        ("https:///horses", "must begin with https://"),
        ("https://ollio.example.com/?a=horses", "has a query"),
        ("https://ollio.example.com/#horses", "has a query or a fragment"),
        ("https://ada:horses@ollio.example.com", "names a user"),
        ("https://oll_io.example.com", "has a host that is none"),
        ("https://horses..example.com", "has a host that is none"),
        ("https://127.1", "has a host that is none"),
        ("https://[2001:db8::horses]", "has a host that is none"),
        ("https://[2001:db8::10", "has a host that is none"),
        ("https://ollio.example.com:horses", "has a port that is none"),
        ("https://ollio.example.com:0", "has a port that is none"),
        ("https://ollio.example.com:65536", "has a port that is none"),
        ("https://2001:db8::10", "write it as in //[2001:db8::10]"),
        ("https://2001:db8::10:8443/horses", "an IPv6 address without brackets"),
        ("https://::1", "an IPv6 address without brackets"),
        ("https://ollio. example.com", "holds a space"),
        ("https://ollio.example.com\\horses", "holds a space, a backslash"),
        ("https://ollio.exam\u200bple.com", "an invisible character"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_mend(said, words):
    with pytest.raises(Unusable, match=re.escape(words)) as fault:
        usable.base_url(said)
    assert "horses" not in str(fault.value)


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (usable.mail_server, "smtp+tls://u:horses@2001:db8::10"),
        (usable.mail_server, "smtp://2001:db8::10:25"),
        (usable.database, "postgres://u:horses@2001:db8::10/ollio"),
        (usable.database, "postgres://u:horses@fe80::1%25eth0/ollio"),
        (usable.service, "https://2001:db8::10/range/"),
    ],
)
def test_an_ipv6_address_elsewhere_needs_its_brackets_too(reader, said):
    with pytest.raises(Unusable, match="an IPv6 address without brackets") as fault:
        reader(said)
    assert "horses" not in str(fault.value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("*", "opens it to all"),
        ("a.example, *.example", "a dot in front"),
        ("https://a.example", "hosts alone"),
        ("a.example:8000", "take out the ports"),
        ("[2001:db8::1]:8000", "take out the ports"),
        ("a_b.example", "has a host that is none"),
    ],
)
def test_hosts_are_refused_that_no_request_could_name(said, words):
    with pytest.raises(Unusable, match=words):
        usable.hosts(said)


@pytest.mark.parametrize(
    ("hostname", "domain"),
    [
        ("ollio.example", "ollio.example"),
        ("192.0.2.7", "[192.0.2.7]"),
        ("2001:db8::10", "[IPv6:2001:db8::10]"),
    ],
)
def test_mail_comes_from_a_host_that_has_no_name_too(hostname, domain):
    assert usable.mail_domain(hostname) == domain
    assert usable.sender(f"Ollio <ollio@{domain}>") == f"Ollio <ollio@{domain}>"
