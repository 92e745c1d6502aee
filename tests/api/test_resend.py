"""POST /v1/invitations/{id}/resend."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory

DAY = 86_400_000


@pytest.fixture(autouse=True)
def patient(settings):
    settings.LIMITS = {**settings.LIMITS, "resend": 100}


def resend(api, invitation_id, body=b""):
    return api.post(f"/v1/invitations/{invitation_id}/resend", body)


def test_the_same_invitation_is_mailed_again_with_a_new_link(api):
    made = api.create().json()
    answer = resend(api, made["id"]).json()

    assert (answer["id"], answer["status"]) == (made["id"], "pending")
    assert (answer["expires_at"], answer["created_at"]) == (made["expires_at"], made["created_at"])
    assert answer["url"] != made["url"]
    assert Ticket.objects.find(answer["url"].partition("ticket=")[2]).channel == "api"
    assert answer["url_channel"] == "api"
    assert answer["last_event"] == {"type": "resent", "at": answer["updated_at"]}
    assert answer["delivery_status"] == "queued"
    assert Message.objects.filter(invitation=made["id"]).count() == 2


def test_mail_leaves_whatever_notify_was(api):
    made = api.create(notify=False).json()
    answer = resend(api, made["id"]).json()
    assert (answer["notify"], answer["delivery_status"]) == (False, "queued")
    assert Message.objects.count() == 1


def test_an_expired_one_lives_for_thirty_days_more(api):
    answer = resend(api, InvitationFactory(expired=True).pk).json()
    assert answer["status"] == "pending"
    assert answer["expires_at"] - answer["updated_at"] == 30 * DAY


@pytest.mark.parametrize("expired", [False, True])
def test_days_given_count_from_now(api, expired):
    answer = resend(api, InvitationFactory(expired=expired).pk, {"expires_in_days": 2}).json()
    assert answer["expires_at"] - answer["updated_at"] == 2 * DAY


@pytest.mark.parametrize("body", [b"", {}, {"expires_in_days": None}])
def test_no_days_keep_the_time_of_a_pending_one(api, body):
    made = api.create(expires_in_days=7).json()
    assert resend(api, made["id"], body).json()["expires_at"] == made["expires_at"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"expires_in_days": 0}, ("form_param_value_invalid", "expires_in_days")),
        ({"expires_in_days": 366}, ("form_param_value_invalid", "expires_in_days")),
        ({"expires_in_days": "7"}, ("form_param_value_invalid", "expires_in_days")),
        ({"notify": True}, ("form_param_unknown", "notify")),
    ],
)
def test_wrong_parameters_send_nothing(api, faults, body, fault):
    made = api.create().json()
    assert faults(resend(api, made["id"], body)) == (422, [fault])
    assert Message.objects.count() == 1


def test_once_a_minute(api, settings):
    settings.LIMITS = {}
    made = api.create().json()
    answers = [
        resend(api, made["id"]) for _ in range(3)
    ]  # three calls are in at most two one-minute windows
    assert answers[0].status_code == 200
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["errors"][0]["code"] == "too_many_requests"
    assert 1 <= int(refused["Retry-After"]) <= 60
    sent = sum(answer.status_code == 200 for answer in answers)
    assert Event.objects.filter(kind="resent").count() == Message.objects.count() - 1 == sent


def test_five_times_a_day_and_not_counting_the_first_mail(api):
    made = api.create().json()
    answers = [resend(api, made["id"]).status_code for _ in range(7)]
    assert answers[:5] == [200] * 5
    assert 429 in answers[5:]
    assert Message.objects.count() == 1 + answers.count(200)


def test_each_invitation_has_an_allowance_of_its_own(api, settings):
    settings.LIMITS = {}
    for name in ("ada", "mia"):
        made = api.create(f"{name}@example.com").json()
        assert resend(api, made["id"]).status_code == 200


@pytest.mark.parametrize("trait", ["accepted", "revoked"])
def test_what_is_over_is_refused_and_uses_no_allowance(api, faults, settings, trait):
    settings.LIMITS = {}
    invitation = InvitationFactory(**{trait: True})
    for _ in range(4):
        answer = resend(api, invitation.pk)
        assert faults(answer) == (400, [(f"invitation_already_{trait}", None)])
    assert not Message.objects.exists()


def test_an_expired_one_may_come_back_beside_a_live_one(api):
    old = InvitationFactory(email_address="ada@example.com", expired=True)
    new = api.create("ada@example.com").json()
    assert resend(api, old.pk).json()["status"] == "pending"
    live = dict(Invitation.objects.pending().values_list("pk", "exclusive"))
    assert live == {old.pk: False, new["id"]: True}


def test_nothing_that_can_fail_runs_after_the_commit(api):
    made = api.create().json()
    with CaptureQueriesContext(connection) as queries:
        resend(api, made["id"])
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")
