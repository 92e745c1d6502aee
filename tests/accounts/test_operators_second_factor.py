"""Settings → Operators need a second factor: how long they may take to add one, and what they can open after that."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Application, User
from config import urls
from config.database import now
from invitations.models import Event
from tests.accounts.test_second_factor import SECRET, current_code
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory
from tests.test_doors import PAGES, routes

ENROLMENT = "/account/second-factor"
BACK_ROOM = sorted({path for _name, path in routes() if path.startswith("/back-room/")})
SHUT = [path for name, path in PAGES if name not in urls.PUBLIC | urls.ENROLMENT]


def require(*, days=0, since=None):
    """Turn the requirement on, as of some days ago, with the given number of days to add a factor."""
    Application.objects.current()
    Application.objects.update(
        second_factor_required_at=since or now(), second_factor_grace_days=days
    )


def notice(browser, page="/users"):
    return "Add a second factor by" in browser.get(page).text


def save(browser, rule="required", days=7):
    said = {"is_required": rule, "grace_days": days}
    return browser.post("/settings/second-factor", said, follow=True)


def test_an_admin_requires_it(admin):
    assert "Operators need a second factor now" in save(admin, days=3).text
    application = Application.objects.current()
    assert application.second_factor_grace_days == 3
    assert abs(application.second_factor_required_at - now()) < timedelta(minutes=1)
    event = Event.objects.get(kind="settings_changed")
    assert event.detail["changed"] == {"second_factor_required": True, "grace_days": 3}


def test_it_is_off_at_first(operator, admin):
    assert admin.get("/settings").context["factor_form"].initial == {
        "is_required": "off",
        "grace_days": 7,
    }
    assert not notice(operator)


def test_saved_once_more_the_time_goes_on(admin):
    require(days=7, since=now() - timedelta(days=2))
    before = Application.objects.current().second_factor_required_at
    save(admin, days=7)
    assert not Event.objects.filter(kind="settings_changed").exists()
    save(admin, days=9)
    assert Application.objects.current().second_factor_required_at == before


def test_turned_off_it_asks_nothing(admin):
    require(days=7)
    assert "Operators need no second factor" in save(admin, "off").text
    assert not notice(admin)


@pytest.mark.parametrize(
    ("rule", "days"), [("required", -1), ("required", 15), ("required", ""), ("maybe", 7), ("", 7)]
)
def test_what_cannot_be_is_refused(admin, rule, days):
    assert "needs a change" in save(admin, rule, days).text
    assert Application.objects.current().second_factor_required_at is None


def test_no_row_gives_more_than_14_days(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        require(days=15)


def test_only_admins_require_it(operator):
    assert save(operator).status_code == 404
    application = Application.objects.current()
    with pytest.raises(PermissionDenied):
        application.require_second_factor(by=operator.user, is_required=True, grace_days=0)


def test_an_admin_without_one_is_warned(admin):
    warning = "You have no second factor yourself"
    assert warning in admin.get("/settings").text
    TOTP.activate(admin.user, SECRET)
    assert warning not in admin.get("/settings").text


def test_during_the_time_each_page_tells_its_end(operator, admin):
    require(days=7)
    assert notice(operator)
    assert notice(operator, "/invitations")
    assert notice(admin, "/settings")
    assert notice(operator, ENROLMENT)


def test_an_app_or_a_passkey_ends_the_notice(operator, admin):
    require(days=0)
    TOTP.activate(operator.user, SECRET)
    data = {"name": "Phone", "credential": {}}
    Authenticator.objects.create(user=admin.user, type="webauthn", data=data)
    for browser in (operator, admin):
        assert browser.get("/users").status_code == 200
        assert not notice(browser)


def test_who_is_no_operator_owes_nothing(member):
    require(days=0)
    assert member.get("/account").status_code == 200


def test_the_time_of_a_new_operator_begins_with_the_role(db):
    require(days=7, since=now() - timedelta(days=30))
    new, old = UserFactory(operator=True), UserFactory(operator=True)
    User.objects.filter(pk=old.pk).update(operator_since=now() - timedelta(days=20))
    old.refresh_from_db()
    old.make_admin(by=None)  # already an operator: their time does not start again
    assert notice(Browser(new))
    assert Browser(old).get("/users")["Location"] == ENROLMENT


def test_the_first_admin_has_a_role_since_then(db):
    admin = User.objects.create_superuser("grace@example.com", PASSWORD)
    admin.refresh_from_db()
    assert abs(admin.operator_since - now()) < timedelta(minutes=1)
    admin.make_admin(by=None)
    UserFactory(admin=True)
    admin.end_operator(by=None)
    assert admin.operator_since is None


@pytest.fixture
def late(db):
    require(days=7, since=now() - timedelta(days=8))
    user = UserFactory(admin=True)
    User.objects.filter(pk=user.pk).update(operator_since=now() - timedelta(days=30))
    return Browser(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("path", [*SHUT, *BACK_ROOM, "/back-room/accounts/user/"])
def test_after_the_time_every_operators_page_leads_to_adding_one(late, path):
    if "^" in path:
        path = "/back-room/anything"
    for method in (late.get, late.post, late.put, late.delete):
        assert method(path)["Location"] == ENROLMENT
    assert late.htmx("post", path)["HX-Redirect"] == ENROLMENT


def test_there_are_many_such_pages():
    assert len(SHUT) > 30
    assert "/users" in SHUT
    assert "/account" in SHUT


def test_after_the_time_one_can_be_added(late):
    assert "Add a second factor to go on" in late.get(ENROLMENT).text
    late.post("/account/reauthenticate", {"password": PASSWORD})
    secret = late.get("/account/second-factor/app").context["form"].secret
    answer = late.post("/account/second-factor/app", {"code": current_code(secret)})
    assert "Your recovery codes" in answer.text
    assert late.get("/users").status_code == 200


def test_after_the_time_one_can_sign_out(late):
    assert late.post("/sign-out").status_code == 302
    assert late.get(ENROLMENT)["Location"].startswith("/sign-in")
