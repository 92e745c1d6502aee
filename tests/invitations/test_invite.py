import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.addresses import normalise_email
from accounts.models import Application
from invitations.models import Event, Invitation, Message
from tests.factories import InvitationFactory, UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def errors(response, field):
    return " ".join(response.context["form"].errors.get(field, []))


def day(days):
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_an_operator_invites_an_address(operator):
    answer = operator.post("/invitations/new", {"email_address": " Ada@Example.COM "}, follow=True)
    assert "Invitation to ada@example.com is on its way" in text(answer)
    invitation = Invitation.objects.get()
    assert (invitation.email_address, invitation.status) == ("ada@example.com", "pending")
    assert invitation.inviter_id == operator.user.id
    assert invitation.expires_at - invitation.created_at == timedelta(days=30)
    assert Message.objects.get().invitation == invitation
    assert Event.objects.filter(subject=invitation.id, kind="created").count() == 1


def test_htmx_gets_the_new_row_and_the_news(operator):
    answer = operator.htmx("post", "/invitations/new", {"email_address": "ada@example.com"})
    assert text(answer).startswith(f'<tr id="{Invitation.objects.get().id}">')
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#invitation-rows", "afterbegin")
    told = json.loads(answer["HX-Trigger"])
    assert told["toast"] == {
        "text": "Invitation to ada@example.com is on its way",
        "tone": "success",
    }
    assert "dialog:close" in told


def test_the_dialog_is_a_page_of_its_own(operator):
    assert "<html" in text(operator.get("/invitations/new"))
    dialog = operator.htmx("get", "/invitations/new")
    assert text(dialog).startswith("<dialog")


def test_browsers_keep_the_page_and_the_dialog_apart(operator):
    for answer in (operator.get("/invitations/new"), operator.htmx("get", "/invitations/new")):
        assert "HX-Request" in answer["Vary"]


def test_the_dialog_changes_the_list_only_where_there_is_one(operator):
    over_list = {"HX-Request": "true", "HX-Current-URL": "http://testserver/invitations?q=a"}
    elsewhere = {"HX-Request": "true", "HX-Current-URL": "http://testserver/users"}
    assert "hx-post" in text(operator.get("/invitations/new", headers=over_list))
    assert "hx-post" not in text(operator.get("/invitations/new", headers=elsewhere))


def test_more_can_be_said(admin):
    admin.post(
        "/invitations/new",
        {
            "email_address": "ada@example.com",
            "expires_on": day(365),
            "redirect_url": "http://localhost:3000",
            "public_metadata": '{"role": "editor"}',
        },
    )
    invitation = Invitation.objects.get()
    assert invitation.public_metadata == {"role": "editor"}
    assert invitation.redirect_url == "http://localhost:3000"
    assert invitation.expires_at - invitation.created_at == timedelta(days=365)


@pytest.mark.parametrize(
    ("field", "said", "advice"),
    [
        ("email_address", "", "Give an e-mail address"),
        ("email_address", "ada", "exactly one e-mail address"),
        ("email_address", "ada@example.com\x00", ""),
        ("expires_on", day(0), "after today"),
        ("expires_on", "2001-01-01", "after today"),
        ("expires_on", day(366), "within a year"),
        ("expires_on", "soon", "date like"),
        ("redirect_url", "http://example.com", "https"),
        ("redirect_url", " https://example.com", ""),
        ("redirect_url", "https://example.com/\t", ""),
        ("redirect_url", " ", ""),
        ("redirect_url", "javascript:alert(1)", "https"),
        ("public_metadata", "null", "JSON object"),
        ("public_metadata", "[]", "JSON object"),
        ("public_metadata", "5", "JSON object"),
        ("public_metadata", "{", "well-formed"),
        ("public_metadata", '{"a": 1, "a": 2}', "once"),
        ("public_metadata", '{"a": NaN}', "NaN"),
        ("public_metadata", json.dumps({"a": "x" * 9000}), "8 KiB"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(operator, field, said, advice):
    answer = operator.post("/invitations/new", {"email_address": "ada@example.com", field: said})
    assert answer.status_code == 200
    assert errors(answer, field)
    assert advice in errors(answer, field)
    assert not Invitation.objects.exists()


def test_redirects_stay_within_the_listed_origins(operator):
    Application.objects.current()
    Application.objects.update(redirect_origins=["https://app.example.com"])
    said = {"email_address": "ada@example.com", "redirect_url": "https://evil.example.com"}
    assert errors(operator.post("/invitations/new", said), "redirect_url")


def test_an_open_list_of_origins_is_warned_of(admin):
    assert "Every https address is accepted" in text(admin.get("/invitations/new"))
    Application.objects.update(redirect_origins=["https://app.example.com"])
    assert "Every https address is accepted" not in text(admin.get("/invitations/new"))


def test_a_second_open_invitation_is_refused_with_advice(operator):
    InvitationFactory(email_address="ada@example.com")
    answer = operator.htmx("post", "/invitations/new", {"email_address": "ada@example.com"})
    assert "Revoke that one first" in errors(answer, "email_address")
    assert text(answer).startswith("<dialog")


def test_somebody_with_an_account_is_not_invited(operator):
    UserFactory(email_address="ada@example.com")
    answer = operator.post("/invitations/new", {"email_address": "ada@example.com"})
    assert "They already have an account" in errors(answer, "email_address")


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_an_address_can_be_invited_again(operator, trait):
    InvitationFactory(email_address="ada@example.com", **{trait: True})
    page = operator.get("/invitations/new?email_address=ada%40example.com")
    assert 'value="ada@example.com"' in text(page)
    operator.post("/invitations/new", {"email_address": "ada@example.com"})
    assert Invitation.objects.pending().count() == 1


@pytest.mark.parametrize(
    ("zone", "days"), [("Pacific/Kiritimati", 1), ("", 2), ("Mars/Base", 2), ("../etc", 2)]
)
def test_the_operators_calendar_counts_the_days(operator, monkeypatch, zone, days):
    moment = datetime(2030, 5, 1, 12, tzinfo=UTC)  # on Kiritimati it is already the second
    monkeypatch.setattr("config.database.now", lambda: moment)
    operator.cookies["tz"] = zone
    operator.post(
        "/invitations/new", {"email_address": "ada@example.com", "expires_on": "2030-05-03"}
    )
    invitation = Invitation.objects.get()
    assert invitation.expires_at - invitation.created_at == timedelta(days=days)


def test_who_may_not_invite_is_refused_however_often(operator):
    operator.user.user_permissions.clear()
    for _ in range(3):
        assert (
            operator.post("/invitations/new", {"email_address": "a@example.com"}).status_code == 403
        )
    with pytest.raises(PermissionDenied):
        Invitation.objects.create_pending(
            address=normalise_email("a@example.com"), by=operator.user
        )
    assert not Invitation.objects.exists()


def test_unknown_fields_change_nothing(operator):
    operator.post(
        "/invitations/new",
        {"email_address": "a@example.com", "inviter_name": "Eve", "accepted_at": "2020-01-01"},
    )
    invitation = Invitation.objects.get()
    assert (invitation.inviter_name, invitation.accepted_at) == ("", None)


def test_strangers_and_members_are_kept_out(stranger, member):
    assert stranger.post("/invitations/new", {"email_address": "a@example.com"}).status_code == 302
    assert member.post("/invitations/new", {"email_address": "a@example.com"}).status_code == 404
    assert not Invitation.objects.exists()
