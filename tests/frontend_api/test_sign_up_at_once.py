"""Two requests for one sign-up at once: each works on the row that it has read, or not at all. A code proves the
mailbox that it was sent to, even if the address changes at that moment.
"""

from functools import partial

import pytest
from django.test import RequestFactory

from accounts.addresses import normalise_email
from accounts.models import CodeRefused, SignUp
from accounts.sign_up import begin, complete, finish, say, send_code
from config.database import DatabaseNow
from tests.accounts.visiting import mails
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import attempt, begun, mailed_code, prepare

pytestmark = pytest.mark.django_db

ADA, EVE = normalise_email("ada@example.com"), normalise_email("eve@example.com")


def asked():
    return RequestFactory().post("/")


def read(sign_up):
    """Read the sign-up, as another request does."""
    return SignUp.objects.get(pk=sign_up.pk)


def test_a_code_on_its_way_does_not_prove_the_address_said_again(application):
    begun = begin(address=ADA, password=PASSWORD)
    slow = read(begun)
    say(begun, address=EVE)
    send_code(begun, request=asked())
    with pytest.raises(CodeRefused, match="done"):
        say(slow, address=ADA, password=f"{PASSWORD} again")
    assert finish(read(begun), code=mailed_code()).email_address == EVE.email_address


def test_a_proof_is_not_carried_to_the_address_said_again(application):
    begun = begin(address=ADA)
    slow = read(begun)
    say(begun, address=EVE)
    send_code(begun, request=asked())
    assert finish(begun, code=mailed_code()) is None
    with pytest.raises(CodeRefused, match="done"):
        say(slow, address=ADA, password=PASSWORD)
    say(begun, password=PASSWORD)
    assert complete(begun).email_address == EVE.email_address


def test_no_code_leaves_for_an_address_that_was_changed_meanwhile(application):
    begun = begin(address=EVE, password=PASSWORD)
    slow = read(begun)
    say(begun, address=ADA)
    with pytest.raises(CodeRefused, match="done"):
        send_code(slow, request=asked())
    assert read(begun).code_sent_at is None
    assert mails() == []


def test_a_password_said_while_the_code_is_tried_finishes_the_sign_up(browser, before):
    path = begun(browser, email_address=EVE.email_address)
    prepare(browser, path)
    before(SignUp, "spend", happens=lambda: say(SignUp.objects.get(), password=PASSWORD))
    assert attempt(browser, path, mailed_code()).json()["response"]["status"] == "complete"


def test_a_mail_that_does_not_leave_is_not_counted_as_having_told(application, before):
    UserFactory(email_address=EVE.email_address)
    begun = begin(address=EVE, password=PASSWORD)
    just_now = partial(SignUp.objects.update, code_sent_at=DatabaseNow())
    before(SignUp, "new_code", happens=just_now)
    with pytest.raises(CodeRefused, match="too_soon"):
        send_code(begun, request=asked())
    send_code(read(begun), request=asked())
    assert len(mails()) == 1
