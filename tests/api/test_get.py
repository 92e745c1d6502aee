"""GET /v1/invitations/{id}."""

import pytest

from tests.factories import InvitationFactory, UserFactory

UNKNOWN = "/v1/invitations/inv_000000000000000000000000000"


@pytest.mark.parametrize("trait", ["pending", "expired", "accepted", "revoked"])
def test_an_invitation_is_read_in_any_status(api, trait):
    invitation = InvitationFactory(**({} if trait == "pending" else {trait: True}))
    answer = api.get(f"/v1/invitations/{invitation.pk}").json()
    assert (answer["id"], answer["status"]) == (invitation.pk, trait)


def test_it_is_what_create_answered_but_for_the_link(api):
    made = api.create(public_metadata={"a": None}, expires_in_days=7).json()
    del made["url"], made["url_channel"]
    assert api.get(f"/v1/invitations/{made['id']}").json() == made


def test_who_accepted_is_told_until_that_user_is_gone(api):
    user = UserFactory()
    path = f"/v1/invitations/{InvitationFactory(accepted=True, accepted_user=user).pk}"
    assert api.get(path).json()["accepted_user_id"] == user.pk
    user.delete()
    answer = api.get(path).json()
    assert (answer["status"], answer["accepted_user_id"]) == ("accepted", None)


def test_head_is_get_without_the_body(api):
    path = f"/v1/invitations/{api.create().json()['id']}"
    answer = api.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Type"] == "application/json"
    assert api.head("/v1/invitations?limit=1").status_code == 200
    assert api.head(UNKNOWN).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "invitation_id",
    ["inv_000000000000000000000000000", "1", "inv_%00", "%FF", "[object%20Object]", "x" * 5000],
)
def test_an_unknown_or_malformed_id_is_404(api, faults, method, invitation_id):
    answer = api.generic(method, f"/v1/invitations/{invitation_id}")
    assert faults(answer) == (404, [("resource_not_found", None)])


def test_an_unknown_id_is_told_before_a_wrong_parameter(api, faults):
    wrong = {"nonsense": 1}
    for answer in (
        api.patch(UNKNOWN, wrong),
        *(api.post(f"{UNKNOWN}/{verb}", wrong) for verb in ("revoke", "resend", "link")),
    ):
        assert faults(answer) == (404, [("resource_not_found", None)])


def test_other_methods_are_told_which_there_are(api):
    answer = api.put(f"/v1/invitations/{InvitationFactory().pk}")
    assert (answer.status_code, answer["Allow"]) == (405, "DELETE, GET, HEAD, PATCH")
