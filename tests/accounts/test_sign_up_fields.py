"""A sign-up form with extra fields that are named like model fields changes no row by them."""

import pytest
from django.db.models import BooleanField, DateTimeField, JSONField

from accounts.models import User
from invitations.models import Invitation
from tests.accounts.test_sign_up import arrive
from tests.accounts.test_sign_up_code import mailed_code
from tests.factories import PASSWORD, InvitationFactory

pytestmark = pytest.mark.django_db
CHANGED_BY_ACCEPTING = {"accepted_at", "accepted_user_id", "updated_at"}
ASKED = {"password", "first_name", "last_name"}


def hostile(field):
    if isinstance(field, BooleanField):
        return str(not field.get_default())
    if isinstance(field, DateTimeField):
        return "2001-02-03T04:05:06Z"
    if isinstance(field, JSONField):
        return '{"hostile": 1}'
    return "operator" if field.choices else "hostile@example.com"


def posted(*, but):
    """Return every field of both models, by name and by column."""
    fields = [*User._meta.get_fields(), *Invitation._meta.get_fields()]
    concrete = [field for field in fields if field.concrete and not field.many_to_many]
    names = {name: hostile(field) for field in concrete for name in (field.name, field.attname)}
    more = {"groups": "1", "user_permissions": "1", "grant": "operator", "role": "admin"}
    return {name: text for name, text in {**names, **more}.items() if name not in but}


def assert_nothing_was_applied(row, said):
    applied = {
        name
        for name, value in row.items()
        if name in said and (str(value) == said[name] or "hostile" in str(value))
    }
    assert applied == set()
    assert "2001-02-03" not in str(row)


def test_an_invited_person_changes_no_other_field(stranger):
    before = Invitation.objects.values().get(pk=InvitationFactory().pk)
    arrive(stranger, Invitation.objects.get())
    said = posted(but=ASKED)
    stranger.post("/sign-up", {**said, "password": PASSWORD})
    after = Invitation.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == CHANGED_BY_ACCEPTING
    assert_nothing_was_applied(User.objects.values().get(), said)
    assert User.objects.get().email_address == before["email_address"]
    assert not User.objects.get().user_permissions.exists()


def test_a_stranger_changes_no_other_field_on_either_page(stranger):
    said = posted(but=ASKED | {"email_address"})
    form = {**said, "email_address": "eve@example.com", "password": PASSWORD}
    stranger.post("/sign-up", form)
    stranger.post("/sign-up/code", {**said, "code": mailed_code()})
    assert_nothing_was_applied(User.objects.values().get(), said)
    assert User.objects.get().signup_grant == "public"
    assert not Invitation.objects.exists()


def test_an_empty_password_with_a_flag_is_an_error_at_the_password(stranger):
    """The flag is ignored, and the ticket stays valid."""
    arrive(stranger, InvitationFactory(public_metadata={"is_superuser": True, "role": "owner"}))
    page = stranger.post("/sign-up", {"password": "", "is_staff": "1"})
    assert page.context["form"].errors["password"]
    assert Invitation.objects.get().status == "pending"
    stranger.post("/sign-up", {"password": PASSWORD, "is_staff": "1", "is_superuser": "1"})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert user.public_metadata == {"is_superuser": True, "role": "owner"}
    assert not any(user.may(right) for right in ("invite", "manage_users", "configure", "admin"))
