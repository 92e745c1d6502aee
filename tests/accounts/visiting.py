"""Helpers for what a person does and sees at sign-in."""

import re

from invitations.delivery.outbox import restore
from invitations.models import Message
from tests.factories import PASSWORD

_CHANGING = re.compile(r'name="(csrfmiddlewaretoken|handle)" value="[^"]+"|nonce="[^"]+"')


def sign_in(client, address="ada@example.com", password=PASSWORD, **more):
    return client.post("/sign-in", {"login": address, "password": password, **more})


def masked(answer, *, address):
    """Return a page without the parts that differ between two visits."""
    return _CHANGING.sub("", answer.content.decode()).replace(address, "ADDRESS")


def mails():
    """Return all mails that would be sent, oldest first."""
    return [restore(message) for message in Message.objects.order_by("created_at", "id")]


def code_of(mail):
    return re.search(r"^\d{6}$", mail.body, re.MULTILINE)[0]


def change_address(browser, to):
    """Ask for the change and enter the password. Return the page that asks for the code."""
    answer = browser.post("/account/email", {"new_address": to})
    if answer["Location"].startswith("/account/reauthenticate"):
        answer = browser.post(answer["Location"], {"password": PASSWORD})
    return answer
