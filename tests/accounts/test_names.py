"""Which names people may have: a name is shown exactly as it was typed. A name that looks like a link stays out of
mails.
"""

import pytest
from django.core.exceptions import ValidationError

from accounts.forms.fields import ApplicationNameField, NameField
from accounts.models import User
from config.mail import display_name
from invitations.models import Invitation
from tests.factories import PASSWORD
from tests.invitations.test_mail_content import mail_of

pytestmark = pytest.mark.django_db

SHAPED = [
    "علی\u200cرضا",
    "مهر\u200cداد",
    "क\u094d\u200dष",
    "র\u200d\u09cdয\u09be\u09ac",
    "അനില\u0d4d\u200d",
    "ශ\u0dca\u200dර\u0dd3",
    "\u2764\ufe0f Ada",
    "👩🏽\u200d🚀 Grace",
    "🏳\ufe0f\u200d🌈 Alan",
    "1\ufe0f\u20e3 Ada",
    "葛\U000e0100城",
]
LIKE_LINKS = [
    "C.S.Lewis",
    "St.John",
    "Md.Rahman",
    "evil.example",
    "https://evil.example",
    "a@b.example",
]
UNSEEN = [
    "Ada\u200d",
    "A\u200dda",
    "\u200cAda",
    "А\u200cда",
    "علی\u200c\u200cرضا",
    "علی\u200c",
    "Ada\ufe0f",
    "A\U000e0100da",
    "Ada1\ufe0f",
    "\u2764\ufe0f\ufe0f",
    "\u202eadA",
    "A\u200bda",
    "\u3164",
    "two\nlines",
]


@pytest.mark.parametrize("name", SHAPED + LIKE_LINKS)
def test_a_lawful_name_is_taken_at_sign_up(stranger, name):
    said = {"email_address": "ada@example.com", "password": PASSWORD, "first_name": name}
    answer = stranger.post("/sign-up", said)
    assert answer["Location"] == "/sign-up/code"


@pytest.mark.parametrize("name", SHAPED + LIKE_LINKS)
def test_it_stays_as_it_was_written(member, name):
    member.post("/account", {"first_name": name, "last_name": ""})
    assert User.objects.get(pk=member.user.pk).first_name == name


@pytest.mark.parametrize("name", SHAPED + LIKE_LINKS)
def test_a_key_may_give_it_too(api, name):
    said = {
        "email_address": ["ada@example.com"],
        "first_name": name,
        "skip_password_requirement": True,
    }
    answer = api.post("/v1/users", said, content_type="application/json")
    assert answer.json()["first_name"] == name


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_is_no_part_of_a_name(name):
    with pytest.raises(ValidationError, match="visible characters"):
        NameField().clean(name)


@pytest.mark.parametrize("name", SHAPED)
def test_a_mail_shows_it_as_it_was_written(name):
    assert display_name(name) == name


@pytest.mark.parametrize("name", [*LIKE_LINKS, "evil.भारत", "ईविल.कॉम", "evil.भ\u094d\u200dर"])
def test_a_mail_leaves_out_what_looks_like_a_link(name):
    assert display_name(name) == ""


def test_who_invites_under_such_a_name_is_left_out_of_the_mail(operator):
    operator.post("/account", {"first_name": "https://evil.example", "last_name": ""})
    operator.post("/invitations/new", {"email_address": "ada@example.com"})
    email = mail_of(Invitation.objects.get())
    assert email.subject == "You are invited to Acme"
    assert "evil" not in email.message().as_string()


@pytest.mark.parametrize("name", LIKE_LINKS)
def test_an_application_needs_a_name_that_mails_can_say(name):
    with pytest.raises(ValidationError, match="without links"):
        ApplicationNameField().clean(name)
