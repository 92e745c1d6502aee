"""An admin, or `manage.py reset_second_factor`, removes a second factor that its owner has lost."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts import second_factors
from accounts.models import User
from invitations.models import Event
from tests.accounts.test_second_factor import SECRET
from tests.accounts.visiting import mails, sign_in
from tests.conftest import Browser
from tests.factories import UserFactory


def protect(person):
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    data = {"name": "Phone", "credential": {}}
    Authenticator.objects.create(user=person, type="webauthn", data=data)
    return person


@pytest.fixture
def ada(db):
    return protect(UserFactory(email_address="ada@example.com", operator=True, first_name="Ada"))


def path(person):
    return f"/users/{person.pk}/second-factor/reset"


def test_an_admin_resets_what_somebody_has_lost(admin, ada, client):
    hers = Browser(ada)
    hers.get("/account")
    other = protect(UserFactory())
    assert "Reset the second factor of Ada?" in admin.get(path(ada)).text
    page = admin.post(path(ada), follow=True).text
    assert "Ada has no second factor any more" in page
    assert "Second factor reset" in page
    assert hers.get("/account").status_code == 302
    assert set(Authenticator.objects.values_list("user", flat=True)) == {other.pk}
    assert sign_in(client)["Location"] == "/"


def test_they_are_told_by_mail(admin, ada):
    admin.post(path(ada))
    [mail] = mails()
    assert mail.to == ["ada@example.com"]
    assert mail.subject == "Your second factor at Ollio is reset"
    assert "http://localhost:8000/account/second-factor" in mail.body


def test_it_is_an_event_with_who_did_it(admin, ada):
    admin.post(path(ada))
    event = Event.objects.get(kind="second_factor_reset")
    assert (event.subject, event.actor_id) == (ada.pk, admin.user.pk)


def test_where_there_is_none_nothing_happens(admin, member):
    assert "Reset second factor" not in admin.get(f"/users/{member.user.pk}").text
    admin.post(path(member.user))
    assert not mails()
    assert not Event.objects.filter(kind="second_factor_reset").exists()


def test_nobody_resets_their_own(admin):
    protect(admin.user)
    page = admin.post(path(admin.user), follow=True).text
    assert "You cannot do this to your own account" in page
    with pytest.raises(PermissionDenied):
        second_factors.reset(User.objects.get(pk=admin.user.pk), by=admin.user)
    assert Authenticator.objects.count() == 3


@pytest.mark.parametrize("role", ["user", "operator", "admin"])
def test_operators_reset_nobodys(operator, role):
    person = protect(UserFactory(role=role))
    assert "Reset second factor" not in operator.get(f"/users/{person.pk}").text
    assert operator.post(path(person)).status_code == 403
    assert Authenticator.objects.count() == 3


def test_the_command_resets_the_last_admins(admin, capsys):
    protect(admin.user)
    call_command("reset_second_factor", "Grace@example.com")
    assert "grace@example.com has no second factor any more" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert Event.objects.get(kind="second_factor_reset").actor_id == ""
    assert mails()[0].to == ["grace@example.com"]


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("nobody@example.com", "Nobody has the address nobody@example.com"),
        ("grace@example.com", "grace@example.com has no second factor"),
        ("grace", "grace is no e-mail address"),
    ],
)
def test_the_command_says_what_is_wrong(admin, address, error):
    with pytest.raises(CommandError, match=error):
        call_command("reset_second_factor", address)
