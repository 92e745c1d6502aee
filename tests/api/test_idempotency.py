"""A POST that is repeated with the same Idempotency-Key."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from accounts.models import KeptAnswer
from config.database import now
from invitations.models import Event, Invitation, Message
from tests.factories import SecretKeyFactory
from tests.test_secrets import dump, spellings

PATH = "/v1/invitations"
SAID = {"email_address": "ada@example.com"}
KEY = "order-4711"


@pytest.fixture
def send(api):
    def send(body=SAID, *, key=KEY, path=PATH, **kwargs):
        return api.post(path, body, headers={"Idempotency-Key": key}, **kwargs)

    return send


def test_the_first_answer_comes_again_and_nothing_is_done(send):
    first, second = send(), send()

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert second["Content-Type"] == "application/json"
    assert Invitation.objects.count() == Message.objects.count() == 1
    assert Event.objects.count() == 2  # the key was issued, the invitation created


def test_every_answer_has_its_own_trace_id(send):
    assert send()["X-Trace-Id"] != send()["X-Trace-Id"]


def test_without_the_header_a_repeat_is_a_second_request(api):
    assert api.create().status_code == 200
    assert api.create().status_code == 400


def test_the_same_json_in_other_words_is_the_same_body(send):
    first = send({**SAID, "notify": False, "public_metadata": {"a": 1, "b": 2}})
    other = (
        '{"public_metadata": {"b":2,"a":1},\n "notify":false, "email_address":"ada@example.com"}'
    )
    assert send(other).content == first.content


@pytest.mark.parametrize("body", [{**SAID, "notify": False}, {"email_address": "b@b.example"}, b""])
def test_another_body_is_refused(send, faults, body):
    send()
    assert faults(send(body)) == (422, [("idempotency_key_reused", None)])
    assert Invitation.objects.count() == 1


def test_another_query_is_refused(send, faults):
    send()
    assert faults(send(path=f"{PATH}?x=1")) == (422, [("idempotency_key_reused", None)])


def test_a_repeat_is_read_like_any_request(send, faults):
    send()
    assert faults(send("{"))[0] == 400
    assert faults(send("x" * 262_145))[0] == 413
    assert faults(send(content_type="text/plain"))[0] == 415
    assert send()["Idempotency-Replayed"] == "true"


def test_the_path_is_part_of_the_scope(send):
    invitation = send().json()["id"]
    answer = send(b"", path=f"{PATH}/{invitation}/revoke")
    assert answer.json()["status"] == "revoked"


def test_a_repeat_finds_its_answer_where_the_state_has_moved_on(send, api):
    invitation = send().json()["id"]
    path = f"{PATH}/{invitation}/revoke"
    first = send(b"", path=path)

    assert api.post(path).status_code == 400
    assert send(b"", path=path).content == first.content
    Invitation.objects.all().delete()
    assert api.post(path).status_code == 404
    assert send(b"", path=path).content == first.content


def test_the_secret_key_is_part_of_the_scope(send, api, faults):
    send()
    api.defaults["HTTP_AUTHORIZATION"] = f"Bearer {SecretKeyFactory().raw}"
    assert faults(send())[1] == [("duplicate_record", None)]


def test_a_revoked_key_gets_no_kept_answer(send, api):
    send()
    api.key.revoke(by=None)
    assert send().status_code == 401


@pytest.mark.parametrize("value", ["", " ", "a b", "x" * 256, "ä", "tab\tbed", "\x7f"])
def test_a_value_is_1_to_255_visible_ascii_characters(send, faults, value):
    assert faults(send(key=value)) == (422, [("form_param_value_invalid", "Idempotency-Key")])
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("value", ["!", "~", "x" * 255, "{}/\\\"'", "8e03978e-40d5-43e8-bc93"])
def test_good_values(send, value):
    assert send(key=value).content == send(key=value).content


def test_a_get_is_answered_whatever_the_header_says(api):
    assert api.get(PATH, headers={"Idempotency-Key": "ä b"}).status_code == 200
    assert not KeptAnswer.objects.exists()


def test_a_refusal_leaves_the_value_free(send, faults):
    assert faults(send({}))[0] == 422
    assert faults(send("{"))[0] == 400
    assert not KeptAnswer.objects.exists()
    assert send().status_code == 200


def test_a_refusal_by_state_leaves_the_value_free(send, api, faults):
    invitation = api.create().json()["id"]
    assert faults(send()) == (400, [("duplicate_record", None)])
    api.post(f"{PATH}/{invitation}/revoke")
    assert send().status_code == 200


def test_after_a_day_the_value_is_free(send, api):
    first = send().json()
    api.post(f"{PATH}/{first['id']}/revoke")
    KeptAnswer.objects.update(created_at=now() - timedelta(hours=24))

    second = send()
    assert second.json()["id"] != first["id"]
    assert "Idempotency-Replayed" not in second
    assert send().content == second.content
    assert KeptAnswer.objects.count() == 1


def test_old_answers_are_forgotten(send):
    send(), send({"email_address": "eve@example.com"}, key="other")
    old = KeptAnswer.objects.order_by("digest").first()
    KeptAnswer.objects.filter(pk=old.pk).update(created_at=now() - timedelta(hours=24))
    KeptAnswer.objects.forget_past()
    assert KeptAnswer.objects.exclude(pk=old.pk).count() == KeptAnswer.objects.count() == 1


@pytest.mark.usefixtures("still_windows")
def test_a_replay_counts_for_no_limit(send, settings):
    settings.LIMITS = {"requests": 3, "create": 2}
    first = send()
    for _ in range(5):
        assert send().content == first.content
    assert send({}).status_code == 422  # not a replay, so it counts
    assert send({}).status_code == 429


def test_the_database_alone_yields_neither_ticket_nor_key_nor_value(send, api):
    answer = send({**SAID, "public_metadata": {"plan": "for your eyes only"}})
    secrets = [answer.json()["url"].partition("ticket=")[2], api.key.raw, KEY]

    assert KeptAnswer.objects.count() == 1
    text = dump()
    assert [each for secret in secrets for each in spellings(secret) if each in text] == []
    assert "eyes only" not in str(KeptAnswer.objects.values())


def test_equal_answers_are_sealed_differently_and_equal_requests_look_different(send):
    send({**SAID, "ignore_existing": True}), send({**SAID, "ignore_existing": True}, key="other")
    rows = KeptAnswer.objects.values_list("digest", "request_digest", "sealed_answer")
    assert all(first != second for first, second in zip(*rows, strict=True))


@pytest.mark.django_db(transaction=True)
def test_a_change_and_its_answer_are_one_transaction(send):
    def torn(execute, sql, *call):
        if sql.startswith('INSERT INTO "kept_answer"'):
            raise OperationalError("the disk is gone")
        return execute(sql, *call)

    with connection.execute_wrapper(torn):
        assert send().status_code == 503
    assert not Invitation.objects.exists()
    assert send().status_code == 200
