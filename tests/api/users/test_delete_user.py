"""`DELETE /v1/users/{id}`."""

import pytest

from accounts.models import EmailIdentity, User
from config import counters
from invitations.models import Event
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_deleted_user_is_gone_and_the_addresses_are_free(api, client):
    ada = UserFactory(email_address="ada@example.com", further_addresses=["ada@second.example"])
    users = counters.total("users")
    answer = api.delete(f"/v1/users/{ada.pk}")
    assert answer.json() == {"object": "user", "id": ada.pk, "deleted": True}
    assert api.get(f"/v1/users/{ada.pk}").status_code == 404
    assert counters.total("users") == users - 1
    assert not EmailIdentity.objects.exists()
    again = {"email_address": ["ada@second.example"], "skip_password_requirement": True}
    assert api.post("/v1/users", again).status_code == 200


def test_the_event_keeps_the_id(api):
    ada = UserFactory()
    api.delete(f"/v1/users/{ada.pk}")
    event = Event.objects.get(kind="erased")
    assert (event.subject, event.actor_id) == (ada.pk, api.key.id)


def test_invitations_stay_and_name_nobody(api):
    ada = UserFactory()
    invitation = InvitationFactory(accepted=True, accepted_user=ada)
    api.delete(f"/v1/users/{ada.pk}")
    told = api.get(f"/v1/invitations/{invitation.pk}").json()
    assert (told["status"], told["accepted_user_id"]) == ("accepted", None)


def test_sessions_end(api, member):
    member.get("/account")
    api.delete(f"/v1/users/{member.user.pk}")
    assert member.get("/account").status_code == 302


def test_a_second_time_there_is_nobody(api, faults):
    ada = UserFactory()
    api.delete(f"/v1/users/{ada.pk}")
    assert faults(api.delete(f"/v1/users/{ada.pk}")) == (404, [("resource_not_found", None)])


def test_operators_and_admins_are_out_of_a_keys_reach(api, admin, operator, faults):
    for user in (admin.user, operator.user):
        for _again in range(3):
            answer = api.delete(f"/v1/users/{user.pk}")
            assert faults(answer) == (403, [("authorization_invalid", None)])
    assert User.objects.count() == 2
