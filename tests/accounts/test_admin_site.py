"""A superuser opens every URL and runs every action of the Django admin. A change of state always writes an event."""

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.urls import NoReverseMatch, reverse

from accounts.models import Application, SecurityEvent
from invitations.models import Event, Invitation
from tests.factories import (
    EventFactory,
    InvitationFactory,
    MessageFactory,
    SecretKeyFactory,
    UserFactory,
)

PATH = "/back-room/"


def text(response):
    return " ".join(response.content.decode().split())


def rows():
    """Return every row of ours, except those that a visit may write."""
    models = [
        model
        for app in ("accounts", "invitations", "account", "auth")
        for model in apps.get_app_config(app).get_models()
    ]
    ours = [model for model in models if model not in {Event, SecurityEvent}]
    return {model: sorted(map(str, model.objects.values())) for model in ours}


@pytest.fixture
def everything(db):
    Application.objects.current()
    MessageFactory()
    InvitationFactory(accepted=True)
    SecretKeyFactory()
    EventFactory()
    UserFactory()


def urls():
    yield from (PATH, f"{PATH}accounts/", f"{PATH}invitations/")
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        for pk in model._default_manager.values_list("pk", flat=True)[:1]:
            for page in ("change", "delete", "history"):
                yield reverse(f"{name}_{page}", args=[pk])


def test_no_url_changes_anything(admin, everything):
    before, events = rows(), Event.objects.count()
    for url in list(urls()):
        assert admin.get(url).status_code in {200, 403}, url
        for data in (
            {},
            {"post": "yes"},
            {"_save": "Save", "email_address": "evil@example.com", "name": "evil"},
        ):
            assert admin.post(url, data).status_code in {200, 302, 403, 405}, url
    assert rows() == before
    assert Event.objects.count() == events


def test_revoke_is_the_only_action_and_calls_the_verb(admin, everything):
    changelist = reverse("admin:invitations_invitation_changelist")
    data = {
        "action": "revoke",
        "_selected_action": list(Invitation.objects.values_list("pk", flat=True)),
    }
    answer = admin.post(changelist, data, follow=True)
    assert "1 invitation revoked" in text(answer)
    assert "stays as it is: accepted" in text(answer)
    assert sorted(each.status for each in Invitation.objects.all()) == ["accepted", "revoked"]
    assert Event.objects.get(kind="revoked").actor_id == admin.user.id
    for model_admin in django_admin.site._registry.values():
        expected = ["revoke"] if model_admin.model is Invitation else []
        assert list(model_admin.get_actions(answer.wsgi_request)) == expected


def test_no_hash_is_shown(admin, everything):
    key, user = SecretKeyFactory(), admin.user
    assert key.hash not in text(
        admin.get(reverse("admin:accounts_secretkey_change", args=[key.pk]))
    )
    assert user.password not in text(
        admin.get(reverse("admin:accounts_user_change", args=[user.pk]))
    )


def test_other_apps_bring_no_forms():
    assert {model._meta.app_label for model in django_admin.site._registry} == {
        "accounts",
        "invitations",
    }


def test_the_password_is_changed_elsewhere(admin):
    assert admin.get(f"{PATH}password_change/")["Location"] == reverse("account_change_password")


def test_only_admins_come_in(stranger, member, operator):
    assert stranger.get(PATH)["Location"].startswith("/sign-in")
    assert stranger.get(f"{PATH}login/")["Location"].startswith("/sign-in")
    assert member.get(PATH).status_code == 404
    for path in ("", "login/", "invitations/invitation/"):
        assert operator.get(f"{PATH}{path}", follow=True).status_code == 404


def test_there_is_no_admin_of_unknown_models():
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")
