"""Ban and lock, from the dashboard and from the API: the model methods behind both."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from accounts.models.user import LOCKOUT, LastAdmin
from invitations.models import Event
from tests.factories import SecretKeyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(email_address="ada@example.com")


def kinds(user):
    events = Event.objects.filter(subject=user.pk).exclude(kind="user_created")
    return list(events.order_by("id").values_list("kind", flat=True))


def test_a_ban_ends_every_session_at_once(member, operator):
    member.get("/account")  # allauth notes which user a session belongs to
    member.user.ban(by=operator.user)
    assert member.get("/account").status_code == 302
    assert not member.user.browsers.exists()
    assert not Session.objects.filter(pk=member.cookies["ollio_session_8000"].value).exists()


def test_after_an_unban_the_old_session_stays_dead(member, operator):
    member.get("/account")
    member.user.ban(by=operator.user)
    member.user.unban(by=operator.user)
    assert member.user.is_active
    assert member.get("/account").status_code == 302


def test_repeated_verbs_are_no_error_and_no_news(ada):
    for verb in ("ban", "ban", "unban", "unban", "lock", "unlock", "unlock"):
        getattr(ada, verb)(by=None)
    assert kinds(ada) == ["banned", "unbanned", "locked", "unlocked"]


def test_the_first_ban_is_the_one_that_counts(ada):
    ada.ban(by=None)
    first = ada.banned_at
    ada.ban(by=None)
    assert ada.banned_at == first


def test_a_lock_lasts_an_hour_from_the_last_one(ada):
    ada.lock(by=None)
    assert ada.is_locked
    assert ada.locked_until - ada.locked_at == LOCKOUT == timedelta(hours=1)
    assert 3590 < ada.lockout_seconds <= 3600
    first = ada.locked_until
    ada.lock(by=None)
    assert ada.locked_until >= first


def test_a_lock_is_over_by_the_databases_clock(ada):
    past = timezone.now() - timedelta(seconds=1)
    User.objects.update(locked_at=past, locked_until=past)
    for user in (User.objects.get(), User.objects.timed().get()):
        assert not user.is_locked
        assert user.lockout_seconds is None


def test_what_is_locked_until_somebody_unlocks_stays_so(ada):
    User.objects.update(locked_at=timezone.now(), locked_until=None)
    ada.lock(by=None)
    assert ada.is_locked
    assert ada.lockout_seconds is None
    ada.unlock(by=None)
    assert not ada.is_locked


@pytest.mark.parametrize("verb", ["ban", "unban", "lock", "unlock", "erase"])
def test_only_admins_touch_operators_accounts(verb, operator):
    other = UserFactory(operator=True)
    for asker in (operator.user, SecretKeyFactory(), UserFactory()):
        for _again in range(3):
            with pytest.raises(PermissionDenied):
                getattr(other, verb)(by=asker)
    assert kinds(other) == ["role_changed"]
    getattr(other, verb)(by=UserFactory(admin=True))


@pytest.mark.parametrize("verb", ["ban", "unban", "lock", "unlock", "erase"])
def test_who_may_not_manage_users_changes_nobody(verb, ada, operator, member):
    operator.user.user_permissions.filter(codename="manage_users").delete()
    for asker in (User.objects.get(pk=operator.user.pk), member.user):
        with pytest.raises(PermissionDenied):
            getattr(ada, verb)(by=asker)
    assert kinds(ada) == []


@pytest.mark.parametrize("verb", ["ban", "lock", "erase"])
def test_the_last_admin_stays(verb, admin):
    with pytest.raises(LastAdmin):
        getattr(admin.user, verb)(by=admin.user)
    assert User.objects.get(pk=admin.user.pk).is_active
    second = UserFactory(admin=True)
    getattr(admin.user, verb)(by=second)
    with pytest.raises(LastAdmin):
        getattr(second, verb)(by=second)


def test_an_admin_who_is_banned_or_locked_does_not_count_as_left(admin):
    second = UserFactory(admin=True)
    second.ban(by=admin.user)
    with pytest.raises(LastAdmin):
        admin.user.end_operator(by=admin.user)
    second.erase(by=admin.user)  # a banned admin may be erased
    assert User.objects.count() == 1
