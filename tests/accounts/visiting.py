"""What a person does and sees at sign-in, in a word."""

import re

from invitations.delivery.outbox import restore
from invitations.models import Message
from tests.factories import PASSWORD

_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')


def sign_in(client, address="ada@example.com", password=PASSWORD, **more):
    return client.post("/sign-in", {"login": address, "password": password, **more})


def masked(answer, *, address):
    """A page without what differs from one visit to the next (T-K1)."""
    return _CHANGING.sub("", answer.content.decode()).replace(address, "ADDRESS")


def mails():
    """All that would leave, oldest first."""
    return [restore(message) for message in Message.objects.order_by("created_at", "id")]


def code_of(mail):
    return re.search(r"^\d{6}$", mail.body, re.MULTILINE)[0]
