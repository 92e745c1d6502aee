"""Changing and deleting a user: the model methods that the dashboard and the API call."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.metadata import InvalidMetadata
from accounts.models import EmailIdentity, User
from accounts.models.user import IdentifierTaken, NotTheirAddress
from config import counters
from invitations.models import Event
from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(email_address="ada@example.com", further_addresses=["countess@example.com"])


@pytest.fixture
def key():
    return SecretKeyFactory()


def test_a_change_is_stored_and_told_by_its_fields(ada, key):
    ada.change(by=key, first_name="Ada", username="ada", locale="en-GB")
    assert (ada.first_name, ada.username, ada.locale) == ("Ada", "ada", "en-GB")
    event = Event.objects.get(subject=ada.pk, kind="changed")
    assert (event.actor_id, event.detail) == (
        key.id,
        {"fields": ["first_name", "locale", "username"]},
    )


def test_no_difference_is_no_change(ada, key):
    before = ada.updated_at
    ada.change(by=key, first_name="", external_id=None)
    assert ada.updated_at == before
    assert not Event.objects.filter(subject=ada.pk, kind="changed").exists()


def test_nothing_else_can_be_set_by_it(ada, key):
    for field in ("is_staff", "is_superuser", "banned_at", "email_address", "public_metadata"):
        with pytest.raises(TypeError):
            ada.change(by=key, **{field: True})


def test_names_of_operators_may_be_changed_and_nothing_else(key):
    boss = UserFactory(admin=True)
    boss.change(by=key, first_name="Grace", last_name="Hopper")
    for values in (
        {"username": "grace"},
        {"password_hash": "x"},
        {"first_name": "", "locale": "en"},
    ):
        with pytest.raises(PermissionDenied):
            boss.change(by=key, **values)
    assert User.objects.get().name == "Grace Hopper"


def test_what_is_somebody_elses_is_refused_by_name(ada, key):
    UserFactory(username="taken", external_id="e-1")
    with pytest.raises(IdentifierTaken) as refused:
        ada.change(by=key, username="taken", external_id="e-1", first_name="Ada")
    assert refused.value.fields == ["username", "external_id"]
    assert User.objects.get(pk=ada.pk).first_name == ""


def test_another_of_their_addresses_becomes_the_first(ada, key):
    other = EmailIdentity.objects.get(address__email="countess@example.com")
    ada.change(by=key, primary_email_address_id=other.id)
    assert ada.email_address == ada.email_key == "countess@example.com"
    rows = ada.emailaddress_set.order_by("email").values_list("email", "primary")
    assert list(rows) == [("ada@example.com", False), ("countess@example.com", True)]


def test_nobody_elses_address_becomes_theirs(ada, key):
    eve = UserFactory(email_address="eve@example.com")
    theirs = eve.emailaddress_set.get().identity.id
    for identity_id in (theirs, "idn_unknown", ""):
        with pytest.raises(NotTheirAddress):
            ada.change(by=key, primary_email_address_id=identity_id)
    assert User.objects.get(pk=ada.pk).email_address == "ada@example.com"


def test_a_new_password_ends_every_session(member, key):
    member.get("/account")
    member.user.change(by=key, password_hash="!unusable")
    assert member.get("/account").status_code == 302
    assert member.user.password_changed_at
    assert not member.user.browsers.exists()


def test_metadata_merges_or_is_replaced(ada, key):
    ada.replace_metadata(by=key, public_metadata={"a": {"b": 1, "c": 2}}, private_metadata={"p": 1})
    ada.merge_metadata(by=key, public_metadata={"a": {"b": None, "e": True}})
    assert ada.public_metadata == {"a": {"c": 2, "e": True}}
    assert ada.private_metadata == {"p": 1}
    event = Event.objects.filter(subject=ada.pk, kind="metadata_changed").last()
    assert event.detail == {"fields": ["public_metadata"]}


def test_what_would_be_too_much_changes_nothing(ada, key):
    ada.replace_metadata(by=key, unsafe_metadata={"a": "x" * 5000})
    with pytest.raises(InvalidMetadata) as refused:
        ada.merge_metadata(by=key, public_metadata={"a": 1}, unsafe_metadata={"b": "x" * 5000})
    assert refused.value.field == "unsafe_metadata"
    assert User.objects.get().public_metadata == {}


def test_metadata_of_an_admin_may_be_changed_and_gives_nobody_a_right(ada, key, member):
    boss = UserFactory(admin=True)
    boss.merge_metadata(by=key, public_metadata={"plan": "gold"})
    ada.replace_metadata(by=key, public_metadata={"is_superuser": True, "role": "admin"})
    assert not any(ada.may(right) for right in ("admin", "manage_users", "invite"))
    with pytest.raises(PermissionDenied):
        ada.merge_metadata(by=member.user, public_metadata={})


def test_an_erased_user_frees_the_addresses_and_leaves_the_invitation(ada, key):
    invitation = InvitationFactory(
        email_address="ada@example.com", accepted=True, accepted_user=ada
    )
    users = counters.total("users")
    ada.erase(by=key)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.accepted_user) == ("accepted", None)
    assert counters.total("users") == users - 1
    assert Event.objects.get(kind="erased").subject == ada.pk
    assert not EmailIdentity.objects.exists()
    UserFactory(email_address="countess@example.com")


def test_an_erased_users_sessions_are_gone(member, key):
    member.get("/account")
    member.user.erase(by=key)
    assert member.get("/account").status_code == 302
