import pytest

from invitations.targets import InvalidTarget, clean_target

FORMAT = "form_param_format_invalid"
VALUE = "form_param_value_invalid"

ACCEPTED = [
    ("https://app.example.com/hi?plan=pro#top", "https://app.example.com/hi?plan=pro#top"),
    ("HTTPS://App.Example.COM:443/x", "https://app.example.com/x"),
    ("https://app.example.com", "https://app.example.com"),
    ("https://app.example.com/", "https://app.example.com/"),
    ("https://app.example.com?a=1", "https://app.example.com?a=1"),
    ("https://app.example.com:8443/x", "https://app.example.com:8443/x"),
    ("https://app.example.com:80/x", "https://app.example.com:80/x"),
    ("https://app.example.com:65535/x", "https://app.example.com:65535/x"),
    ("https://intranet/x", "https://intranet/x"),
    ("https://qa--shop.example.com/", "https://qa--shop.example.com/"),
    ("https://10.0.0.1/x", "https://10.0.0.1/x"),
    ("https://[2001:DB8:0:0::1]:443/x", "https://[2001:db8::1]/x"),
    ("https://[::ffff:1.2.3.4]/", "https://[::ffff:102:304]/"),
    ("http://localhost:5173/cb", "http://localhost:5173/cb"),
    ("http://LOCALHOST:80/cb", "http://localhost/cb"),
    ("http://Tenant.localhost:3000/cb", "http://tenant.localhost:3000/cb"),
    ("http://a.b.localhost/", "http://a.b.localhost/"),
    ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
    ("http://127.8.9.10/", "http://127.8.9.10/"),
    ("http://[::1]:3000/", "http://[::1]:3000/"),
    ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ("https://MÜNCHEN.example/", "https://xn--mnchen-3ya.example/"),
    ("https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"),
    ("https://a.example/a/./b/../c", "https://a.example/a/c"),
    ("https://a.example/a/b/..", "https://a.example/a/"),
    ("https://a.example/a/b/.", "https://a.example/a/b/"),
    ("https://a.example/../../x", "https://a.example/x"),
    ("https://a.example/a/%2e%2E/x", "https://a.example/x"),
    ("https://a.example/a/.%2e%2f/x", "https://a.example/a/.%2e%2f/x"),
    ("https://a.example/a//../b", "https://a.example/a/b"),
    ("https://a.example/..//b", "https://a.example//b"),
    ("https://a.example/%252e%252e/%C3%A9/%zz", "https://a.example/%252e%252e/%C3%A9/%zz"),
    ("https://a.example/é?é=1#é", "https://a.example/%C3%A9?%C3%A9=1#%C3%A9"),
    ("https://a.example/?u=https://b.example/..#/../a", None),
    ("https://a.example/?x={1}|[2]&__clerk=1#?__clerk_ticket=no", None),
    ("https://a.example/__clerk_ticket=1", None),
    ("https://a.example/?my__clerk_ticket=1", None),
    ("https://a.example/a@b:c", None),
    ("https://a.example/" + "x" * (2048 - 18), None),
]

REFUSED = [
    "",
    " ",
    "https://",
    "https:",
    "https:///evil.example/a",
    "https:/evil.example/a",
    "https:evil.example/a",
    "//evil.example/a",
    "/a",
    "evil.example",
    "?a",
    "JavaScript:fetch('/')",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,x",
    "ftp://a.example/",
    "myapp://callback",
    "http://app.example.com/",
    "http://localhost.example.com/",
    "http://app.localhost.example.com/",
    "http://applocalhost/",
    "http://10.0.0.1/",
    "http://[2001:db8::1]/",
    " https://a.example/",
    "https://a.example/ ",
    "https://a.example/a b",
    "https://a.example/\ta",
    "ht\ntps://a.example/",
    "https://a.example\r\n/",
    "https://a.example/\x00",
    "https://a.example/\x7f",
    "https://a.example/\x85",
    "https://a.example/\u202e",
    "https://a.example/\u200b",
    "https://a.example/\u3000",
    "https://a.example/\ufeff",
    "https://a.example/\ud800",
    "https://app.example.com\\@evil.example/a",
    "https:\\\\evil.example/a",
    "https://a.example/\\evil.example",
    "https://app.example.com@evil.example/a",
    "https://user:word@a.example/",
    "https://@a.example/",
    "https://app.example.com%2eevil.example/a",
    "https://%61.example/",
    "https://a%00.example/",
    "https://exam\u00adple.com/",
    "https://example\u3002com/",
    "https://example\uff0ecom/",
    "https://\u24d4xample.com/",
    "https://\uff45xample.com/",
    "https://\u212belvin.example/",
    "https://a.example\uff0fevil.example/",
    "https://\U0001f600.example/",
    "https://xn--a.example/",
    "https://a..example/",
    "https://.a.example/",
    "https://a.example./",
    "https://-a.example/",
    "https://a_b.example/",
    "https://*.example.com/",
    "https://a,b.example/",
    "https://3232235777/",
    "https://0xC0A80001/",
    "https://0x7f.1/",
    "https://192.168.257/",
    "https://192.168.1/",
    "https://010.0.0.1/",
    "https://256.0.0.1/",
    "https://1.2.3.4.5/",
    "https://1.2.3.4./",
    "https://a.123/",
    "https://a.0x1f/",
    "https://[::1/",
    "https://::1/",
    "https://[1.2.3.4]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1]x/",
    "https://[v1.a]/",
    "https://a.example:/",
    "https://a.example:0/",
    "https://a.example:65536/",
    "https://a.example:+80/",
    "https://a.example:8a/",
    "https://a.example:\u0663/",
    "https://a.example:80:80/",
    "https://a.example/?__clerk_ticket=1",
    "https://a.example/?a=1&__clerk_ticket",
    "https://a.example/?__clerk_status=sign_up#x",
    "https://a.example/?%5F_clerk%5fticket=1",
    "https://a.example/" + "x" * (2049 - 18),
    "https://a.example/" + "é" * 400,
]


@pytest.mark.parametrize(("given", "expected"), ACCEPTED, ids=lambda text: ascii(text)[:60])
def test_a_target_is_brought_into_its_normal_form(given, expected):
    assert cleaned(given) == (expected or given)


@pytest.mark.parametrize("given", REFUSED, ids=lambda text: ascii(text)[:60])
def test_anything_but_one_plain_https_url_is_refused(given):
    with pytest.raises(InvalidTarget) as refusal:
        cleaned(given)

    assert refusal.value.code == FORMAT


@pytest.mark.parametrize("given", [None, 5, True, ["https://a.example/"], b"https://a.example/"])
def test_only_text_can_be_a_target(given):
    with pytest.raises(InvalidTarget) as refusal:
        cleaned(given)

    assert refusal.value.code == VALUE


def cleaned(text):
    return clean_target(text, origins=[], hosted=[])
