"""The response of a public page does not depend on what the mail server says."""

import pytest
from django.core.cache import cache
from django.test import Client

from invitations.models import MailChannel, Message
from tests.accounts.test_telling_who_exists import plain
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.signing_up import CODES

KNOWN, UNKNOWN, INVITED = "known@example.com", "other@example.com", "asked@example.com"
EVERYBODY = [KNOWN, UNKNOWN, INVITED]


@pytest.fixture(autouse=True)
def people(world, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.LIMITS = dict.fromkeys(["sign_up", "sign_in_page", *CODES], 1000)
    UserFactory(email_address=KNOWN)
    InvitationFactory(email_address=INVITED)


def answers(address):
    """Return every response of the pages that send mail, as a stranger sees them."""
    cache.clear()  # allauth counts attempts in the cache
    browser, forgetful = Client(), Client()
    said = [browser.post("/sign-up", {"email_address": address, "password": PASSWORD})]
    said += [browser.get("/sign-up/code"), browser.post("/sign-up/code/again", follow=True)]
    said += [browser.post("/sign-up/code", {"code": "000000"})]
    said += [forgetful.post("/password/reset", {"email": address}, follow=True)]
    return [plain(answer, address) for answer in said]


def test_a_server_that_refuses_all_changes_no_public_answer(world, sink):
    before = [answers(address) for address in EVERYBODY]
    for address, way in zip(EVERYBODY, ["550", "450", "554 data"], strict=True):
        sink.script(address, *[way] * 20)
    world.run_worker()
    assert sink.mails == []
    assert set(Message.objects.values_list("state", flat=True)) <= {"queued", "failed", "cancelled"}
    assert [answers(address) for address in EVERYBODY] == before


def test_a_server_that_is_away_changes_no_public_answer(world, sink):
    before = [answers(address) for address in EVERYBODY]
    sink.stop()
    world.run_worker()
    assert MailChannel.objects.get().pause_reason or Message.objects.filter(attempts=1).exists()
    assert [answers(address) for address in EVERYBODY] == before
