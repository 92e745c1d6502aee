"""Ban and unban one user or several."""

import pytest

from accounts.models import User
from invitations.models import Event
from tests.accounts.visiting import sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOBODY = "user_" + "0" * 27


@pytest.fixture
def ada():
    return UserFactory(email_address="ada@example.com")


def banned():
    return set(User.objects.exclude(banned_at=None).values_list("email_address", flat=True))


def test_a_ban_shuts_out_at_once_until_the_unban(api, ada, client):
    sign_in(client)
    answer = api.post(f"/v1/users/{ada.pk}/ban")
    assert (answer.status_code, answer.json()["banned"]) == (200, True)
    assert client.get("/account").status_code == 302
    sign_in(client)
    assert client.get("/account").status_code == 302
    assert api.post(f"/v1/users/{ada.pk}/unban").json()["banned"] is False
    sign_in(client)
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("body", [b"", {}, None])
def test_both_may_be_repeated_and_need_no_body(api, ada, body):
    for action in ("ban", "ban", "unban", "unban"):
        assert api.post(f"/v1/users/{ada.pk}/{action}", body).status_code == 200
    kinds = Event.objects.filter(subject=ada.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["user_created", "banned", "unbanned"]


def test_many_are_banned_in_one_call_and_answered_in_order(api):
    ids = [UserFactory().pk for _number in range(3)]
    asked = [ids[2], ids[0], ids[2]]
    answer = api.post("/v1/users/ban", {"user_ids": asked})
    assert [(user["id"], user["banned"]) for user in answer.json()] == [
        (ids[2], True),
        (ids[0], True),
    ]
    assert User.objects.exclude(banned_at=None).count() == 2
    back = api.post("/v1/users/unban", {"user_ids": ids}).json()
    assert [user["banned"] for user in back] == [False] * 3


@pytest.mark.parametrize("unknown", [NOBODY, "x", "", "\ud83d\ude00"])
def test_one_unknown_id_and_nobody_is_banned(api, ada, faults, unknown):
    answer = api.post("/v1/users/ban", {"user_ids": [ada.pk, unknown]})
    assert faults(answer) == (404, [("resource_not_found", None)])
    assert banned() == set()


def test_one_operator_among_them_and_nobody_is_banned(api, ada, operator, faults):
    for ids in ([ada.pk, operator.user.pk], [operator.user.pk, ada.pk]):
        answer = api.post("/v1/users/ban", {"user_ids": ids})
        assert faults(answer) == (403, [("authorization_invalid", None)])
    assert banned() == set()


def test_fifty_in_a_call(api, faults):
    ids = [UserFactory().pk for _number in range(50)]
    assert len(api.post("/v1/users/ban", {"user_ids": ids}).json()) == 50
    answer = api.post("/v1/users/ban", {"user_ids": [*ids, NOBODY]})
    assert faults(answer) == (400, [("bulk_size_exceeded", None)])


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({}, ("form_param_missing", "user_ids")),
        ({"user_ids": []}, ("form_param_nil", "user_ids")),
        ({"user_ids": None}, ("form_param_nil", "user_ids")),
        ({"user_ids": "user_x"}, ("form_param_value_invalid", "user_ids")),
        ({"user_ids": [1]}, ("form_param_value_invalid", "user_ids")),
        ({"user_ids": ["\0"]}, ("form_param_value_invalid", "user_ids")),
        ({"user_ids": ["x"], "reason": "x"}, ("form_param_unknown", "reason")),
    ],
)
def test_other_bodies_are_refused(api, faults, body, wanted):
    assert faults(api.post("/v1/users/ban", body)) == (422, [wanted])


@pytest.mark.parametrize("action", ["ban", "unban", "lock", "unlock"])
def test_operators_and_admins_are_out_of_a_keys_reach(api, admin, operator, faults, action):
    for user in (admin.user, operator.user):
        for _again in range(3):
            answer = api.post(f"/v1/users/{user.pk}/{action}")
            assert faults(answer) == (403, [("authorization_invalid", None)])


@pytest.mark.parametrize("action", ["ban", "unban", "lock", "unlock"])
def test_an_unknown_user_is_not_found(api, faults, action):
    answer = api.post(f"/v1/users/{NOBODY}/{action}")
    assert faults(answer) == (404, [("resource_not_found", None)])


def test_ban_is_a_verb_and_no_user(api):
    assert api.get("/v1/users/ban").status_code == 405
