"""Bad values in PATCH, resend, link, revoke and DELETE of one invitation."""

import pytest

from invitations.models import Invitation
from tests.api import hostile
from tests.api.test_hostile_create import FIELDS
from tests.factories import InvitationFactory

CHANGED = ["public_metadata", "redirect_url", "expires_in_days"]
IDS = [
    *["inv_", "inv_x", "INV_" + "x" * 27, "inv_" + "x" * 26, "inv_" + "x" * 28, "inv_" + "é" * 27],
    *["user_" + "x" * 27, "<invitation_id>", "[object%20Object]", "%00", "inv_" + "x" * 27 + "%00"],
    *["inv_" + "x" * 5000, "undefined", "null", "..%2finvitations", "' or 1=1 --", "*", "%ff"],
]


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = dict.fromkeys(["requests", "resend", "resend_day"], 1_000_000)


@pytest.fixture
def path():
    return f"/v1/invitations/{InvitationFactory(email_address='ada@example.com').pk}"


@pytest.fixture
def kept():
    """Return the invitation's fields that no refused request may change."""
    return lambda: Invitation.objects.values_list(
        "email_address", "public_metadata", "redirect_url"
    )


def patch(api, path):
    return lambda text: api.patch(path, text)


@pytest.mark.parametrize("field", CHANGED)
def test_no_change_takes_what_it_must_not(api, path, kept, field):
    before = list(kept())
    hostile.refuses(
        patch(api, path), lambda: {"expires_in_days": 30}, field=field, table=FIELDS[field]
    )
    assert list(kept()) == before


def test_no_change_takes_what_is_no_json(api, path):
    valid = lambda: {"expires_in_days": 30}  # noqa: E731 as the tables want it
    hostile.refuses_what_is_no_json(patch(api, path), valid, field="public_metadata")


def test_no_resend_takes_what_it_must_not(api, path):
    def send(text):
        return api.post(f"{path}/resend", text)

    hostile.refuses(send, dict, field="expires_in_days", table=hostile.BAD_DAYS)


def test_what_is_changed_can_be_read_back(api, path):
    for metadata in hostile.GOOD_METADATA:
        assert api.patch(path, {"public_metadata": metadata}).json()["public_metadata"] == metadata
        assert api.get("/v1/invitations").json()[0]["public_metadata"] == metadata


def test_no_other_field_of_the_model_can_be_changed(api, path):
    before = Invitation.objects.values().get()
    for name in {field.name for field in Invitation._meta.get_fields()} - set(CHANGED):
        expected = (422, hostile.UNKNOWN, {"param_name": name})
        assert hostile.found(api.patch(path, {name: "hostile"})) == expected
    assert Invitation.objects.values().get() == before


@pytest.mark.parametrize("verb", ["revoke", "resend", "link", ""])
def test_what_takes_no_parameters_takes_none(api, path, verb):
    if verb:
        answer = api.post(
            f"{path}/{verb}", {"status": "accepted", "email_address": "eve@example.com"}
        )
    else:
        answer = api.generic("DELETE", path, '{"force": true}', content_type="application/json")
    assert answer.status_code == 422
    assert Invitation.objects.get().status == "pending"


def test_an_id_that_is_none_is_404(api, path):
    for text in IDS:
        wrong = f"/v1/invitations/{text}"
        calls = [api.get(wrong), api.patch(wrong, {"expires_in_days": 3}), api.delete(wrong)]
        calls += [api.post(f"{wrong}/{verb}") for verb in ("revoke", "resend", "link")]
        assert {each.status_code for each in calls} == {404}, text
    assert api.get(path).json()["status"] == "pending"


@pytest.mark.parametrize("state", ["revoked", "accepted"])
def test_what_is_refused_once_is_refused_the_second_and_third_time(api, state):
    """A refusal changes nothing, so the next attempt gets the same error."""
    invitation = InvitationFactory(**{state: True})
    path, before = f"/v1/invitations/{invitation.pk}", Invitation.objects.values().get()
    for _ in range(3):
        answers = [api.patch(path, {"expires_in_days": 3})]
        answers += [api.post(f"{path}/{verb}") for verb in ("revoke", "resend", "link")]
        assert {hostile.found(each)[:2] for each in answers} == {
            (400, f"invitation_already_{state}")
        }
    assert Invitation.objects.values().get() == before


def test_an_expired_one_is_changed_by_a_resend_alone(api):
    path = f"/v1/invitations/{InvitationFactory(expired=True).pk}"
    for _ in range(3):
        for answer in [api.patch(path, {"expires_in_days": 3}), api.post(f"{path}/link")]:
            assert hostile.found(answer)[:2] == (400, "invitation_expired")
    assert api.post(f"{path}/resend").json()["status"] == "pending"
    assert api.patch(path, {"expires_in_days": 3}).status_code == 200


@pytest.mark.parametrize(
    "query", ["starting_after=x", "starting_after=inv_%00", "starting_after=inv_' or 1=1"]
)
def test_a_cursor_is_an_invitation(api, path, query):
    answer = api.get(f"/v1/invitations?{query}")
    assert hostile.found(answer) == (422, hostile.VALUE, {"param_name": "starting_after"})
    assert api.get("/v1/invitations").status_code == 200
