"""The text of mails, also with hostile names in it."""

import re
from html.parser import HTMLParser

import pytest

from accounts.models import Application, Purpose
from config.mail import compose, display_name
from invitations.emails import invitation_message
from tests.factories import InvitationFactory

ADA = "ada@example.com"
RAW = "olt_" + "x" * 43
LINK = f"http://localhost:8000/v1/tickets/accept?ticket={RAW}"
# Text that a mail client may turn into a link by itself.
CLICKABLE = re.compile(r"\S*(?:://|www\.|mailto:|@|\w\.[a-z]{2,})\S*", re.IGNORECASE)
HOSTILE = [
    "<b>bold</b><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</mj-text><mj-button href='https://evil.example'>Win</mj-button>",
    "<a href=//evil.example>Win</a>",
    "{{7*7}} {% debug %}",
    "Eve\r\nBcc: eve@example.net",
    "Win at https://evil.example/now",
    "www.evil.example",
    "evil.example",
    "evil。example",
    "evil．example",
    "eve@example.net",
    "javascript:alert(1)",
    "192.0.2.1",
    "\u202egnp.elpmaxe\u202c",
    "z\u200bero\u0000width",
    "long " * 60,
]

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.links, self.tags = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [
            value for name, value in attrs if name in {"href", "src", "background", "action"}
        ]


def mail_of(invitation, *, name="Acme"):
    return invitation_message(invitation, raw_ticket=RAW, application=Application(name=name))


def html_of(email):
    return email.alternatives[0].content


def test_an_invitation_says_what_its_reader_must_know():
    email = mail_of(InvitationFactory(inviter_name="Grace O'Hopper"))
    assert email.subject == "Grace O'Hopper invites you to Acme"
    for part in (email.body, html_of(email).replace("&#x27;", "'")):
        assert "Grace O'Hopper invites you to Acme" in part
        assert LINK in part
        assert re.search(r"The link ends on \d+ \w+ \d{4} at \d\d:\d\d UTC\.", part)
        assert "If you did not expect this, ignore it" in part


def test_an_inviter_without_a_name_is_left_out():
    assert mail_of(InvitationFactory(inviter_name="")).subject == "You are invited to Acme"


def test_a_secret_key_is_nobody_who_invites():
    email = mail_of(InvitationFactory(inviter_type="secret_key", inviter_name="Production"))
    assert "Production" not in email.message().as_string()


def test_metadata_is_never_mailed():
    email = mail_of(InvitationFactory(public_metadata={"role": "zookeeper"}))
    assert "zookeeper" not in email.message().as_string()


def test_an_invitation_has_one_button_and_loads_nothing():
    assert Links(html_of(mail_of(InvitationFactory()))).links == [LINK]


def test_a_mail_knows_dark_mode():
    html = html_of(mail_of(InvitationFactory()))
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_do_nothing(name):
    invitation = InvitationFactory(email_address=ADA)
    invitation.inviter_name = name  # not saved: PostgreSQL would refuse some of these
    email = mail_of(invitation, name=name)
    sent = email.message()
    assert email.recipients() == [ADA]
    assert sent["Bcc"] is None
    assert "\n" not in email.subject
    assert CLICKABLE.findall(email.body) == [LINK]
    assert not CLICKABLE.search(email.subject)
    page = Links(html_of(email))
    assert page.links == [LINK]
    assert not page.tags & {"script", "img", "iframe", "form", "b"}
    assert "49" not in email.subject


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Grace Hopper", "Grace Hopper"),
        ("  Grace \t\n Hopper ", "Grace Hopper"),
        ("Dr. J. R. R. Tolkien", "Dr. J. R. R. Tolkien"),
        ("Zoë & Søren AG", "Zoë & Søren AG"),
        ("株式会社アクメ", "株式会社アクメ"),
        ("x" * 80, "x" * 64),
        ("a\u202eb", "a b"),
        ("acme.example", ""),
    ],
)
def test_names_are_cleaned_for_mail(name, shown):
    assert display_name(name) == shown


@pytest.mark.parametrize(
    ("template", "context", "links"),
    [
        *(
            ("code", {"code": "042137", "minutes": 10, "purpose": purpose}, [])
            for purpose in Purpose
        ),
        (
            "account_exists",
            {"sign_in": "https://a.test/in", "reset": "https://a.test/re"},
            ["https://a.test/in", "https://a.test/re"],
        ),
        ("account", {"subject": "Changed <b>", "text": "One <b>.\n\nTwo."}, []),
    ],
)
def test_every_message_is_composed_in_the_same_frame(template, context, links):
    email = compose(template, to="ada@example.com", context={"application": "Acme", **context})
    page = Links(html_of(email))
    assert page.links == links
    assert "b" not in page.tags
    assert "Acme" in html_of(email)
    assert CLICKABLE.findall(email.body) == links
